using DynamicSurplus.Engine.Ports;
using DynamicSurplus.Measures;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Contracts;

public abstract class IdempotencyKeysContract : PortContract<IIdempotencyKeys>
{
    private static readonly DateTimeOffset Now = Example.Noon;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public async Task Claim_is_the_first_callers_and_in_flight_for_the_next()
    {
        await using var store = await CreateAsync();

        (await ClaimAsync(store.Open())).ShouldBeNull();
        (await ClaimAsync(store.Open())).ShouldBe(new("hash", null));
        (await ClaimAsync(store.Open(), hash: "other")).ShouldBe(new("hash", null));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(StoredAnswer.MaxBodyBytes)]
    public async Task Answer_comes_back_whole_whatever_the_body_of_the_repeat(int length)
    {
        await using var store = await CreateAsync();
        await ClaimAsync(store.Open());
        var answer = Example.Answer(201, length);

        await store.Open().CompleteAsync(Example.Tenant, "key", "hash", answer, Now, Stop);

        foreach (var hash in (string[])["hash", "other"])
        {
            var claim = await ClaimAsync(store.Open(), hash: hash);
            claim!.BodyHash.ShouldBe("hash");
            claim.Answer!.Body.ToArray().ShouldBe(answer.Body.ToArray());
            (claim.Answer with { Body = answer.Body }).ShouldBe(answer);
        }
    }

    [Fact]
    public async Task Answer_may_have_no_location_and_any_text()
    {
        await using var store = await CreateAsync();
        await ClaimAsync(store.Open());
        var answer = new StoredAnswer(422, $"text/plain; x={Example.Unicode}", null, Example.Bytes(3));

        await store.Open().CompleteAsync(Example.Tenant, "key", "hash", answer, Now, Stop);

        var stored = (await ClaimAsync(store.Open()))!.Answer!;
        (stored with { Body = answer.Body }).ShouldBe(answer);
    }

    [Fact]
    public async Task Answer_above_the_limit_is_refused()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        await ClaimAsync(keys);
        var large = Example.Answer(200, StoredAnswer.MaxBodyBytes + 1);

        await Should.ThrowAsync<ArgumentException>(() =>
            keys.CompleteAsync(Example.Tenant, "key", "hash", large, Now, Stop)
        );

