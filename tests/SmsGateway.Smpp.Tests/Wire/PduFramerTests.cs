using System.Buffers;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Tests.Wire;

public class PduFramerTests
{
    private const int Max = 1000;

    [Fact]
    public void Pdus_that_arrive_glued_are_taken_one_by_one()
    {
        byte[] both = [.. Wires.Encode(new EnquireLink(), 1), .. Wires.Encode(new SubmitSmResp { MessageId = "x" }, 2), 0, 0];
        var buffer = new ReadOnlySequence<byte>(both);
        Assert.True(PduFramer.TryReadFrame(ref buffer, Max, out var first));
        Assert.True(PduFramer.TryReadFrame(ref buffer, Max, out var second));
        Assert.False(PduFramer.TryReadFrame(ref buffer, Max, out _));
        Assert.Equal((16, 18, 2), (first.Length, second.Length, buffer.Length));
    }

    [Fact]
    public void A_pdu_in_single_octets_is_one_when_the_last_is_in()
    {
        var octets = Wires.Encode(new SubmitSm { SourceAddr = "12345", ShortMessage = "hello"u8.ToArray() }, 3);
        for (var length = 0; length < octets.Length; length++)
        {
            var part = Pieces(octets.AsSpan(0, length));
            Assert.False(PduFramer.TryReadFrame(ref part, Max, out _));
        }

        var whole = Pieces(octets);
        Assert.True(PduFramer.TryReadFrame(ref whole, Max, out var frame));
        Assert.Equal("12345", Assert.IsType<SubmitSm>(PduCodec.Decode(frame)).SourceAddr);
    }

    [Theory]
    [InlineData("00000000")]
    [InlineData("0000000f")]
    [InlineData("000003e9")]
    [InlineData("80000000")]
    [InlineData("ffffffff")]
    [InlineData("47455420")]
    public void A_length_that_cannot_be_is_refused_as_soon_as_it_is_seen(string hex)
    {
        var octets = Hex.Octets(hex);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fault = Assert.Throws<PduLengthException>(() =>
        {
            var buffer = new ReadOnlySequence<byte>(octets);
            PduFramer.TryReadFrame(ref buffer, Max, out _);
        });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        Assert.Equal(Convert.ToUInt32(hex, 16), fault.CommandLength);
    }

    [Fact]
    public void Three_octets_are_too_few_to_judge()
    {
        var buffer = new ReadOnlySequence<byte>(Hex.Octets("ffffff"));
        Assert.False(PduFramer.TryReadFrame(ref buffer, Max, out _));
    }

    [Theory]
    [InlineData("474554202f20485454502f312e310d0a", "HTTP")]
    [InlineData("504f5354202f", "HTTP")]
    [InlineData("505249202a20485454502f322e30", "HTTP/2")]
    [InlineData("1603010200010001fc0303", "TLS")]
    [InlineData("030000130ee0000000000001", "RDP")]
    [InlineData("5353482d322e30", "SSH")]
    [InlineData("fffb1ffffb20", "Telnet")]
    [InlineData("05010000", "SOCKS")]
    [InlineData("45484c4f2078", "SMTP")]
    [InlineData("deadbeefdeadbeef", null)]
    [InlineData("", null)]
    public void Strangers_are_called_by_their_name(string hex, string? name) =>
        Assert.Equal(name, ForeignProtocol.Recognise(Hex.Octets(hex)));

    private static ReadOnlySequence<byte> Pieces(ReadOnlySpan<byte> octets)
    {
        Piece? first = null, last = null;
        foreach (var octet in octets)
        {
            var next = new Piece(octet, last);
            first ??= next;
            last = next;
        }

        return first is null ? default : new ReadOnlySequence<byte>(first, 0, last!, 1);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        internal Piece(byte octet, Piece? previous)
        {
            Memory = new[] { octet };
            RunningIndex = previous is null ? 0 : previous.RunningIndex + 1;
            previous?.Next = this;
        }
    }
}
