namespace SmsGateway.Drills.Mutants;

/// <summary>A gateway with one promise broken on purpose, and the drill that has to notice.</summary>
/// <param name="Name">SMSGATEWAY_MUTANT of the drill build.</param>
/// <param name="Breaks">What it does wrong.</param>
/// <param name="Drill">The drill that guards the promise.</param>
/// <param name="Promise">What that drill must find broken. Failing for another reason is not noticing.</param>
internal sealed record MutantCase(string Name, string Breaks, string Drill, string Promise);
