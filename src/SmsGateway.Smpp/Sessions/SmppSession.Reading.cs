using System.Buffers;
using System.IO.Pipelines;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Wire;

namespace SmsGateway.Smpp.Sessions;

// Incoming: the one read loop of the repository. Every whole PDU of a read is dispatched before the next read.
public sealed partial class SmppSession
{
    private long _lastHeard;
    private bool _anythingHeard;

    private async Task ReadLoopAsync()
    {
        try
        {
            while (await ReadOnceAsync(_transport.Input))
            {
            }
        }
        catch (Exception e)
        {
            Close(SessionEndReason.HandlerError, e);
        }
    }

    // False when the session is closed, by this read or before it.
    private async ValueTask<bool> ReadOnceAsync(PipeReader input)
    {
        ReadResult read;
        try
        {
            read = await input.ReadAsync(CancellationToken.None);
        }
        catch (Exception e)
        {
            Close(SessionEndReason.TransportError, e);
            return false;
        }

        var buffer = read.Buffer;
        try
        {
            var any = false;
            Cork();
            while (PduFramer.TryReadFrame(ref buffer, _options.MaxPduLength, out var frame))
            {
                any = any || Heard();
                var dispatched = DispatchAsync(frame);
                if (dispatched.IsCompletedSuccessfully)
                    continue;
                Uncork();
                await dispatched;
                Cork();
            }

            if (any)
                EndBatch();
            if (_state == SessionState.Closed)
                return false;
            if (read.IsCompleted)
                Close(_unbindAnswered ? SessionEndReason.Unbound : buffer.IsEmpty ? SessionEndReason.PeerClosed : SessionEndReason.Truncated);
            return !read.IsCompleted;
        }
        catch (PduLengthException e)
        {
            OnBadLength(buffer, e);
            return false;
        }
        finally
        {
            Uncork();
            input.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    // Only whole PDUs prove life; a peer that drips octets does not.
    private bool Heard()
    {
        Volatile.Write(ref _lastHeard, _time.GetTimestamp());
        return _anythingHeard = true;
    }

    private void EndBatch()
    {
        _handler.OnBatchRead(this);
        if (!_slotFreed)
            return;
        _slotFreed = false;
        WindowOpened?.Invoke();
    }

    // Framing is lost. Said to an SMPP peer; a stranger gets nothing but the end.
    private void OnBadLength(in ReadOnlySequence<byte> buffer, PduLengthException e)
    {
        Span<byte> first = stackalloc byte[PduHeader.Length];
        first = first[..(int)Math.Min(first.Length, buffer.Length)];
        buffer.Slice(0, first.Length).CopyTo(first);
        var protocol = _anythingHeard ? null : ForeignProtocol.Recognise(first);
        ImpossibleLength(RemoteEndPoint, e.CommandLength, protocol ?? "unknown");
        if (protocol is null)
        {
            var sequence = first.Length == PduHeader.Length ? PduHeader.Read(first).Sequence : 0;
            Answer(sequence, new GenericNack { Status = CommandStatus.InvalidCommandLength }, ofHandler: false);
        }

        Close(SessionEndReason.BadLength, e);
    }
}
