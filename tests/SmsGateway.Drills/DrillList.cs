using SmsGateway.Drills.Play;
using SmsGateway.Drills.Rows;

namespace SmsGateway.Drills;

/// <summary>Every drill, in the order of <c>all</c>.</summary>
internal static class DrillList
{
    public static IReadOnlyList<Drill> All { get; } =
    [
        .. NodeDeaths.All, .. NodeTroubles.All, .. Fences.All,
        .. LedgerTroubles.All, .. LedgerFailovers.All, .. StandbyTroubles.All, .. HeldDeaths.All, .. DiskTroubles.All, .. Restores.All,
        .. CarrierTroubles.All, .. CustomerTroubles.All, .. MoTroubles.All, .. ClockTroubles.All, .. Upgrades.All,
    ];

    public static Drill? Find(string name) => All.FirstOrDefault(drill => drill.Name == name);
}
