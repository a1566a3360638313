using DynamicSurplus.Functions;
using DynamicSurplus.Functions.Settings;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSurplusApp(SurplusSettings.Read(builder.Configuration));
using var app = builder.Build();
await app.Services.PrepareStorageAsync();
await app.RunAsync();
