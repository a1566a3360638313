using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class ReclaimPlanTests
{
    private const string Path = "/v1/fleets/alpha/reclaim";

    [Fact]
    public async Task Plan_names_the_victims_and_what_they_would_have_paid_and_does_nothing()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync(gpus: 8);

        var plan = await PlanAsync(host, gpus: 5);

        (plan["dryRun"], plan["gpus"], plan["foundGpus"]).ShouldBe(("True", "5", "8"));
        var victim = plan.Json.GetProperty("leases").EnumerateArray().Single();
        victim.GetProperty("lease").GetString().ShouldBe(lease);
        // 8 GPUs at 1.4625 USD for an hour less 120 s of notice.
        victim.GetProperty("lostRevenue").GetProperty("amount").GetString().ShouldBe("11.310000");
        plan.Json.GetProperty("credits").GetProperty("amount").GetString().ShouldBe("0.000000");
        (await host.GetAsync($"/v1/leases/{lease}", ApiHost.Acme))["status"].ShouldBe("active");
    }

    [Fact]
    public async Task Execution_does_what_the_plan_says_and_only_once()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync(gpus: 8);
        var token = (await PlanAsync(host, gpus: 8))["planToken"];

        var done = await ExecuteAsync(host, gpus: 8, token);
        var again = await ExecuteAsync(host, gpus: 8, token);

        (done.Status, done["inNotice"]).ShouldBe((200, "1"));
        var reclaimed = await host.GetAsync($"/v1/leases/{lease}", ApiHost.Acme);
        reclaimed["status"].ShouldBe("reclaiming");
        reclaimed.Json.GetProperty("reclaim").GetProperty("reason").GetString().ShouldBe("operator-request");
        (again.Status, again.Problem).ShouldBe((409, "stale-reclaim-plan"));
    }

    [Fact]
    public async Task Plan_of_a_fleet_whose_leases_have_moved_is_not_executed()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync(gpus: 8);
        var token = (await PlanAsync(host, gpus: 8))["planToken"];
        await host.SendAsync("POST", $"/v1/leases/{lease}/renew", ApiHost.Acme);

        var moved = await ExecuteAsync(host, gpus: 8, token);

        (moved.Status, moved.Problem).ShouldBe((409, "stale-reclaim-plan"));
        (await host.GetAsync($"/v1/leases/{lease}", ApiHost.Acme))["status"].ShouldBe("active");
    }

    [Fact]
    public async Task Lease_that_can_go_on_with_fewer_is_taken_in_part()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var quote = await host.SendAsync(
            "POST",
            "/v1/quotes",
            ApiHost.Acme,
            """{"fleet":"alpha","gpus":8,"termSeconds":3600,"minGpus":2}"""
        );
        await host.AcceptAsync(quote["quoteId"]);

        var plan = await PlanAsync(host, gpus: 5);

        plan["foundGpus"].ShouldBe("5");
    }

    [Theory]
    [InlineData("?dryRun=true", "{}", "gpus")]
    [InlineData("?dryRun=true", """{"gpus":0}""", "gpus")]
    [InlineData("?dryRun=true", """{"gpus":1,"planToken":"x"}""", "planToken")]
    [InlineData("", """{"gpus":1}""", "planToken")]
    public async Task Order_that_says_too_little_is_refused(string query, string body, string field)
    {
        await using var host = await ApiHost.WithFleetAsync();

        var answer = await host.SendAsync("POST", Path + query, ApiHost.Operator, body);

        answer.Status.ShouldBe(422, answer.Text);
        answer.Fields.ShouldBe([field]);
    }

    [Fact]
    public async Task Fleet_that_is_not_there_is_404_and_a_flag_that_is_none_is_400()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var body = new { gpus = 1 };

        var missing = await host.SendAsync("POST", "/v1/fleets/beta/reclaim?dryRun=true", ApiHost.Operator, body);
        var unclear = await host.SendAsync("POST", $"{Path}?dryRun=yes", ApiHost.Operator, body);

        (missing.Status, unclear.Status).ShouldBe((404, 400));
    }

    private static async Task<ApiHost.Answer> PlanAsync(ApiHost host, int gpus)
    {
        var plan = await host.SendAsync("POST", $"{Path}?dryRun=true", ApiHost.Operator, new { gpus });
        plan.Status.ShouldBe(200, plan.Text);
        return plan;
    }

    private static Task<ApiHost.Answer> ExecuteAsync(ApiHost host, int gpus, string planToken) =>
        host.SendAsync("POST", Path, ApiHost.Operator, new { gpus, planToken });
}
