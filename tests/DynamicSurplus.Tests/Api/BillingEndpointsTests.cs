using System.Globalization;
using DynamicSurplus.Engine.Focus;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Measures;
using DynamicSurplus.Tests.Focus;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class BillingEndpointsTests
{
    private static readonly DateTimeOffset September = new(2026, 9, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_statement_has_the_running_months_charges_so_far()
    {
        await using var host = await ApiHost.WithFleetAsync();
        var lease = await host.LeaseAsync(gpus: 8);
        await host.TickAsync(running: 20, "alpha");

        var statement = await host.GetAsync("/v1/billing/statement", ApiHost.Acme);

        statement.Status.ShouldBe(200, statement.Text);
        (statement["id"], statement["period"], statement["tenant"]).ShouldBe(("acme/2026-08", "2026-08", "acme"));
        (statement["from"], statement["to"]).ShouldBe(("2026-08-01T00:00:00.000Z", "2026-09-01T00:00:00.000Z"));
        statement["provisional"].ShouldBe("True");
        var line = statement.Json.GetProperty("lines").EnumerateArray().ShouldHaveSingleItem();
        (line.GetProperty("lease").GetString(), line.GetProperty("kind").GetString()).ShouldBe((lease, "usage"));
        line.GetProperty("seconds").GetInt64().ShouldBe(60);
        Amount(statement, "total").ShouldBe("0.195000"); // 8 GPUs, 60 s at 1.4625 USD per GPU-hour
    }

    [Fact]
    public async Task A_lease_across_a_months_end_is_split_at_it_to_the_second()
    {
        await using var host = await AcrossTheMonthAsync();

        var august = await host.GetAsync("/v1/billing/statement?period=2026-08", ApiHost.Acme);
        var september = await host.GetAsync("/v1/billing/statement?period=2026-09", ApiHost.Acme);

        (august["provisional"], september["provisional"]).ShouldBe(("False", "True"));
        Lines(august).ShouldBe(["7 2026-08-31T23:59:00.000Z 2026-09-01T00:00:00.000Z 60"]);
        Lines(september).ShouldBe(["7 2026-09-01T00:00:00.000Z 2026-09-01T00:00:30.000Z 30"]);
        var lease = await host.GetAsync("/v1/leases", ApiHost.Acme);
        var whole = lease.Json.GetProperty("leases")[0].GetProperty("amount").GetProperty("amount").GetString();
        (Usd(august) + Usd(september)).ShouldBe(decimal.Parse(whole!, CultureInfo.InvariantCulture));
        (await host.GetAsync("/v1/billing/statement?period=2026-07", ApiHost.Acme))
            .Json.GetProperty("lines")
            .GetArrayLength()
            .ShouldBe(0);
    }

    [Theory]
    [InlineData("2026-08")]
    [InlineData("2026-09")]
    public async Task A_months_file_its_statements_and_its_ledger_come_to_the_same(string period)
    {
        await using var host = await AcrossTheMonthAsync();
        var invoices = new Dictionary<string, MicroUsd>(StringComparer.Ordinal);
        foreach (var tenant in (string[])[ApiHost.Acme, ApiHost.Globex])
        {
            var statement = await host.GetAsync(
                $"/v1/billing/statement?period={period}&tenant={tenant}",
                ApiHost.Auditor
            );
            invoices[statement["id"]] = new((long)(Usd(statement) * 1_000_000));
        }

        var file = await host.GetAsync($"/v1/billing/focus?period={period}", ApiHost.Operator);
        var ledger = await host.GetAsync($"/v1/billing/ledger?period={period}", ApiHost.Auditor);

        file.Headers["Content-Type"].ShouldBe("text/csv; charset=utf-8; header=present");
        file.Headers["Content-Disposition"].ShouldBe($"attachment; filename=\"focus-{period}.csv\"");
        using var csv = new StringReader(file.Text);
        FocusValidator.Validate(csv, FocusSpecification.V12, invoices).ShouldBeEmpty();
        invoices.Values.ShouldAllBe(amount => amount > MicroUsd.Zero);
        Accounts(ledger, "customer-receivable")
            .ShouldBe(invoices.Select(invoice => $"{invoice.Key.Split('/')[0]} {invoice.Value}"));
        (Amount(ledger, "balance"), Amount(ledger, "debits")).ShouldBe(("0.000000", Amount(ledger, "credits")));
    }

    [Fact]
    public async Task A_customer_sees_its_own_money_alone()
    {
        await using var host = await AcrossTheMonthAsync();

        var own = await host.GetAsync("/v1/billing/focus?period=2026-08", ApiHost.Acme);
        var rows = FocusExample.Cells(own.Text);
        rows.Skip(1).Select(row => row[Array.IndexOf(rows[0], "BillingAccountId")]).ShouldBe([ApiHost.Acme]);
        (await host.GetAsync("/v1/billing/focus?tenant=acme&period=2026-08", ApiHost.Operator)).Text.ShouldBe(own.Text);

        foreach (var address in (string[])["/v1/billing/statement", "/v1/billing/focus"])
        {
            var foreign = await host.GetAsync($"{address}?tenant=acme", ApiHost.Globex);
            (foreign.Status, foreign.Problem).ShouldBe((403, "forbidden"));
            (await host.GetAsync(address, ApiHost.Anonymous)).Status.ShouldBe(401);
        }
        (await host.GetAsync("/v1/billing/ledger", ApiHost.Acme)).Status.ShouldBe(403);
    }

    [Theory]
    [InlineData(3, 3600, "2026-09", "")]
    [InlineData(40, 3600, "2026-10", "Correction")]
    [InlineData(40, -36, "2026-10", "Correction")]
    public async Task A_correction_is_billed_in_the_month_in_which_it_is_made(
        int days,
        int gpuSeconds,
        string period,
        string chargeClass
    )
    {
        await using var host = await AcrossTheMonthAsync();
        var id = (await host.GetAsync("/v1/leases?tenant=acme", ApiHost.Operator))
            .Json.GetProperty("leases")[0]
            .GetProperty("id")
            .GetString();
        var before = await host.GetAsync("/v1/billing/focus?tenant=acme&period=2026-08", ApiHost.Operator);
        host.Time.Advance(TimeSpan.FromDays(days));
        var corrected = await host.SendAsync(
            "POST",
            $"/v1/leases/{id}/corrections",
            ApiHost.Operator,
            new
            {
                correctionId = "late-meter",
                gpuSeconds,
                detail = "=the meter, read \"late\"",
            }
        );
        corrected.Status.ShouldBeInRange(200, 201, corrected.Text);

        var statement = await host.GetAsync($"/v1/billing/statement?period={period}", ApiHost.Acme);
        var file = await host.GetAsync($"/v1/billing/focus?tenant=acme&period={period}", ApiHost.Operator);

        var due = gpuSeconds * 14_625 / 36;
        Amount(statement, "corrections").ShouldBe(new MicroUsd(due).ToString());
        using var csv = new StringReader(file.Text);
        var invoices = new Dictionary<string, MicroUsd>(StringComparer.Ordinal)
        {
            [statement["id"]] = new((long)(Usd(statement) * 1_000_000)),
        };
        FocusValidator.Validate(csv, FocusSpecification.V12, invoices).ShouldBeEmpty();
        var rows = FocusExample.Cells(file.Text);
        rows[^1][Array.IndexOf(rows[0], "ChargeClass")].ShouldBe(chargeClass);
        rows[^1][Array.IndexOf(rows[0], "BilledCost")].ShouldBe(new MicroUsd(due).ToString());
        (await host.GetAsync("/v1/billing/focus?tenant=acme&period=2026-08", ApiHost.Operator)).Text.ShouldBe(
            before.Text
        );
        var ledger = await host
            .Services.GetRequiredService<CheckLedger>()
            .RunAsync(TestContext.Current.CancellationToken);
        ledger.Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/v1/billing/statement", "tenant")]
    [InlineData("/v1/billing/statement?tenant=Acme!", "tenant")]
    [InlineData("/v1/billing/statement?tenant=acme&period=2026", "period")]
    [InlineData("/v1/billing/focus?period=2026-13", "period")]
    [InlineData("/v1/billing/focus?limit=0", "limit")]
    [InlineData("/v1/billing/focus?limit=5001", "limit")]
    [InlineData("/v1/billing/ledger?cursor=none", "cursor")]
    [InlineData("/v1/billing/ledger?tenant=acme", "tenant")]
    public async Task What_cannot_be_read_is_refused_by_its_field(string address, string field)
    {
        await using var host = await ApiHost.StartAsync();

        var refused = await host.GetAsync(address, ApiHost.Operator);

        (refused.Status, refused.Problem).ShouldBe((400, "malformed-request"));
        refused.Fields.ShouldBe([field]);
    }

    [Fact]
    public async Task Pages_of_leases_make_up_the_month()
    {
        await using var host = await AcrossTheMonthAsync();
        const string Month = "period=2026-08&limit=1";

        var first = await host.GetAsync($"/v1/billing/focus?{Month}", ApiHost.Operator);
        var link = first.Headers["Link"];
        var second = await host.GetAsync(link[1..link.IndexOf('>', StringComparison.Ordinal)], ApiHost.Operator);

        link.ShouldEndWith("; rel=\"next\"");
        second.Headers.ContainsKey("Link").ShouldBeFalse();
        var whole = await host.GetAsync("/v1/billing/focus?period=2026-08", ApiHost.Operator);
        FocusExample
            .Cells(first.Text)
            .Concat(FocusExample.Cells(second.Text).Skip(1))
            .ShouldBe(FocusExample.Cells(whole.Text));

        var ledger = await host.GetAsync($"/v1/billing/ledger?{Month}", ApiHost.Operator);
        Accounts(ledger, "customer-receivable").Count.ShouldBe(1);
        Accounts(ledger, "team-displaced").ShouldBeEmpty();
        ledger = await host.GetAsync($"/v1/billing/ledger?{Month}&cursor={ledger["next"]}", ApiHost.Operator);
        Accounts(ledger, "customer-receivable").Count.ShouldBe(1);
        Accounts(ledger, "team-displaced").Count.ShouldBe(1);
    }

    [Fact]
    public async Task Demand_past_the_wall_is_booked_to_the_team_at_the_spot_rate()
    {
        await using var host = await ApiHost.WithFleetAsync();
        await host.TickAsync(running: 80, "alpha"); // 30 past a wall of 50

        var ledger = await host.GetAsync("/v1/billing/ledger", ApiHost.Operator);
        var summary = await host.GetAsync("/v1/summary", ApiHost.Operator);
        var posted = await host.GetAsync("/v1/rates/alpha", ApiHost.Operator);

        var rate = decimal.Parse(
            posted.Json.GetProperty("spot").GetProperty("rate").GetString()!,
            CultureInfo.InvariantCulture
        );
        var expected = (30 * rate / 60).ToString("F6", CultureInfo.InvariantCulture);
        Accounts(ledger, "team-displaced").ShouldBe([$"default {expected}"]);
        Accounts(ledger, "fleet-displaced").ShouldBe([$"alpha -{expected}"]);
        Amount(ledger, "balance").ShouldBe("0.000000");
        summary
            .Json.GetProperty("total")
            .GetProperty("displacedCost")
            .GetProperty("amount")
            .GetString()
            .ShouldBe(expected);
        var report = await host
            .Services.GetRequiredService<CheckLedger>()
            .RunAsync(TestContext.Current.CancellationToken);
        report.Findings.ShouldBeEmpty();
        report.Records.ShouldBe(2);
    }

    /// <summary>
    /// Both customers lease from 23:59:00 on; acme's lease ends at 00:00:30.5, globex's runs on. Demand is past the
    /// wall in the last tick of August.
    /// </summary>
    private static async Task<ApiHost> AcrossTheMonthAsync()
    {
        var host = await ApiHost.StartAsync();
        host.Time.SetUtcNow(September.AddMinutes(-2));
        await host.RegisterAsync("alpha");
        await host.TickAsync(running: 60, "alpha");
        await host.LeaseAsync(gpus: 7);
        await host.LeaseAsync(ApiHost.Globex, gpus: 3);
        host.Time.Advance(TimeSpan.FromSeconds(90.5));
        var leases = await host.GetAsync("/v1/leases", ApiHost.Acme);
        var id = leases.Json.GetProperty("leases")[0].GetProperty("id").GetString();
        var ended = await host.SendAsync("POST", $"/v1/leases/{id}/end", ApiHost.Acme);
        ended.Status.ShouldBe(200, ended.Text);
        return host;
    }

    private static List<string> Lines(ApiHost.Answer statement) =>
        [
            .. statement
                .Json.GetProperty("lines")
                .EnumerateArray()
                .Select(line =>
                    $"{line.GetProperty("gpus")} {line.GetProperty("from")} {line.GetProperty("to")} "
                    + $"{line.GetProperty("seconds")}"
                ),
        ];

    private static List<string> Accounts(ApiHost.Answer ledger, string kind) =>
        [
            .. ledger
                .Json.GetProperty("accounts")
                .EnumerateArray()
                .Where(account => account.GetProperty("kind").GetString() == kind)
                .Select(account =>
                    $"{account.GetProperty("name")} {account.GetProperty("balance").GetProperty("amount")}"
                ),
        ];

    private static string? Amount(ApiHost.Answer answer, string member) =>
        answer.Json.GetProperty(member).GetProperty("amount").GetString();

    private static decimal Usd(ApiHost.Answer statement) =>
        decimal.Parse(Amount(statement, "total")!, CultureInfo.InvariantCulture);
}
