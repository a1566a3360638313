using DynamicSurplus.Api.Access;
using DynamicSurplus.Measures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class ApiKeysTests
{
    private static readonly TenantId Acme = TenantId.Parse("acme");

    [Theory]
    [InlineData("Authorization", "Bearer secret")]
    [InlineData("Authorization", "bearer  secret ")]
    [InlineData("X-Api-Key", "secret")]
    public async Task A_key_tells_its_caller(string header, string value)
    {
        var caller = await FindAsync([Key("secret")], header, value);

        caller.ShouldBe(new Caller("acme-ci", Roles.Customer, Acme));
    }

    [Theory]
    [InlineData("Authorization", "Bearer secre")]
    [InlineData("Authorization", "Bearer secret2")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic secret")]
    [InlineData("Authorization", "secret")]
    [InlineData("X-Api-Key", "")]
    [InlineData("X-Other", "secret")]
    public async Task Anything_else_tells_nobody(string header, string value) =>
        (await FindAsync([Key("secret")], header, value)).ShouldBeNull();

    [Fact]
    public async Task A_key_of_any_length_is_looked_at() =>
        (await FindAsync([Key("secret")], "X-Api-Key", new string('x', 100_000))).ShouldBeNull();

    [Fact]
    public async Task Two_keys_of_one_principal_are_valid_until_the_old_one_runs_out()
    {
        var time = new FakeTimeProvider();
        ApiKey[] keys = [Key("old") with { NotAfter = time.GetUtcNow().AddHours(1) }, Key("new")];

        (await FindAsync(keys, "X-Api-Key", "old", time)).ShouldNotBeNull();
        (await FindAsync(keys, "X-Api-Key", "new", time)).ShouldNotBeNull();
        time.Advance(TimeSpan.FromHours(1) + TimeSpan.FromTicks(1));
        (await FindAsync(keys, "X-Api-Key", "old", time)).ShouldBeNull();
        (await FindAsync(keys, "X-Api-Key", "new", time)).ShouldNotBeNull();
    }

    [Fact]
    public void A_new_secret_is_long_and_never_the_same()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => ApiKey.NewSecret()).ToArray();

        secrets.Distinct(StringComparer.Ordinal).Count().ShouldBe(100);
        secrets.ShouldAllBe(secret => secret.Length == 47 && secret.StartsWith("dsk_", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_makes_no_sense_is_refused()
    {
        ApiKey[] wrong =
        [
            Key("x") with
            {
                Role = Roles.None,
            },
            Key("x") with
            {
                Role = Roles.Operator | Roles.Customer,
            },
            Key("x") with
            {
                Tenant = null,
            },
            Key("x") with
            {
                Role = Roles.Auditor,
            },
            Key("x") with
            {
                Sha256 = "abc",
            },
            Key("x") with
            {
                Sha256 = new string('g', 64),
            },
        ];

        foreach (var key in wrong)
        {
            Should
                .Throw<ArgumentException>(() => new ApiKeys([key], TimeProvider.System))
                .Message.ShouldContain("acme-ci");
        }
    }

    private static ApiKey Key(string secret) => new("acme-ci", Roles.Customer, Acme, ApiKey.Hash(secret));

    private static async Task<Caller?> FindAsync(
        IEnumerable<ApiKey> keys,
        string header,
        string value,
        TimeProvider? time = null
    )
    {
        var http = new DefaultHttpContext();
        http.Request.Headers[header] = value;
        return await new ApiKeys(keys, time ?? TimeProvider.System).FindAsync(http.Request, CancellationToken.None);
    }
}
