using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using DynamicSurplus.Api.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>An identity provider on a loopback port, with keys of the test's own.</summary>
internal sealed class TokenProvider : IAsyncDisposable
{
    public const string Audience = "9b1ad0c1-53f0-4f3b-8c0e-6f0f7a1f6c11";
    public const string Directory = "11111111-2222-3333-4444-555555555555";

    /// <summary>Made once: an RSA key takes longer than a test.</summary>
    private static readonly SecurityKey Rsa = NewRsa("rsa-1");

    private static readonly SecurityKey Ec = NewEc("ec-1");

    private readonly WebApplication _app;
    private readonly string _directory;
    private readonly TimeProvider _wall;
    private int _readings;

    private TokenProvider(WebApplication app, string directory, TimeProvider wall)
    {
        (_app, _directory, _wall) = (app, directory, wall);
        app.MapGet($"/{directory}/v2.0/.well-known/openid-configuration", DiscoveryAsync);
        app.MapGet("/keys", KeysAsync);
    }

    /// <summary>Published: an RSA key and an EC key.</summary>
    public List<SecurityKey> Keys { get; } = [Rsa, Ec];

    /// <summary>Members that are added to every published key.</summary>
    public Dictionary<string, string> KeyMembers { get; } = [];

    public bool IsDown { get; set; }

    /// <summary>Times that the keys were read.</summary>
    public int Readings => Volatile.Read(ref _readings);

    public string Address => _app.Urls.Single();

    public string Authority => $"{Address}/{_directory}/v2.0";

    /// <summary>As the discovery document has it.</summary>
    public string Issuer => _directory == "common" ? $"{Address}/{{tenantid}}/v2.0" : Authority;

    public EntraOptions Options => new() { Authority = Authority, Audience = Audience };

    public static async Task<TokenProvider> StartAsync(TimeProvider wall, string directory = Directory)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var provider = new TokenProvider(app, directory, wall);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return provider;
    }

    public static SecurityKey NewRsa(string keyId) => new RsaSecurityKey(RSA.Create(2048)) { KeyId = keyId };

    public static SecurityKey NewEc(string keyId) =>
        new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = keyId };

    /// <summary>What a customer's token says, valid for an hour, where the test says nothing else.</summary>
    public JsonObject Claims(string? role = "Customer", string directory = Directory)
    {
        var now = _wall.GetUtcNow().ToUnixTimeSeconds();
        return new()
        {
            ["iss"] = Issuer.Replace("{tenantid}", directory, StringComparison.Ordinal),
            ["aud"] = Audience,
            ["nbf"] = now - 300,
            ["iat"] = now - 300,
            ["exp"] = now + 3600,
            ["ver"] = "2.0",
            ["tid"] = directory,
            ["oid"] = "0b6ec1a1-0000-0000-0000-00000000000a",
            ["sub"] = "subject",
            ["azp"] = "client",
            ["roles"] = role is null ? null : new JsonArray(role),
        };
    }

    public string Sign(JsonObject claims, string algorithm = "RS256", SecurityKey? key = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
            claims.ToJsonString(),
            new SigningCredentials(key ?? Keys[algorithm == "ES256" ? 1 : 0], algorithm)
        );

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task DiscoveryAsync(HttpContext http) =>
        AnswerAsync(http, new() { ["issuer"] = Issuer, ["jwks_uri"] = $"{Address}/keys" });

    private Task KeysAsync(HttpContext http)
    {
        Interlocked.Increment(ref _readings);
        return AnswerAsync(http, new() { ["keys"] = new JsonArray([.. Keys.Select(Published)]) });
    }

    private JsonNode Published(SecurityKey key)
    {
        var web = JsonWebKeyConverter.ConvertFromSecurityKey(key);
        var json = new JsonObject
        {
            ["kty"] = web.Kty,
            ["use"] = "sig",
            ["kid"] = web.Kid,
        };
        foreach (
            var (name, value) in new[] { ("n", web.N), ("e", web.E), ("crv", web.Crv), ("x", web.X), ("y", web.Y) }
        )
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
        foreach (var (name, value) in KeyMembers)
        {
            json[name] = value;
        }
        return json;
    }

    private async Task AnswerAsync(HttpContext http, JsonObject document)
    {
        if (IsDown)
        {
            http.Response.StatusCode = 500;
            return;
        }
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.Body, document, cancellationToken: http.RequestAborted);
    }
}
