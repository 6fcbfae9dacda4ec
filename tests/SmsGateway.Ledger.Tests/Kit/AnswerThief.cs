using System.Net;
using System.Net.Sockets;

namespace SmsGateway.Ledger.Tests;

// A TCP proxy before PostgreSQL that can lose answers: the server has committed, the client never learns it.
internal sealed class AnswerThief : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _server;
    private readonly List<Task> _pumps = [];
    private readonly Task _accepting;
    private int _toSteal;
    private int _stolen;

    public AnswerThief(IPEndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answers lost so far.</summary>
    public int Stolen => Volatile.Read(ref _stolen);

    /// <summary>Whether a stolen answer closes the connection (the client knows at once) or leaves it silent.</summary>
    public bool Silent { get; set; }

    /// <summary>Loses the answers of this many connections, from the next that answers.</summary>
    public void Steal(int connections) => Volatile.Write(ref _toSteal, connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        Task[] pumps;
        lock (_pumps)
        {
            pumps = [.. _pumps];
        }

        await Task.WhenAll(pumps);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                lock (_pumps)
                {
                    _pumps.Add(ServeAsync(client));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        using var server = new TcpClient();
        await server.ConnectAsync(_server);
        (client.NoDelay, server.NoDelay) = (true, true);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        await Task.WhenAll(
            PumpAsync(client.GetStream(), server.GetStream(), () => true, either), PumpAsync(server.GetStream(), client.GetStream(), () => Let(either), either));
    }

    private static async Task PumpAsync(NetworkStream from, NetworkStream to, Func<bool> let, CancellationTokenSource either)
    {
        var buffer = new byte[65536];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, either.Token)) > 0)
            {
                if (let())
                {
                    await to.WriteAsync(buffer.AsMemory(0, read), either.Token);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // One side is gone.
        }

        await either.CancelAsync();
    }

    // PostgreSQL sends the answer of a small batch in one piece, after its COMMIT.
    private bool Let(CancellationTokenSource either)
    {
        if (Interlocked.Decrement(ref _toSteal) < 0)
        {
            Volatile.Write(ref _toSteal, 0);
            return true;
        }

        Interlocked.Increment(ref _stolen);
        if (!Silent)
        {
            either.Cancel();
        }

        return false;
    }
}
