using Microsoft.AspNetCore.Connections;
using SmsGateway.Host.Admin;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Receiver;

namespace SmsGateway.Host;

// A node, from its options to its exit code.
internal static class GatewayNode
{
    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        DevelopmentLedger? development;
        try
        {
            development = await DevelopmentLedger.StartIfWantedAsync(builder, CancellationToken.None);
        }
        catch (DevelopmentLedgerException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }

        await using var ownLedger = development; // ends after the node
        builder.AddGateway();
        builder.AddListeners();
        if (!OptionsReport.Accepts(builder, Console.Error))
        {
            return OptionsReport.ExitCode;
        }

        await using var app = builder.Build();
        app.MapAdmin();
        app.UseReceiver();
        try
        {
            if (development is not null)
            {
                await DevelopmentLedger.SeedAsync(app.Services, CancellationToken.None);
            }

            app.Services.GetRequiredService<Holding>().Open();
            await app.Services.GetRequiredService<NodeStart>().RunAsync(CancellationToken.None);
            await app.StartAsync();
        }
        catch (IOException error) when (error.InnerException is AddressInUseException)
        {
            // Kestrel's own words name the address: "Failed to bind to address http://...: address already in use."
            await Console.Error.WriteLineAsync(error.Message + " Stop what listens there, or set Receiver__Address, Smpp__Address or Admin__Address.");
            return 1;
        }
        catch (HoldDirectoryException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
        catch (Exception error) when (LedgerTrouble.Explain(error) is { } explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return 1;
        }

        app.Services.GetRequiredService<Readiness>().MarkStarted();
        await app.WaitForShutdownAsync();
        return 0;
    }
}
