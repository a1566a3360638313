using Shouldly;
using Xunit;

namespace DynamicSurplus.Tests.Api;

public sealed class GrantConfirmationTests
{
    [Fact]
    public async Task A_controller_may_confirm_later_and_its_first_word_stands()
    {
        var provisioner = new LateProvisioner { IsLate = true };
        await using var host = await ApiHost.WithFleetAsync(provisioner.Replace);
        var (granted, refused) = (await host.LeaseAsync(), await host.LeaseAsync());
        var granting = await host.GetAsync($"/v1/leases/{granted}", ApiHost.Acme);
        host.Time.Advance(TimeSpan.FromSeconds(90));

        var yes = await ConfirmAsync(granted, new { granted = true });
        var yesAgain = await ConfirmAsync(granted, new { granted = true });
        var noAfterYes = await ConfirmAsync(granted, new { granted = false });
        var no = await ConfirmAsync(refused, new { granted = false, detail = "no rack" });
        var yesAfterNo = await ConfirmAsync(refused, new { granted = true });
        var nothing = await ConfirmAsync(refused, new { });

        granting["status"].ShouldBe("granting");
        (yes.Status, yes["status"], yes["grantedAt"]).ShouldBe((200, "active", "2026-08-22T10:02:30.000Z"));
        (yesAgain.Status, yesAgain["grantedAt"]).ShouldBe((200, "2026-08-22T10:02:30.000Z"));
        (noAfterYes.Status, noAfterYes.Problem).ShouldBe((409, "lease-already-granted"));
        (no.Status, no["endReason"], no["endDetail"]).ShouldBe((200, "not-granted", "no rack"));
        no.Json.GetProperty("amount").GetProperty("amount").GetString().ShouldBe("0.000000");
        (yesAfterNo.Status, yesAfterNo.Problem).ShouldBe((409, "lease-not-granting"));
        (nothing.Status, nothing.Fields.Single()).ShouldBe((422, "granted"));

        Task<ApiHost.Answer> ConfirmAsync(string lease, object body) =>
            host.SendAsync("POST", $"/v1/leases/{lease}/grant-confirmation", ApiHost.Operator, body);
    }
}
