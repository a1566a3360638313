using System.Text.Json;
using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace DynamicSurplus.Infra.Tests;

/// <summary>The app may do what it must and no more: exactly these roles, each on one resource.</summary>
public sealed partial class RoleTests
{
    /// <summary>Azure's built-in roles by id. None of them may change a resource itself.</summary>
    private static readonly Dictionary<string, string> Known = new(StringComparer.Ordinal)
    {
        ["4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0"] = "Azure Service Bus Data Receiver",
        ["69a216fc-b8fb-44d8-bc22-1f3c2cd27a39"] = "Azure Service Bus Data Sender",
        ["0ad04412-c4d5-4796-b79c-f76d14c8d402"] = "Durable Task Data Contributor",
        ["4633458b-17de-408a-b874-0445c86b69e6"] = "Key Vault Secrets User",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
    };

    private static readonly string[] Expected =
    [
        "components/appi-surplus: Monitoring Metrics Publisher",
        "queues/telemetry: Azure Service Bus Data Receiver",
        "storageAccounts/stdata: Storage Blob Data Contributor",
        "storageAccounts/stdata: Storage Queue Data Contributor",
        "storageAccounts/stdata: Storage Table Data Contributor",
        "storageAccounts/sthost: Storage Blob Data Owner",
        "storageAccounts/sthost: Storage Queue Data Contributor",
        "storageAccounts/sthost: Storage Table Data Contributor",
        "topics/surplus-events: Azure Service Bus Data Sender",
        "vaults/kv-sp: Key Vault Secrets User",
    ];

    [Fact]
    public void Development_gives_exactly_these_roles() => RolesOf("dev").ShouldBe(Expected);

    [Fact]
    public void Production_adds_the_scheduler_s_task_hub() =>
        RolesOf("prod")
            .ShouldBe(Expected.Append("taskHubs/surplus: Durable Task Data Contributor").Order(StringComparer.Ordinal));

    [Fact]
    public void Roles_are_assigned_in_one_file() =>
        Directory
            .EnumerateFiles(InfraFolder.Committed.Path, "*.bicep", SearchOption.AllDirectories)
            .Where(static file => File.ReadAllText(file).Contains("roleAssignments@", StringComparison.Ordinal))
            .Select(Path.GetFileName)
            .ShouldBe(["roles.bicep"]);

    private static IEnumerable<string> RolesOf(string environment) =>
        Installation
            .Of(environment)
            .OfType("Microsoft.Authorization/roleAssignments")
            .Select(Describe)
            .Order(StringComparer.Ordinal);

    /// <summary>As <c>kind/resource: role</c>, by the role's id and not by what the assignment calls itself.</summary>
    private static string Describe(JsonElement assignment)
    {
        var properties = assignment.GetProperty("properties");
        var role = Known[properties.GetProperty("roleDefinitionId").GetString()!.Split('/')[^1]];
        properties.GetProperty("description").GetString().ShouldBe(role);
        var parts = assignment.GetProperty("id").GetString()!.Split("/providers/Microsoft.Authorization")[0].Split('/');
        return $"{parts[^2]}/{Suffix().Replace(parts[^1], "")}: {role}";
    }

    /// <summary>What makes a name unique in the world.</summary>
    [GeneratedRegex("-?[a-z0-9]{13}$")]
    private static partial Regex Suffix();
}