        (await ClaimAsync(keys)).ShouldBe(new("hash", null));
    }

    [Fact]
    public async Task Keys_of_tenants_are_apart()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        await ClaimAsync(keys);
        await keys.CompleteAsync(Example.Tenant, "key", "hash", Example.Answer(), Now, Stop);

        (await keys.TryClaimAsync(TenantId.Parse("other"), "key", "hash", Now, Life, Stop)).ShouldBeNull();
    }

    [Fact]
    public async Task Any_text_is_a_key_and_each_its_own()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        string[] texts = ["key", "KEY", " key", "a/b\\c#d?e", Example.Unicode, "é", "e\u0301", new('k', 1_000)];

        foreach (var text in texts)
        {
            (await ClaimAsync(keys, text, text)).ShouldBeNull(text);
        }

        foreach (var text in texts)
        {
            (await ClaimAsync(keys, text)).ShouldBe(new(text, null), text);
        }
    }

    [Fact]
    public async Task Claim_in_flight_is_taken_over_after_its_life_and_not_before()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        await ClaimAsync(keys);

        (await ClaimAsync(keys, hash: "other", at: Now + Life)).ShouldBe(new("hash", null));
        (await ClaimAsync(keys, hash: "other", at: Now + Life + TimeSpan.FromMilliseconds(1))).ShouldBeNull();

        var taken = Now + Life + TimeSpan.FromMilliseconds(1);
        (await ClaimAsync(keys, at: taken + Life)).ShouldBe(new("other", null));
    }

    [Fact]
    public async Task Answer_lives_a_day_from_when_it_was_given()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        await ClaimAsync(keys);
        var given = Now.AddSeconds(20);
        await keys.CompleteAsync(Example.Tenant, "key", "hash", Example.Answer(), given, Stop);

        (await ClaimAsync(keys, at: given + Day))!.Answer.ShouldNotBeNull();
        (await ClaimAsync(keys, hash: "other", at: given + Day + TimeSpan.FromMilliseconds(1))).ShouldBeNull();
        (await ClaimAsync(keys, at: given + Day + Life)).ShouldBe(new("other", null));
    }

    [Fact]
    public async Task First_answer_stays()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        await ClaimAsync(keys);
        await keys.CompleteAsync(Example.Tenant, "key", "hash", Example.Answer(201), Now, Stop);

        await keys.CompleteAsync(Example.Tenant, "key", "hash", Example.Answer(409), Now + Life, Stop);

        (await ClaimAsync(keys))!.Answer!.Status.ShouldBe(201);
        (await ClaimAsync(keys, at: Now + Day + TimeSpan.FromSeconds(1))).ShouldBeNull(
            "the answer is as old as it was"
        );
    }

    [Fact]
    public async Task Answer_to_a_claim_that_another_took_over_is_lost()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        await ClaimAsync(keys);
        await ClaimAsync(keys, hash: "other", at: Now + (2 * Life));

        await keys.CompleteAsync(Example.Tenant, "key", "hash", Example.Answer(), Now + (2 * Life), Stop);

        (await ClaimAsync(keys, at: Now + (2 * Life))).ShouldBe(new("other", null));
    }

    [Fact]
    public async Task Answer_without_a_claim_is_lost()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();

        await keys.CompleteAsync(Example.Tenant, "key", "hash", Example.Answer(), Now, Stop);

        (await ClaimAsync(keys)).ShouldBeNull();
    }

    [Fact]
    public async Task Claim_that_is_given_up_is_free()
    {
        await using var store = await CreateAsync();
        await ClaimAsync(store.Open());

        await store.Open().AbandonAsync(Example.Tenant, "key", Stop);
        await store.Open().AbandonAsync(Example.Tenant, "key", Stop);

        (await ClaimAsync(store.Open(), hash: "other")).ShouldBeNull();
    }

    [Fact]
    public async Task Answer_cannot_be_given_up()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        await ClaimAsync(keys);
        await keys.CompleteAsync(Example.Tenant, "key", "hash", Example.Answer(), Now, Stop);

        await keys.AbandonAsync(Example.Tenant, "key", Stop);

        (await ClaimAsync(keys))!.Answer.ShouldNotBeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_of_many_callers_gets_the_claim(bool expired)
    {
        await using var store = await CreateAsync();
        if (expired)
        {
            await ClaimAsync(store.Open());
        }

        var claims = await AtOnceAsync(caller =>
            ClaimAsync(store.Open(), hash: $"caller {caller}", at: Now + (2 * Life))
        );

        claims.Count(claim => claim is null).ShouldBe(1);
        var winner = $"caller {Array.IndexOf(claims, null)}";
        (await ClaimAsync(store.Open(), at: Now + (2 * Life))).ShouldBe(new(winner, null));
    }

    [Fact]
    public async Task Stored_bytes_are_nobodys_but_the_stores()
    {
        await using var store = await CreateAsync();
        var keys = store.Open();
        await ClaimAsync(keys);
        var answer = Example.Answer(201, 64);
        await keys.CompleteAsync(Example.Tenant, "key", "hash", answer, Now, Stop);
        Scribble(answer.Body);
        Scribble((await ClaimAsync(keys))!.Answer!.Body);

        (await ClaimAsync(keys))!.Answer!.Body.ToArray().ShouldBe(Example.Bytes(64));
    }

    private static Task<IdempotencyClaim?> ClaimAsync(
        IIdempotencyKeys keys,
        string key = "key",
        string hash = "hash",
        DateTimeOffset? at = null
    ) => keys.TryClaimAsync(Example.Tenant, key, hash, at ?? Now, Life, Stop);
}
