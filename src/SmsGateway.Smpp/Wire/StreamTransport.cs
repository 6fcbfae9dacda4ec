using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace SmsGateway.Smpp.Wire;

/// <summary>A TCP (or TLS) connection as a pair of pipes, for the side that connects and for servers without Kestrel.</summary>
public sealed class StreamTransport : IDuplexPipe, IAsyncDisposable
{
    // One write syscall for what one flush of a busy session gathers.
    private const int WriteBufferLength = 64 * 1024;
    private const int ReadBufferLength = 16 * 1024;
    private readonly Stream _stream;

    /// <summary>Wraps a stream that is open both ways, and owns it from now on.</summary>
    /// <param name="stream">The stream.</param>
    public StreamTransport(Stream stream)
    {
        _stream = stream;
        Input = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBufferLength, leaveOpen: true, useZeroByteReads: true));
        Output = PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: WriteBufferLength, leaveOpen: true));
    }

    /// <summary>Wraps a connected socket, and owns it from now on.</summary>
    /// <param name="socket">The socket.</param>
    public StreamTransport(Socket socket)
        : this(new NetworkStream(Undelayed(socket), ownsSocket: true))
    {
    }

    /// <inheritdoc/>
    public PipeReader Input { get; }

    /// <inheritdoc/>
    public PipeWriter Output { get; }

    /// <summary>Connects to a peer.</summary>
    /// <param name="host">Name or address.</param>
    /// <param name="port">Port.</param>
    /// <param name="settings">TLS and TCP settings; null for the defaults.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="SocketException">No connection.</exception>
    /// <exception cref="IOException">No TLS.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The peer's certificate was not accepted.</exception>
    public static async Task<StreamTransport> ConnectAsync(string host, int port, StreamTransportSettings? settings, CancellationToken ct)
    {
        settings ??= new StreamTransportSettings();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (settings.LocalEndPoint is { } local)
                socket.Bind(local);
            if (settings.UserTimeout > TimeSpan.Zero && OperatingSystem.IsLinux())
                SetUserTimeout(socket, settings.UserTimeout);
            await socket.ConnectAsync(host, port, ct);
            Stream stream = new NetworkStream(Undelayed(socket), ownsSocket: true);
            if (settings.Tls is { } tls)
            {
                var secured = new SslStream(stream);
                await secured.AuthenticateAsClientAsync(tls, ct);
                stream = secured;
            }

            return new StreamTransport(stream);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static Socket Undelayed(Socket socket)
    {
        socket.NoDelay = true;
        return socket;
    }

    // TCP_USER_TIMEOUT: how long the kernel may keep trying to deliver octets of a process that is long gone.
    private static void SetUserTimeout(Socket socket, TimeSpan timeout)
    {
        const int tcpLevel = 6;
        const int tcpUserTimeout = 18;
        Span<byte> milliseconds = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(milliseconds, (int)timeout.TotalMilliseconds);
        socket.SetRawSocketOption(tcpLevel, tcpUserTimeout, milliseconds);
    }
}

/// <summary>How <see cref="StreamTransport.ConnectAsync"/> connects.</summary>
public sealed record StreamTransportSettings
{
    /// <summary>Null for plain TCP.</summary>
    public SslClientAuthenticationOptions? Tls { get; init; }

    /// <summary>The address to connect from; null lets the system choose.</summary>
    public IPEndPoint? LocalEndPoint { get; init; }

    /// <summary>TCP user timeout: unacknowledged octets older than this end the connection. Zero: the system's. Linux only.</summary>
    public TimeSpan UserTimeout { get; init; }
}
