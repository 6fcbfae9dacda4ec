using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace SmsGateway.Ledger.Tests;

// What a node that is stopped in the middle of sending a batch leaves at the server: a transaction that waits for the rest,
// in PostgreSQL's own protocol, since no driver would do it.
internal sealed class UnfinishedBatch : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };

    private UnfinishedBatch()
    {
    }

    public static async Task<UnfinishedBatch> BeginAsync(LedgerUnderTest ledger, string sql)
    {
        var text = new NpgsqlConnectionStringBuilder(ledger.ConnectionString);
        var batch = new UnfinishedBatch();
        await batch._client.ConnectAsync(text.Host!, text.Port);
        var stream = batch._client.GetStream();
        await stream.WriteAsync(Message(null, [0, 3, 0, 0, .. Words("user", text.Username!, "database", text.Database!, "application_name", "smsgateway/" + ledger.Node.Name), 0]));
        await ReadyAsync(stream);
        byte[] parse = [.. Words("", sql), 0, 0];
        byte[] bind = [.. Words("", ""), 0, 0, 0, 0, 0, 0];
        byte[] execute = [.. Words(""), 0, 0, 0, 0];

        // No Sync: more would follow.
        await stream.WriteAsync((byte[])[.. Message('P', parse), .. Message('B', bind), .. Message('E', execute), .. Message('H', [])]);
        return batch;
    }

    public void Dispose() => _client.Dispose();

    private static byte[] Message(char? type, byte[] body)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, body.Length + 4);
        return type is { } letter ? [(byte)letter, .. length, .. body] : [.. length, .. body];
    }

    private static byte[] Words(params string[] words) => Encoding.UTF8.GetBytes(string.Concat(words.Select(w => w + "\0")));

    private static async Task ReadyAsync(NetworkStream stream)
    {
        var head = new byte[5];
        do
        {
            await stream.ReadExactlyAsync(head);
            await stream.ReadExactlyAsync(new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4]);
        }
        while (head[0] != 'Z');
    }
}
