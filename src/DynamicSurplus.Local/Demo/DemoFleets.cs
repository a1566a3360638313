using DynamicSurplus.Fleets;
using DynamicSurplus.Local.Simulation;
using DynamicSurplus.Measures;

namespace DynamicSurplus.Local.Demo;

/// <summary>
/// The eight fleets of the demo: four regions, GPU clusters and developer nodes; three of them enforce the wall.
/// </summary>
internal static class DemoFleets
{
    private static readonly Rate DeveloperNode = Rate.FromUsd(0.90m);

    public static IReadOnlyList<(Fleet Fleet, DemandShape Shape)> All { get; } =
    [
        Cluster("eu-north-h100-research", "eu-north-1", "H100", gpus: 256, share: 0.44),
        Cluster("eu-north-h200-serving", "eu-north-1", "H200", gpus: 128, share: 0.52, wallEnforced: true),
        Cluster("us-east-h100-training", "us-east-1", "H100", gpus: 512, share: 0.48),
        Cluster("us-east-b200-frontier", "us-east-1", "B200", gpus: 192, share: 0.54, wallEnforced: true),
        Cluster("us-west-h200-batch", "us-west-2", "H200", gpus: 160, share: 0.42),
        Cluster("ap-south-h100-shared", "ap-south-1", "H100", gpus: 96, share: 0.46),
        Nodes("us-west-m4-ci", "us-west-2", nodes: 64, share: 0.40, wallEnforced: true),
        Nodes("eu-north-m4-ci", "eu-north-1", nodes: 48, share: 0.45),
    ];

    private static (Fleet, DemandShape) Cluster(
        string id,
        string region,
        string sku,
        int gpus,
        double share,
        bool wallEnforced = false
    ) =>
        Of(
            id,
            region,
            sku,
            new FleetAttributes("infiniband", "slurm", region[..2]),
            SkuCatalog.DefaultCeiling(sku)!.Value,
            new(gpus, share, WallEnforced: wallEnforced)
        );

    private static (Fleet, DemandShape) Nodes(
        string id,
        string region,
        int nodes,
        double share,
        bool wallEnforced = false
    ) =>
        Of(
            id,
            region,
            "mac-mini-m4",
            new FleetAttributes("ethernet", "ssh", region[..2], WorkloadClass.Build),
            DeveloperNode,
            new(nodes, share, MeanJobMinutes: 20, WallEnforced: wallEnforced)
        );

    private static (Fleet, DemandShape) Of(
        string id,
        string region,
        string sku,
        FleetAttributes attributes,
        Rate ceiling,
        DemandShape shape
    )
    {
        var policy = FleetPolicy.Under(ceiling) with { WallEnforced = shape.WallEnforced };
        return (new(FleetId.Parse(id), region, sku, "demo", "platform", attributes, policy), shape);
    }
}
