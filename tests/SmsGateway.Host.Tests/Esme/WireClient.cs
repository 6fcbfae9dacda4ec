using System.Buffers;
using System.Net;
using System.Net.Sockets;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Host.Tests.Esme;

// A customer on a raw socket: sends octets, reads PDUs, knows no session.
internal sealed class WireClient : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly TcpClient _tcp;
    private readonly NetworkStream _stream;
    private uint _sequence;

    private WireClient(TcpClient tcp)
    {
        _tcp = tcp;
        _stream = tcp.GetStream();
    }

    public static async Task<WireClient> ConnectAsync(IPEndPoint server)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(server);
        return new WireClient(tcp);
    }

    public async Task<BindResponse> BindAsync(BindType type, string name = EsmeBench.Name, string password = EsmeBench.Password)
    {
        await SendAsync(new BindRequest { Type = type, SystemId = name, Password = password });
        return await ReceiveAsync<BindResponse>();
    }

    /// <summary>Sends under the next number, and gives that number.</summary>
    public async Task<uint> SendAsync(Pdu pdu)
    {
        await SendAsync(pdu, ++_sequence);
        return _sequence;
    }

    public Task SendAsync(Pdu pdu, uint sequence)
    {
        var output = new ArrayBufferWriter<byte>();
        PduCodec.Encode(output, pdu, sequence);
        return SendAsync(output.WrittenMemory.ToArray());
    }

    public async Task SendAsync(byte[] octets) => await _stream.WriteAsync(octets);

    public Task SendHexAsync(string hex) => SendAsync(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    public async Task<SubmitSmResp> SubmitAsync(SubmitSm pdu)
    {
        var sequence = await SendAsync(pdu);
        var response = await ReceiveAsync<SubmitSmResp>();
        Assert.Equal(sequence, response.Sequence);
        return response;
    }

    public async Task<T> ReceiveAsync<T>()
        where T : Pdu => Assert.IsType<T>(await ReceiveAsync());

    public async Task<Pdu> ReceiveAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var head = new byte[4];
        await _stream.ReadExactlyAsync(head, limit.Token);
        var frame = new byte[System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head)];
        head.CopyTo(frame, 0);
        await _stream.ReadExactlyAsync(frame.AsMemory(4), limit.Token);
        return PduCodec.Decode(frame);
    }

    /// <summary>Nothing more comes but the end.</summary>
    public async Task ReceiveEndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            Assert.Equal(0, await _stream.ReadAsync(new byte[64], limit.Token));
        }
        catch (IOException)
        {
            // A reset is an end too.
        }
    }

    /// <summary>True while an enquire_link is answered next: nothing else was on its way.</summary>
    public async Task NothingElseComesAsync()
    {
        await SendAsync(new EnquireLink());
        await ReceiveAsync<EnquireLinkResp>();
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }
}
