using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using DynamicSurplus.Api;
using DynamicSurplus.Api.Access;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>Access tokens through the real pipeline, from a provider of the test's own.</summary>
public sealed class EntraTokensTests : IAsyncLifetime
{
    private static readonly Dictionary<string, (string Sentence, Func<TokenProvider, string> Make)> Wrong = new()
    {
        ["issuer"] = ("The token is of another issuer", p => With(p, "iss", "https://elsewhere.example/v2.0")),
        ["issuer's slash"] = ("The token is of another issuer", p => With(p, "iss", p.Issuer + "/")),
        ["no issuer"] = ("The token is of another issuer", p => With(p, "iss", null)),
        ["audience"] = ("The token is for another audience", p => With(p, "aud", "api://another")),
        ["no audience"] = ("The token is for another audience", p => With(p, "aud", null)),
        ["expired"] = ("The token has expired", p => Shifted(p, "exp", -3660)),
        ["not yet valid"] = ("The token is not valid yet", p => Shifted(p, "nbf", 361)),
        ["no expiry"] = ("The token never expires", p => With(p, "exp", null)),
        ["expiry no number"] = ("The token cannot be read", p => With(p, "exp", "tomorrow")),
        ["version 1"] = ("The token is not of version 2.0", p => With(p, "ver", "1.0")),
        ["nobody's"] = ("The token does not say whose it is", Nameless),
        ["tampered"] = ("The signature of the token is wrong", Tampered),
        ["no signature"] = ("The signature of the token is wrong", p => p.Sign(p.Claims())[..^342]),
        ["alg none"] = (Unsigned, p => ByHand(p, "{\"alg\":\"none\",\"kid\":\"rsa-1\"}", _ => "")),
        ["alg nOnE"] = (Unsigned, p => ByHand(p, "{\"alg\":\"nOnE\",\"kid\":\"rsa-1\"}", _ => "")),
        ["no alg"] = (Unsigned, p => ByHand(p, "{\"typ\":\"JWT\",\"kid\":\"rsa-1\"}", _ => "")),
        ["the public key as a secret"] = (Unsigned, Confused),
        ["RS512"] = (Unsigned, p => p.Sign(p.Claims(), "RS512")),
        ["another key under a published id"] = (
            "The signature of the token is wrong",
            p => p.Sign(p.Claims(), key: TokenProvider.NewRsa("rsa-1"))
        ),
        ["the algorithm of another kind of key"] = (
            "The signature of the token is wrong",
            p => p.Sign(p.Claims(), "ES256", TokenProvider.NewEc("rsa-1"))
        ),
        ["a key that is not published"] = (
            "The token is signed with a key that is not published",
            p => p.Sign(p.Claims(), key: TokenProvider.NewRsa("made-up"))
        ),
        ["no key id"] = (Odd, p => ByHand(p, "{\"alg\":\"RS256\"}", input => RsaOf(p, input))),
        ["crit"] = (
            Odd,
            p => ByHand(p, "{\"alg\":\"RS256\",\"kid\":\"rsa-1\",\"crit\":[\"exp\"]}", input => RsaOf(p, input))
        ),
        ["encrypted"] = ("The token is encrypted", _ => $"{Base64("{\"alg\":\"dir\",\"enc\":\"A128GCM\"}")}..YQ.YQ.YQ"),
        ["no JSON"] = ("The token cannot be read", _ => "eyJhbGciOi.e30.YQ"),
        ["no base64"] = ("The token cannot be read", _ => "eyJ%%%.e30.YQ"),
        ["broken text"] = ("The token cannot be read", NoUnicode),
        ["longer than 16 KiB"] = (
            "The token is longer than 16384 characters",
            p => With(p, "groups", new string('x', 16 * 1024))
        ),
    };

    private const string Unsigned = "The token is not signed with RS256, PS256, ES256";
    private const string Odd = "The token names no key, or asks for more than is understood here";

    private readonly FakeTimeProvider _wall = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private TokenProvider _provider = null!;

    public static TheoryData<string> Wrongs => [.. Wrong.Keys];

    public async ValueTask InitializeAsync() => _provider = await TokenProvider.StartAsync(_wall);

