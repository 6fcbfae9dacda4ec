namespace SmsGateway.Host.Operations;

/// <summary>A rule over options of several sections, reported with the failures of each section.</summary>
/// <param name="Failure">What is wrong, with the option's full name; null when nothing is.</param>
internal sealed record OptionsRule(Func<IConfiguration, string?> Failure);
