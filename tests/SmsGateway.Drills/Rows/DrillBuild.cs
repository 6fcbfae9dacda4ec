namespace SmsGateway.Drills.Rows;

// Failpoints, mutants and a clock that can be set exist in the drill build only.
internal static class DrillBuild
{
    public static string? Missing()
    {
#if DRILL
        return null;
#else
        return "it needs the drill build: dotnet run -c Drill --project tests/SmsGateway.Drills";
#endif
    }
}
