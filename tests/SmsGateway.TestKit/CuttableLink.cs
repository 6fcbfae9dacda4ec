using System.Net;
using System.Net.Sockets;

namespace SmsGateway.TestKit;

/// <summary>
/// A TCP link to a server that can be cut: silently, as when packets are dropped on the way (connections stay, nothing arrives, new ones get no answer), or
/// with resets, as when the way answers that nobody is there.
/// </summary>
public sealed class CuttableLink : IAsyncDisposable
{
    private const int MostConnections = 2000;
    private const int Chunk = 64 * 1024;

    private readonly IPEndPoint _server;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly List<Task> _running = [];
    private readonly Task _accepting;
    private TaskCompletionSource _open = Done();
    private bool _resets;
    private int _accepted;

    /// <summary>Listens on a free port of 127.0.0.1 and forwards to the server.</summary>
    public CuttableLink(IPEndPoint server)
    {
        _server = server;
        _listener.Start(512);
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that were begun, also while it is cut.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>From now on nothing gets through. What was on its way arrives after <see cref="Heal"/>, unless an end gave the connection up.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            if (_open.Task.IsCompleted)
                _open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>From now on every connection is reset, new ones too.</summary>
    public void Reset()
    {
        lock (_gate)
        {
            _resets = true;
            foreach (var socket in _sockets)
                Abort(socket);
        }
    }

    public void Heal()
    {
        lock (_gate)
        {
            _resets = false;
            _open.TrySetResult();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        Reset();
        await _accepting;
        await Task.WhenAll(_running);
        _ended.Dispose();
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }

    // A reset, not an orderly end. Also of one that was aborted before.
    private static void Abort(Socket socket) => socket.Close(0);

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_ended.Token);
                lock (_gate)
                {
                    _running.RemoveAll(task => task.IsCompleted);
                    if (_resets || _running.Count >= MostConnections)
                    {
                        Abort(client);
                        continue;
                    }

                    Interlocked.Increment(ref _accepted);
                    _sockets.Add(client);
                    _running.Add(CarryAsync(client));
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The link is disposed of.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (_gate)
            _sockets.Add(server);
        try
        {
            await OpenAsync();
            await server.ConnectAsync(_server, _ended.Token);
            await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // One end is gone: so is the other.
        }
        finally
        {
            lock (_gate)
            {
                _sockets.Remove(client);
                _sockets.Remove(server);
            }

            Abort(client);
            Abort(server);
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[Chunk];
        while (await from.ReceiveAsync(buffer, _ended.Token) is > 0 and var read)
        {
            await OpenAsync();
            for (var sent = 0; sent < read;)
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _ended.Token);
        }

        to.Shutdown(SocketShutdown.Send);
    }

    private Task OpenAsync()
    {
        lock (_gate)
            return _open.Task.WaitAsync(_ended.Token);
    }
}
