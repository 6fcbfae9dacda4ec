using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SmsGateway.Load.Http;

// One keep-alive HTTP/1.1 connection, one request at a time: a socket, two buffers and the little of HTTP that a receiver's answer needs.
// An HttpClient does the same at several times the CPU, and this tool shares the machine with what it measures.
internal sealed class HttpLine(Uri url) : IDisposable
{
    private readonly byte[] _out = new byte[4096];
    private readonly byte[] _in = new byte[16 * 1024];
    private readonly string _head =
        $"POST {url.PathAndQuery} HTTP/1.1\r\nHost: {url.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ";

    private Socket? _socket;
    private int _filled;

    public bool Connected => _socket is not null;

    /// <exception cref="SocketException">No connection.</exception>
    public async Task ConnectAsync(CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (IPAddress.TryParse(url.Host, out IPAddress? address))
                await socket.ConnectAsync(address, url.Port, ct);
            else
                await socket.ConnectAsync(url.Host, url.Port, ct);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        _socket = socket;
        _filled = 0;
    }

    /// <summary>Posts a form and reads the answer.</summary>
    /// <exception cref="SocketException">The connection failed; whether the request was taken is unknown.</exception>
    /// <exception cref="IOException">The peer closed, or answered nonsense.</exception>
    public async ValueTask<HttpReply> PostAsync(string form, CancellationToken ct)
    {
        int length = Encoding.ASCII.GetBytes(_head, _out);
        Utf8Formatter.TryFormat(form.Length, _out.AsSpan(length), out int digits);
        length += digits;
        "\r\n\r\n"u8.CopyTo(_out.AsSpan(length));
        length += 4;
        length += Encoding.ASCII.GetBytes(form, _out.AsSpan(length));
        for (int sent = 0; sent < length;)
            sent += await _socket!.SendAsync(_out.AsMemory(sent, length - sent), SocketFlags.None, ct);

        while (true)
        {
            if (TryRead(out HttpReply reply))
                return reply;
            if (_filled == _in.Length)
                throw new IOException("answer too long");
            int read = await _socket!.ReceiveAsync(_in.AsMemory(_filled), SocketFlags.None, ct);
            if (read == 0)
                throw new IOException("closed by the peer");
            _filled += read;
        }
    }

    public void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }

    public void Dispose() => Close();

    private bool TryRead(out HttpReply reply)
    {
        reply = default;
        Span<byte> all = _in.AsSpan(0, _filled);
        int headEnd = ((ReadOnlySpan<byte>)all).IndexOf("\r\n\r\n"u8);
        if (headEnd < 0)
            return false;
        ReadOnlySpan<byte> head = all[..(headEnd + 2)];
        Span<byte> rest = all[(headEnd + 4)..];
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head[9..], out int status, out _))
            throw new IOException("not an HTTP answer");

        int used;
        ReadOnlySpan<byte> body;
        if (Header(head, "transfer-encoding"u8).SequenceEqual("chunked"u8))
        {
            if (!TryChunks(rest, out body, out used))
                return false;
        }
        else
        {
            if (!Utf8Parser.TryParse(Header(head, "content-length"u8), out used, out _))
                throw new IOException("an answer without a length");
            if (rest.Length < used)
                return false;
            body = rest[..used];
        }

        reply = new HttpReply(
            status, HttpReply.FindId(body), Header(head, "x-duplicate"u8).SequenceEqual("true"u8), Header(head, "connection"u8).SequenceEqual("close"u8));
        int total = headEnd + 4 + used;
        all[total..].CopyTo(_in);
        _filled -= total;
        return true;
    }

    // The pieces are moved together at the front: an answer is short, and whole before anything of it is moved.
    private static bool TryChunks(Span<byte> rest, out ReadOnlySpan<byte> body, out int used)
    {
        body = default;
        used = 0;
        Span<(int Start, int Length)> pieces = stackalloc (int, int)[16];
        int count = 0;
        int size;
        do
        {
            ReadOnlySpan<byte> at = rest[used..];
            int line = at.IndexOf("\r\n"u8);
            if (line < 0)
                return false;
            if (!Utf8Parser.TryParse(at[..line], out size, out _, 'x') || count == pieces.Length)
                throw new IOException("bad chunk");
            if (at.Length < line + 2 + size + 2)
                return false;
            pieces[count++] = (used + line + 2, size);
            used += line + 2 + size + 2;
        }
        while (size > 0);

        int length = 0;
        foreach ((int start, int piece) in pieces[..count])
        {
            rest.Slice(start, piece).CopyTo(rest[length..]);
            length += piece;
        }

        body = rest[..length];
        return true;
    }

    private static ReadOnlySpan<byte> Header(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            int end = head.IndexOf("\r\n"u8);
            if (end < 0)
                return default;
            ReadOnlySpan<byte> line = head[..end];
            if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
                return line[(name.Length + 1)..].Trim((byte)' ');
            head = head[(end + 2)..];
        }
    }
}
