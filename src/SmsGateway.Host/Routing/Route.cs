namespace SmsGateway.Host.Routing;

/// <summary>Where a message may go: enabled connectors in order of preference, and what each segment costs.</summary>
internal sealed record Route(string[] Connectors, decimal Price, decimal Cost, string? Currency);
