using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

public class FunctionsApplicationBuilder
{
    internal FunctionsApplicationBuilder() { }

    public ConfigurationManager Configuration => throw new NotSupportedException(TwinOnly.Reason);

    public IServiceCollection Services => throw new NotSupportedException(TwinOnly.Reason);

    public IHost Build() => throw new NotSupportedException(TwinOnly.Reason);
}
