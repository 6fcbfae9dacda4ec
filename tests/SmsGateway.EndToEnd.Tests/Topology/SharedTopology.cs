using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests.Topology;

/// <summary>One node, started once for all tests that hurt nothing.</summary>
public sealed class SharedGateway : GatewayTopology, IAsyncLifetime
{
    // Patient: on a slow machine the ledger is away for seconds, and on hold a repeat is not known as one.
    public SharedGateway() => (Options["Ledger__LeaseValidFor"], Options["Ledger__LeaseDeadAfter"]) = ("00:01:00", "00:01:30");
}

/// <summary>Tests that hurt nothing share one topology; those that kill or reconfigure start their own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedTopology : ICollectionFixture<SharedGateway>
{
    public const string Name = "shared topology";
}
