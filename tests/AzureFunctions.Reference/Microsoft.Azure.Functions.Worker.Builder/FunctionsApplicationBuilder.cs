using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

public class FunctionsApplicationBuilder
{
    internal FunctionsApplicationBuilder() { }

    public ConfigurationManager Configuration => throw new NotSupportedException(TwinOnly.Reason);

    public IServiceCollection Services => throw new NotSupportedException(TwinOnly.Reason);

    public ILoggingBuilder Logging => throw new NotSupportedException(TwinOnly.Reason);

    public IHost Build() => throw new NotSupportedException(TwinOnly.Reason);
}
