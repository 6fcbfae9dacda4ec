namespace SmsGateway.EndToEnd.Tests.Topology;

/// <summary>Tests that hurt nothing share one topology; those that kill or reconfigure start their own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedTopology : ICollectionFixture<GatewayTopology>
{
    public const string Name = "shared topology";
}
