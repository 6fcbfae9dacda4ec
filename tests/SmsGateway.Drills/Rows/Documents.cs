using System.Text.Json.Nodes;
using SmsGateway.TestKit.Topology;

namespace SmsGateway.Drills.Rows;

// Settings of carriers and accounts, and behaviours of the simulated carriers.
internal static class Documents
{
    /// <summary>Both carriers' contracts limited to a rate.</summary>
    public static string WithRate(string document, int tps) => SeedDocument.With(
        SeedDocument.With(document, "carriers", "carrier-a", "tps", tps), "carriers", "carrier-b", "tps", tps);

    /// <summary>Both carriers have what is in doubt sent again, whatever its priority.</summary>
    public static string WithResend(string document)
    {
        foreach (var carrier in (string[])["carrier-a", "carrier-b"])
        {
            document = SeedDocument.With(document, "carriers", carrier, "doubt", new JsonObject
            {
                ["BULK_LOW"] = "resend",
                ["BULK"] = "resend",
                ["INTERACTIVE_LOW"] = "resend",
                ["INTERACTIVE"] = "resend",
            });
        }

        return document;
    }

    /// <summary>Tells both carriers how to behave.</summary>
    public static async Task BehaveAsync(GatewayTopology gateway, object behaviour)
    {
        await gateway.OrderAsync(gateway.CarrierA, "/behaviour", behaviour);
        await gateway.OrderAsync(gateway.CarrierB, "/behaviour", behaviour);
    }
}