    public ValueTask DisposeAsync() => _provider.DisposeAsync();

    [Theory]
    [InlineData("Operator", "200 200 403")]
    [InlineData("Auditor", "200 403 403")]
    [InlineData("Customer", "403 403 422")]
    public async Task A_role_may_do_what_a_key_of_its_role_may(string role, string statuses)
    {
        await using var host = await StartAsync();
        var token = _provider.Sign(_provider.Claims(role));
        await host.RegisterAsync("alpha");

        var summary = await SendAsync(host, "GET", "/v1/summary", token);
        var pause = await SendAsync(host, "POST", "/v1/fleets/alpha/pause", token);
        var quote = await SendAsync(host, "POST", "/v1/quotes", token, """{"gpus":0,"sku":"H100","termSeconds":600}""");

        $"{summary.Status} {pause.Status} {quote.Status}".ShouldBe(statuses);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task A_token_is_signed_with_any_of_three_algorithms(string algorithm)
    {
        await using var host = await StartAsync();

        var answer = await GetAsync(host, _provider.Sign(_provider.Claims(), algorithm));

        answer.Status.ShouldBe(200, answer.Text);
    }

    [Theory]
    [MemberData(nameof(Wrongs))]
    public async Task A_token_that_is_wrong_is_refused_with_a_sentence(string what)
    {
        var (sentence, make) = Wrong[what];
        var log = new TestLog(LogLevel.Information);
        await using var host = await StartAsync(log: log);
        var token = make(_provider);

        var answer = await GetAsync(host, token);

        (answer.Status, answer.Problem).ShouldBe((401, "unauthenticated"));
        answer["detail"].ShouldBe(sentence + ".");
        answer
            .Headers["WWW-Authenticate"]
            .ShouldBe($"Bearer realm=\"dynamic-surplus\", error=\"invalid_token\", error_description=\"{sentence}\"");
        log.Lines.ShouldContain(line => line.Contains(sentence));
        log.Lines.ShouldNotContain(line => line.Contains(token));
    }

    [Theory]
    [InlineData("exp", -3659, 200)]
    [InlineData("exp", -3660, 401)]
    [InlineData("nbf", 360, 200)]
    [InlineData("nbf", 361, 401)]
    public async Task Clocks_may_differ_by_a_minute(string claim, int seconds, int status)
    {
        await using var host = await StartAsync();

        var answer = await GetAsync(host, Shifted(_provider, claim, seconds));

        answer.Status.ShouldBe(status);
    }

    [Theory]
    [InlineData("[]", "none of the app roles")]
    [InlineData("null", "none of the app roles")]
    [InlineData("[\"operator\"]", "none of the app roles")]
    [InlineData("[\"Owner\"]", "none of the app roles")]
    [InlineData("[\"Operator, Customer\"]", "none of the app roles")]
    [InlineData("[\"Operator\",\"Customer\"]", "several of the app roles")]
    [InlineData("[\"Auditor\",\"Operator\"]", "several of the app roles")]
    public async Task A_token_without_one_role_is_genuine_and_forbidden(string roles, string words)
    {
        await using var host = await StartAsync();
        var claims = _provider.Claims();
        claims["roles"] = JsonNode.Parse(roles);

        var answer = await GetAsync(host, _provider.Sign(claims));

        (answer.Status, answer.Problem).ShouldBe((403, "forbidden"));
        answer["detail"].ShouldContain(words);
        answer
            .Headers["WWW-Authenticate"]
            .ShouldContain("error=\"insufficient_scope\", error_description=\"The token has");
    }

    [Theory]
    [InlineData("\"Customer\"")]
    [InlineData("[\"Customer\",\"Customer\",\"Reports.Read\"]")]
    public async Task One_role_is_one_whatever_stands_beside_it(string roles)
    {
        await using var host = await StartAsync();
        var claims = _provider.Claims();
        claims["roles"] = JsonNode.Parse(roles);

        (await GetAsync(host, _provider.Sign(claims))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("[\"acme\",\"globex\"]")]
    [InlineData("\"acme/globex\"")]
    [InlineData("\"-acme\"")]
    public async Task A_customer_without_a_tenant_is_forbidden(string tenant)
    {
        await using var host = await StartAsync("customer");
        var claims = _provider.Claims();
        claims["customer"] = JsonNode.Parse(tenant);

        var answer = await GetAsync(host, _provider.Sign(claims));

        (answer.Status, answer.Problem).ShouldBe((403, "forbidden"));
        answer["detail"].ShouldContain("customer");
    }

    [Fact]
    public async Task A_customer_sees_its_own_leases_and_nobody_else_s()
    {
        await using var host = await ApiHost.WithFleetAsync(
            wall: _wall,
            entra: _provider.Options with
            {
                TenantClaim = "customer",
            }
        );
        var lease = await host.LeaseAsync(); // acme's, by its key
        var acme = Token("ACME");
        var globex = Token("globex");

        var own = await SendAsync(host, "GET", $"/v1/leases/{lease}", acme);
        var other = await SendAsync(host, "GET", $"/v1/leases/{lease}", globex);
        var end = await SendAsync(host, "POST", $"/v1/leases/{lease}/end", globex);
        var listed = await SendAsync(host, "GET", "/v1/leases?tenant=acme", globex);

        (own.Status, own["tenant"]).ShouldBe((200, "acme"));
        (other.Status, other.Problem).ShouldBe((404, "lease-not-found"));
        end.Status.ShouldBe(404);
        listed.Status.ShouldBe(403);

        string Token(string tenant)
        {
            var claims = _provider.Claims();
            claims["customer"] = tenant;
            return _provider.Sign(claims);
        }
    }

    [Fact]
    public async Task A_tenant_in_the_body_is_refused()
    {
        await using var host = await StartAsync();
        var body = """{"tenant":"acme","fleet":"alpha","gpus":1,"termSeconds":600}""";

        var answer = await SendAsync(host, "POST", "/v1/quotes", _provider.Sign(_provider.Claims()), body);

        (answer.Status, answer.Fields.Single()).ShouldBe((400, "tenant"));
    }

    [Fact]
    public async Task The_directory_is_the_tenant_and_the_object_the_name_unless_told_otherwise()
    {
        await using var host = await ApiHost.WithFleetAsync(wall: _wall, entra: _provider.Options);
        var body = """{"fleet":"alpha","gpus":1,"termSeconds":600,"tier":"spot"}""";
        await SendAsync(host, "POST", "/v1/leases", _provider.Sign(_provider.Claims()), body);
        await SendAsync(host, "POST", "/v1/fleets/alpha/pause", _provider.Sign(_provider.Claims("Operator")));

        var leases = await host.GetAsync($"/v1/leases?tenant={TokenProvider.Directory}", ApiHost.Auditor);
        var audit = await host.GetAsync("/v1/audit", ApiHost.Auditor);

        leases.Json.GetProperty("leases").GetArrayLength().ShouldBe(1);
        audit.Text.ShouldContain("\"caller\":\"0b6ec1a1-0000-0000-0000-00000000000a\"");
    }

    [Fact]
    public async Task Keys_are_accepted_beside_tokens_and_a_token_only_as_a_bearer()
    {
        await using var host = await StartAsync();
        var token = _provider.Sign(_provider.Claims());

        var key = await host.GetAsync("/v1/rates", ApiHost.Acme);
        var asKey = await host.SendAsync("GET", "/v1/rates", ApiHost.Anonymous, headers: ("X-Api-Key", token));
        var inQuery = await host.GetAsync($"/v1/rates?access_token={token}", ApiHost.Anonymous);
        var unknown = await GetAsync(host, "a.b.c");

        key.Status.ShouldBe(200);
        (asKey.Status, inQuery.Status).ShouldBe((401, 401));
        unknown["detail"].ShouldBe("The credential is not known, or no longer valid.");
    }

    [Fact]
    public async Task Who_sends_nothing_is_told_of_all_that_is_accepted()
    {
        await using var host = await StartAsync();

        var answer = await host.GetAsync("/v1/rates", ApiHost.Anonymous);

        answer["detail"]
            .ShouldBe(
                $"Send an access token of {_provider.Authority} for {TokenProvider.Audience} as 'Authorization: Bearer "
                    + "<token>', or an API key as 'Authorization: Bearer <key>' or 'X-Api-Key: <key>'."
            );
    }

    [Fact]
    public async Task Without_keys_only_tokens_are_spoken_of()
    {
        var services = new ServiceCollection();
        services.AddDynamicSurplusApi([], entra: _provider.Options);
        services.AddLogging();
        await using var built = services.BuildServiceProvider();

        var invitations = built.GetServices<ICallerSource>().Select(source => source.Invitation).OfType<string>();

        invitations.ShouldHaveSingleItem().ShouldStartWith("an access token");
    }

    private Task<ApiHost> StartAsync(string tenantClaim = "tid", TestLog? log = null) =>
        ApiHost.StartAsync(
            services =>
            {
                if (log is not null)
                {
                    services.AddSingleton<ILoggerProvider>(log);
                }
            },
            wall: _wall,
            entra: _provider.Options with
            {
                TenantClaim = tenantClaim,
            }
        );

    private static Task<ApiHost.Answer> GetAsync(ApiHost host, string token) =>
        SendAsync(host, "GET", "/v1/rates", token);

    private static Task<ApiHost.Answer> SendAsync(
        ApiHost host,
        string method,
        string path,
        string token,
        string? body = null
    ) => host.SendAsync(method, path, ApiHost.Anonymous, body, headers: ("Authorization", $"Bearer {token}"));

    private static string With(TokenProvider provider, string claim, string? value)
    {
        var claims = provider.Claims();
        claims[claim] = value;
        if (value is null)
        {
            claims.Remove(claim);
        }
        return provider.Sign(claims);
    }

    private static string Shifted(TokenProvider provider, string claim, int seconds)
    {
        var claims = provider.Claims();
        claims[claim] = claims[claim]!.GetValue<long>() + seconds;
        return provider.Sign(claims);
    }

    private static string Nameless(TokenProvider provider)
    {
        var claims = provider.Claims();
        foreach (var claim in (string[])["oid", "sub", "azp"])
        {
            claims.Remove(claim);
        }
        return provider.Sign(claims);
    }

    /// <summary>A customer makes itself an operator.</summary>
    private static string Tampered(TokenProvider provider)
    {
        var parts = provider.Sign(provider.Claims()).Split('.');
        var claims = Encoding.UTF8.GetString(Base64UrlEncoder.DecodeBytes(parts[1]));
        parts[1] = Base64(claims.Replace("Customer", "Operator", StringComparison.Ordinal));
        return string.Join('.', parts);
    }

    /// <summary>HS256 with what everybody knows, the public key, as the secret.</summary>
    private static string Confused(TokenProvider provider)
    {
        var rsa = ((RsaSecurityKey)provider.Keys[0]).Rsa;
        var secret = Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem());
        return ByHand(
            provider,
            "{\"alg\":\"HS256\",\"kid\":\"rsa-1\"}",
            input => Base64UrlEncoder.Encode(HMACSHA256.HashData(secret, input))
        );
    }

    private static string RsaOf(TokenProvider provider, byte[] input) =>
        Base64UrlEncoder.Encode(
            ((RsaSecurityKey)provider.Keys[0]).Rsa.SignData(input, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );

    /// <summary>Half a character, which JSON can spell and no text can hold.</summary>
    private static string NoUnicode(TokenProvider provider)
    {
        var claims = provider.Claims().ToJsonString().Replace("\"2.0\"", "\"\\ud800\"", StringComparison.Ordinal);
        return ByHand(provider, "{\"alg\":\"RS256\",\"kid\":\"rsa-1\"}", input => RsaOf(provider, input), claims);
    }

    private static string ByHand(
        TokenProvider provider,
        string header,
        Func<byte[], string> sign,
        string? claims = null
    )
    {
        var input = $"{Base64(header)}.{Base64(claims ?? provider.Claims().ToJsonString())}";
        return $"{input}.{sign(Encoding.ASCII.GetBytes(input))}";
    }

    private static string Base64(string text) => Base64UrlEncoder.Encode(Encoding.UTF8.GetBytes(text));
}
