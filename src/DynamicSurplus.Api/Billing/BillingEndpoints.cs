using System.Globalization;
using System.Text;
using DynamicSurplus.Api.Problems;
using DynamicSurplus.Api.Requests;
using DynamicSurplus.Api.Wire;
using DynamicSurplus.Engine;
using DynamicSurplus.Engine.Focus;
using DynamicSurplus.Engine.Steps;
using DynamicSurplus.Settlement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace DynamicSurplus.Api.Billing;

/// <summary>Money by the month of UTC: statements, the owner's ledger, and cost and usage files.</summary>
public sealed class BillingEndpoints(ReadCharges charges, ReadLedger ledger, ReadFocusLines focus, EngineClock clock)
{
    /// <summary>
    /// What one customer owes for a <c>period</c> (default: the running month): the caller, or the <c>tenant</c> that
    /// an overseer names.
    /// </summary>
    public async Task<ApiAnswer> StatementAsync(ApiCall call)
    {
        var request = call.Http.Request;
        if (Foreign(call) is { } refusal)
        {
            return refusal;
        }
        var tenant =
            Query.Tenant(request)
            ?? call.Caller.Tenant
            ?? throw Query.Malformed("tenant", "is missing", "say whose statement");
        var page = await charges.RunAsync(
            Period(request),
            tenant,
            Query.LeaseCursor(request),
            Limit(request),
            call.CancellationToken
        );
        var statement = new CustomerStatement(tenant, page.Period, page.IsProvisional, page.AsOf, page.Charges);
        return ApiAnswer.Of(200, Document(statement, page.Next), ApiJson.Shared.CustomerStatementDocument);
    }

    /// <summary>The owner's accounts for a <c>period</c> (default: the running month).</summary>
    public async Task<ApiAnswer> LedgerAsync(ApiCall call)
    {
        var request = call.Http.Request;
        var page = await ledger.RunAsync(
            Period(request),
            Query.LeaseCursor(request),
            Limit(request),
            call.CancellationToken
        );
        return ApiAnswer.Of(200, Document(page), ApiJson.Shared.LedgerDocument);
    }

    /// <summary>
    /// The charges of a <c>period</c> (default: the running month) as a FOCUS file: the caller's own, or everybody's or
    /// one <c>tenant</c>'s for those who see all. Where there is more, <c>Link</c> leads to the next file.
    /// </summary>
    public async Task<ApiAnswer> FocusAsync(ApiCall call)
    {
        var request = call.Http.Request;
        if (Foreign(call) is { } refusal)
        {
            return refusal;
        }
        var (period, tenant) = (Period(request), Query.Tenant(request) ?? call.Caller.Tenant);
        var (lines, next) = await focus.RunAsync(
            period,
            tenant,
            Query.LeaseCursor(request),
            Limit(request),
            call.CancellationToken
        );
        using var file = new MemoryStream();
        await using (var text = new StreamWriter(file, new UTF8Encoding(false), leaveOpen: true))
        {
            FocusExport.Write(text, FocusSpecification.V12, lines);
        }
        var name = tenant is { } one ? $"focus-{period}-{one}.csv" : $"focus-{period}.csv";
        return new(200, "text/csv; charset=utf-8; header=present", file.GetBuffer().AsMemory(0, (int)file.Length))
        {
            MoreHeaders =
            [
                new("Content-Disposition", $"attachment; filename=\"{name}\""),
                .. next is null ? [] : (KeyValuePair<string, string>[])[new("Link", Link(request, period, next))],
            ],
        };
    }

    private BillingPeriod Period(HttpRequest request) =>
        Query.Text(request, "period") is not { } text ? BillingPeriod.Of(clock.UtcNow)
        : BillingPeriod.TryParse(text, out var period) ? period
        : throw Query.Malformed("period", $"'{FieldErrors.Cut(text)}' is no month", $"send {BillingPeriod.Shape}");

    /// <summary>Leases of a page: all that fit one answer, unless fewer are asked for.</summary>
    private static int Limit(HttpRequest request) =>
        Query.Whole(request, "limit") switch
        {
            null => ReadCharges.MostLeases,
            >= 1 and <= ReadCharges.MostLeases and var limit => (int)limit,
            _ => throw Query.Malformed("limit", "is out of range", $"send 1 to {ReadCharges.MostLeases}"),
        };

    /// <returns>Null where the caller may see the tenant that it names, if it names one.</returns>
    private static ApiAnswer? Foreign(ApiCall call) =>
        Query.Tenant(call.Http.Request) is { } wanted && !call.Caller.MaySee(wanted)
            ? ProblemDocument.Answer(
                Problem.With(
                    ProblemKinds.Forbidden,
                    "tenant",
                    "is another's",
                    "leave it out: the credential says whose charges"
                )
            )
            : null;

    /// <summary>The same request from the cursor on (RFC 8288).</summary>
    private static string Link(HttpRequest request, BillingPeriod period, string next)
    {
        var query = new QueryBuilder { { "period", period.ToString() }, { "cursor", next } };
        foreach (var name in (string[])["tenant", "limit"])
        {
            if (Query.Text(request, name) is { } value)
            {
                query.Add(name, value);
            }
        }
        return string.Create(CultureInfo.InvariantCulture, $"<{request.Path}{query}>; rel=\"next\"");
    }

    private static CustomerStatementDocument Document(CustomerStatement statement, string? next) =>
        new(
            statement.Id,
            statement.Tenant.ToString(),
            statement.Period.ToString(),
            statement.Period.Start,
            statement.Period.End,
            statement.IsProvisional,
            statement.AsOf,
            [.. statement.Charges.Select(ChargeDocument.Of)],
            Money.Total(statement.Usage),
            Money.Total(statement.Credits),
            Money.Total(statement.Corrections),
            Money.Total(statement.Total),
            next
        );

    private static LedgerDocument Document(LedgerPage page) =>
        new(
            page.Period.ToString(),
            page.Period.Start,
            page.Period.End,
            page.IsProvisional,
            page.AsOf,
            [
                .. page.Ledger.Accounts.Select(account => new LedgerAccountDocument(
                    account.Account.Kind,
                    account.Account.Name,
                    Money.Total(account.Debits),
                    Money.Total(account.Credits),
                    Money.Total(account.Balance)
                )),
            ],
            Money.Total(page.Ledger.Debits),
            Money.Total(page.Ledger.Credits),
            Money.Total(page.Ledger.Debits - page.Ledger.Credits),
            page.Next
        );
}
