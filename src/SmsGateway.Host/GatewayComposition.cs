using System.Globalization;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Admin;
using SmsGateway.Host.Callbacks;
using SmsGateway.Host.Carriers;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Esme;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Host.Receiver;
using SmsGateway.Host.Snapshots;
using SmsGateway.Ledger;

namespace SmsGateway.Host;

// The gateway's table of contents: every room in the order in which it starts.
internal static class GatewayComposition
{
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        var node = builder.Configuration.GetSection(NodeOptions.Section);
        builder.AddOperations();
        builder.Services
            .AddLedger(node[nameof(NodeOptions.Name)] ?? new NodeOptions().Name, node[nameof(NodeOptions.Site)] ?? new NodeOptions().Site)
            .AddSingleton(StopSteps)
            .AddHostedService<StopOrder>()
            .AddSingleton<NodeStart>()
            .AddConfigurationDocument()
            .AddSnapshots()
            .AddHold()
            .AddFlow()
            .AddReceiver()
            .AddEsme()
            .AddCarriers()
            .AddCallbacks();
        builder.AddAdmin();
        return builder;
    }

    public static WebApplicationBuilder AddListeners(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var receiver = kestrel.ApplicationServices.GetRequiredService<IOptions<ReceiverOptions>>().Value;
            var smpp = kestrel.ApplicationServices.GetRequiredService<IOptions<SmppOptions>>().Value;
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = null; // each listener has a limit of its own
            kestrel.Listen(ListenAddress.Parse(receiver.Address));
            kestrel.Listen(ListenAddress.Parse(smpp.Address), listener => listener.UseConnectionHandler<EsmeConnectionHandler>());
        });
        // Read as text: a wrong option must not end the process before OptionsReport has named them all.
        builder.Services.AddOptions<HostOptions>().Configure<IConfiguration>((host, configuration) => host.ShutdownTimeout =
            TimeSpan.TryParse(configuration["Node:StopTimeout"], CultureInfo.InvariantCulture, out var timeout) ? timeout : new NodeOptions().StopTimeout);
        return builder;
    }

    // SIGTERM. Clients that keep to the guidelines lose nothing and are refused nothing:
    // 1. Newcomers are sent elsewhere: /health/ready is 503, binds are answered 0x08, answers over HTTP close their connections. What still comes is
    //    claimed: that needs the ledger only, and another node emits it. From here on nothing is emitted, and the others hand nothing here.
    // 2. Each customer's bind: no deliver_sm is begun, those offered may be answered, then unbind; its submits are taken until it answers that.
    // 3. to 6. What was sent to carriers and callbacks is answered; what the carriers send meanwhile is stored, acknowledged and goes to other nodes.
    // 7. Acknowledgements are written, and what is held is played into the ledger. Then the host closes the listeners: requests over HTTP were taken until now.
    // 8. The lease is given back, and the others sweep at once what this node still owns.
    private static IReadOnlyList<StopStep> StopSteps(IServiceProvider services)
    {
        var wait = services.GetRequiredService<IOptions<FlowOptions>>().Value.StopTimeout;
        var hold = services.GetRequiredService<IOptions<HoldOptions>>().Value.StopTimeout;
        var draining = services.GetRequiredService<Draining>();
        var esme = services.GetRequiredService<EsmeServer>();
        var carriers = services.GetRequiredService<CarrierConnectors>();
        var callbacks = services.GetRequiredService<CallbackPusher>();
        return
        [
            new("send newcomers elsewhere", wait, _ =>
            {
                draining.Begin();
                return Task.CompletedTask;
            }),
            new("unbind customers", wait + EsmeServer.CloseTimeout, _ => esme.UnbindAllAsync(wait)),
            new("stop sending to carriers", wait, _ => carriers.StopSendingAsync()),
            new("await the carriers' answers", wait + TimeSpan.FromSeconds(1), _ => carriers.DrainAsync(wait)),
            new("await the callbacks' answers", wait, callbacks.StopAsync),
            new("unbind from carriers", wait, _ => carriers.UnbindAllAsync(wait)),
            new("write what customers took", wait, services.GetRequiredService<DeliveryEnds>().FlushAsync),
            new("play what is held", hold, services.GetRequiredService<Backfill>().PlayedAsync),
            new("hand over what is left", wait, services.GetRequiredService<LeaseLoop>().LeaveAsync) { AfterListeners = true },
        ];
    }
}
