using System.Buffers;
using System.IO.Pipelines;

namespace SmsGateway.Load.Check;

/// <summary>Takes one line, without its end.</summary>
internal delegate void TakeLine(ReadOnlySpan<byte> line);

/// <summary>Reads lines of octets; a last one without its end counts too.</summary>
internal static class LineReader
{
    public static async Task ReadAsync(PipeReader reader, TakeLine take, CancellationToken ct)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(ct);
            ReadOnlySequence<byte> buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                Take(buffer.Slice(0, end), take);
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            if (read.IsCompleted)
            {
                if (!buffer.IsEmpty)
                    Take(buffer, take);
                await reader.CompleteAsync();
                return;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private static void Take(in ReadOnlySequence<byte> line, TakeLine take)
    {
        if (line.IsSingleSegment)
            take(line.FirstSpan);
        else
            take(line.ToArray());
    }
}
