using SmsGateway.TestKit.Topology;

namespace SmsGateway.EndToEnd.Tests.Topology;

/// <summary>One node, started once for all tests that hurt nothing.</summary>
public sealed class SharedGateway : GatewayTopology, IAsyncLifetime;

/// <summary>Tests that hurt nothing share one topology; those that kill or reconfigure start their own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedTopology : ICollectionFixture<SharedGateway>
{
    public const string Name = "shared topology";
}
