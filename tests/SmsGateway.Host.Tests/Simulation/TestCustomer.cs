using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Wire;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Simulation;

// One real bind to a simulated carrier, as the gateway would have it; what comes in is kept, and answered as told.
internal sealed class TestCustomer : ISmppSessionHandler, IAsyncDisposable
{
    private readonly StreamTransport _transport;
    private readonly SmppSession _session;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task<SessionEnd> _running;

    private TestCustomer(StreamTransport transport, int window)
    {
        _transport = transport;
        _session = new SmppSession(transport, new SmppSessionOptions { WindowSize = window }, this, TimeProvider.System, NullLogger.Instance);
        _running = _session.RunAsync(_stopping.Token);
    }

    public ConcurrentQueue<DeliverSm> Delivered { get; } = new();

    public ConcurrentQueue<Pdu> Responses { get; } = new();

    /// <summary>Both of the above in the order of the wire.</summary>
    public ConcurrentQueue<Pdu> Arrivals { get; } = new();

    /// <summary>How deliver_sm are answered; null = not at all.</summary>
    public CommandStatus? AnswerWith { get; set; } = CommandStatus.Ok;

    public Task<SessionEnd> Ended => _running;

    public static async Task<TestCustomer> ConnectAsync(IPEndPoint to, int window = 100)
        => new(await StreamTransport.ConnectAsync(to.Address.ToString(), to.Port, null, CancellationToken.None), window);

    public static async Task<TestCustomer> BoundAsync(IPEndPoint to, BindType type = BindType.Transceiver)
    {
        TestCustomer customer = await ConnectAsync(to);
        Pdu answer = await customer.BindAsync(type, "smsgw", "smsgw");
        Assert.Equal(CommandStatus.Ok, answer.Status);
        return customer;
    }

    public async Task<Pdu> BindAsync(BindType type, string systemId, string password)
        => await _session.RequestAsync(new BindRequest { Type = type, SystemId = systemId, Password = password }, CancellationToken.None);

    public async Task<SubmitSmResp> SubmitAsync(string text, byte registered = 0, string destination = "447700900001")
        => (SubmitSmResp)await _session.RequestAsync(Message(text, registered, destination), CancellationToken.None);

    /// <summary>Sends without waiting; the answer is found in <see cref="Responses"/>.</summary>
    public bool Send(string text, byte registered = 0) => _session.TrySend(Message(text, registered, "447700900001"), text);

    public Task ReceivedAsync(int count) => Eventually.TrueAsync(() => Delivered.Count >= count, $"{count} deliver_sm, {Delivered.Count} came");

    public ValueTask OnRequestAsync(SmppSession session, Pdu request, CancellationToken ct)
    {
        if (request is DeliverSm deliver)
        {
            Arrivals.Enqueue(deliver);
            Delivered.Enqueue(deliver);
            if (AnswerWith is { } status)
                session.Respond(request, new DeliverSmResp { Status = status });
        }

        return ValueTask.CompletedTask;
    }

    public void OnResponse(SmppSession session, PendingRequest request, Pdu response)
    {
        Arrivals.Enqueue(response);
        Responses.Enqueue(response);
    }

    public void OnOverdue(SmppSession session, PendingRequest request)
    {
    }

    public void OnBatchRead(SmppSession session)
    {
    }

    public void OnBadPdu(SmppSession session, PduBodyException fault) => Assert.Fail(fault.Message);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        await _transport.DisposeAsync();
        _stopping.Dispose();
    }

    private static SubmitSm Message(string text, byte registered, string destination) => new()
    {
        SourceAddr = "12345",
        DestinationAddr = destination,
        RegisteredDelivery = registered,
        ShortMessage = System.Text.Encoding.ASCII.GetBytes(text),
        Tlvs = [Tlv.OfUInt16(TlvTag.UserMessageReference, 7)],
    };
}
