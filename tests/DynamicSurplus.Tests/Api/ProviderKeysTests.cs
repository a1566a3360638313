using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

/// <summary>A provider that changes its keys, and one that is down.</summary>
public sealed class ProviderKeysTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _wall = new(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));
    private TokenProvider _provider = null!;
    private ApiHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await TokenProvider.StartAsync(_wall);
        _host = await ApiHost.StartAsync(wall: _wall, entra: _provider.Options);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task The_first_token_of_a_new_key_is_accepted()
    {
        await GetAsync();
        _wall.Advance(TimeSpan.FromMinutes(1));
        _provider.Keys[0] = TokenProvider.NewRsa("rsa-2");

        var answer = await GetAsync();

        answer.Status.ShouldBe(200, answer.Text);
        _provider.Readings.ShouldBe(2);
    }

    [Fact]
    public async Task Made_up_keys_cost_the_provider_one_reading_a_minute()
    {
        await GetAsync();
        _wall.Advance(TimeSpan.FromMinutes(1));
        var madeUp = TokenProvider.NewRsa("made-up");

        for (var request = 0; request < 5; request++)
        {
            var answer = await GetAsync(_provider.Sign(_provider.Claims(), key: madeUp));
            answer.Status.ShouldBe(401);
        }

        _provider.Readings.ShouldBe(2);
        (await GetAsync()).Status.ShouldBe(200);
    }

    [Fact]
    public async Task First_tokens_at_once_cost_one_reading()
    {
        var token = _provider.Sign(_provider.Claims());

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => GetAsync(token)));

        answers.ShouldAllBe(answer => answer.Status == 200);
        _provider.Readings.ShouldBe(1);
    }

    [Fact]
    public async Task A_key_that_was_withdrawn_is_refused_within_the_hour()
    {
        var token = Lasting();
        await GetAsync(token);
        _provider.Keys.RemoveAt(0);
        (await GetAsync(token)).Status.ShouldBe(200);
        _wall.Advance(TimeSpan.FromHours(1));

        // The first request finds the keys old and has them read again, without waiting for that.
        while ((await GetAsync(token)).Status == 200)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        (await GetAsync(token)).Status.ShouldBe(401);
        _provider.Readings.ShouldBe(2);
    }

    [Fact]
    public async Task A_provider_that_is_down_is_no_fault_of_the_token()
    {
        _provider.IsDown = true;

        var down = await GetAsync();
        var key = await _host.GetAsync("/v1/rates", ApiHost.Acme);
        _provider.IsDown = false;
        var soon = await GetAsync();
        _wall.Advance(TimeSpan.FromSeconds(5));
        var up = await GetAsync();

        (down.Status, down.Problem, down.Headers["Retry-After"]).ShouldBe((503, "signing-keys-unavailable", "5"));
        down.Headers.Keys.ShouldNotContain("WWW-Authenticate");
        key.Status.ShouldBe(200);
        soon.Status.ShouldBe(503, "between tries nobody waits for a provider that is down");
        up.Status.ShouldBe(200);
        _host.Log.Lines.ShouldContain(line => line.Contains($"cannot be read from {_provider.Authority}/.well-known"));
    }

    [Fact]
    public async Task Known_keys_outlive_their_provider_by_a_day()
    {
        var token = Lasting();
        await GetAsync(token);
        _provider.IsDown = true;

        _wall.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        var known = await GetAsync(token);
        var unknown = await GetAsync(_provider.Sign(_provider.Claims(), key: TokenProvider.NewRsa("new")));
        _wall.Advance(TimeSpan.FromSeconds(1));
        var old = await GetAsync(token);

        (known.Status, unknown.Status, old.Status).ShouldBe((200, 503, 503));
    }

    [Fact]
    public async Task A_document_without_keys_is_none()
    {
        _provider.Keys.Clear();

        var answer = await GetAsync("eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.e30.YQ");

        answer.Status.ShouldBe(503);
    }

    [Fact]
    public async Task Of_many_directories_each_customer_is_its_own_and_operators_come_from_home()
    {
        const string Home = "aaaaaaaa-0000-0000-0000-000000000001";
        const string Other = "bbbbbbbb-0000-0000-0000-000000000002";
        await using var provider = await TokenProvider.StartAsync(_wall, "common");
        var options = provider.Options with { HomeDirectory = Home, AllowedDirectories = [TokenProvider.Directory] };
        await using var host = await ApiHost.StartAsync(wall: _wall, entra: options);

        (await StatusAsync("Customer", TokenProvider.Directory)).ShouldBe(200);
        (await StatusAsync("Customer", Other)).ShouldBe(401);
        (await StatusAsync("Operator", Home)).ShouldBe(200);
        (await StatusAsync("Operator", TokenProvider.Directory)).ShouldBe(403);
        (await StatusAsync("Auditor", TokenProvider.Directory)).ShouldBe(403);
        (await StatusAsync("Customer", TokenProvider.Directory, issuer: Home)).ShouldBe(401);

        async Task<int> StatusAsync(string role, string directory, string? issuer = null)
        {
            var claims = provider.Claims(role, directory);
            claims["iss"] = $"{provider.Address}/{issuer ?? directory}/v2.0";
            return (await SendAsync(host, provider.Sign(claims))).Status;
        }
    }

    [Theory]
    [InlineData("{0}/{{tenantid}}/v2.0", 200)]
    [InlineData("{0}/11111111-2222-3333-4444-555555555555/v2.0", 200)]
    [InlineData("{0}/aaaaaaaa-0000-0000-0000-000000000001/v2.0", 401)]
    public async Task A_key_of_one_directory_signs_for_no_other(string issuerOfKey, int status)
    {
        await using var provider = await TokenProvider.StartAsync(_wall, "common");
        provider.KeyMembers["issuer"] = string.Format(null, issuerOfKey, provider.Address);
        var options = provider.Options with
        {
            HomeDirectory = "aaaaaaaa-0000-0000-0000-000000000001",
            AllowedDirectories = [TokenProvider.Directory],
        };
        await using var host = await ApiHost.StartAsync(wall: _wall, entra: options);

        (await SendAsync(host, provider.Sign(provider.Claims()))).Status.ShouldBe(status);
    }

    /// <summary>Valid for days: only its key can be what is wrong with it.</summary>
    private string Lasting()
    {
        var claims = _provider.Claims();
        claims["exp"] = _wall.GetUtcNow().AddDays(3).ToUnixTimeSeconds();
        return _provider.Sign(claims);
    }

    private Task<ApiHost.Answer> GetAsync(string? token = null) =>
        SendAsync(_host, token ?? _provider.Sign(_provider.Claims()));

    private static Task<ApiHost.Answer> SendAsync(ApiHost host, string token) =>
        host.SendAsync("GET", "/v1/rates", ApiHost.Anonymous, headers: ("Authorization", $"Bearer {token}"));
}
