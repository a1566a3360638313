using System.CommandLine;
using System.CommandLine.Parsing;
using DynamicSurplus.Api.Access;

namespace DynamicSurplus.Local.Commands;

/// <summary>The options that switch an identity provider's tokens on beside the API keys.</summary>
internal sealed class EntraArguments
{
    private readonly Option<string?> _authority = new("--entra-authority")
    {
        Description = "Accept access tokens of this directory too, such as https://login.microsoftonline.com/ID/v2.0.",
    };

    private readonly Option<string?> _audience = new("--entra-audience")
    {
        Description = "The API's application (client) id, which the tokens are for.",
    };

    private readonly Option<string?> _tenantClaim = new("--entra-tenant-claim")
    {
        Description = $"The claim that names a customer's tenant. Default: {EntraOptions.DirectoryClaim}.",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_authority);
        command.Options.Add(_audience);
        command.Options.Add(_tenantClaim);
        command.Validators.Add(Validate);
    }

    /// <summary>Null where none of them is given.</summary>
    public EntraOptions? Read(ParseResult arguments) =>
        Read(arguments.GetValue(_authority), arguments.GetValue(_audience), arguments.GetValue(_tenantClaim));

    private static EntraOptions? Read(string? authority, string? audience, string? tenantClaim) =>
        (authority, audience, tenantClaim) is (null, null, null)
            ? null
            : new()
            {
                Authority = authority ?? "",
                Audience = audience ?? "",
                TenantClaim = tenantClaim ?? EntraOptions.DirectoryClaim,
            };

    private void Validate(CommandResult result)
    {
        var options = Read(result.GetValue(_authority), result.GetValue(_audience), result.GetValue(_tenantClaim));
        foreach (var error in options?.Errors() ?? [])
        {
            result.AddError(
                error.Field switch
                {
                    nameof(EntraOptions.Authority) => $"{_authority.Name} {error.Problem}: {error.Fix}.",
                    nameof(EntraOptions.Audience) => $"{_audience.Name} {error.Problem}: {error.Fix}.",
                    nameof(EntraOptions.TenantClaim) => $"{_tenantClaim.Name} {error.Problem}: {error.Fix}.",
                    _ => $"{_authority.Name} is of many directories: give the authority of one.",
                }
            );
        }
    }
}
