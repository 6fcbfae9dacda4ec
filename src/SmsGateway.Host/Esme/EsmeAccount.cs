using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Ledger;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

// One account on this node: its binds, and the pump that hands its deliveries to any receiving bind with room, round robin.
// The pump is no loop of its own but a work item that runs while there is something to do: ten thousand idle binds cost nothing.
internal sealed class EsmeAccount : IThreadPoolWorkItem
{
    // Deliveries in one turn; then others may have the thread.
    private const int MostPerTurn = 256;
    private readonly EsmeFlow _flow;
    private readonly InFlightCount _deliveries;
    private readonly ConfigurationState _configuration;
    private readonly DeliveryLane _lane;
    private readonly Lock _gate = new();
    private readonly List<EsmeBind> _binds = [];
    private readonly List<EsmeBind> _receivers = [];
    private Delivery? _held;
    private int _next;
    private int _scheduled;

    public EsmeAccount(string name, EsmeFlow flow, InFlightCount deliveries, ConfigurationState configuration)
    {
        Name = name;
        _flow = flow;
        _deliveries = deliveries;
        _configuration = configuration;
        _lane = flow.LaneOf(name);
    }

    public string Name { get; }

    public bool IsOpen => _lane.Open;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _binds.Count;
            }
        }
    }

    /// <returns>Null when the limit of binds on this node is reached.</returns>
    public EsmeBind? TryAdd(AccountSmppSettings settings, BindType type, SmppSession session)
    {
        lock (_gate)
        {
            if (_binds.Count >= settings.BindsPerNode)
            {
                return null;
            }

            var number = 1;
            while (_binds.Exists(bind => bind.Number == number))
            {
                number++;
            }

            var added = new EsmeBind(this, number, $"{Name}@{_flow.Node}#{number}", type, settings.Window, session);
            _binds.Add(added);
            return added;
        }
    }

    /// <summary>Begins to hand deliveries over on this bind. Only after its bind response was queued.</summary>
    public void Open(EsmeBind bind)
    {
        if (!bind.Receives)
        {
            return;
        }

        lock (_gate)
        {
            if (bind.IsDismissed)
            {
                return;
            }

            _receivers.Add(bind);
            _lane.Arrived = Wake;
            _lane.Open = true;
        }

        bind.Session.WindowOpened = Wake;
        Wake();
    }

    /// <summary>The session has ended. Before its unanswered deliveries are returned, so that they cannot come back to it.</summary>
    public void Remove(EsmeBind bind)
    {
        Delivery? homeless = null;
        lock (_gate)
        {
            _binds.Remove(bind);
            if (_receivers.Remove(bind) && _receivers.Count == 0)
            {
                homeless = Close();
            }
        }

        GiveBack(homeless);
    }

    /// <summary>The client is asked to go: no deliver_sm is begun on this bind any more; what was offered may still be answered.</summary>
    public void Dismiss(EsmeBind bind)
    {
        Delivery? homeless = null;
        lock (_gate)
        {
            bind.IsDismissed = true;
            if (_receivers.Remove(bind) && _receivers.Count == 0)
            {
                homeless = Close();
            }
        }

        GiveBack(homeless);
    }

    /// <summary>Whether a bind other than this one could take a delivery.</summary>
    public bool HasOtherReceiver(EsmeBind bind)
    {
        lock (_gate)
        {
            return _receivers.Count > 1 || (_receivers.Count == 1 && !ReferenceEquals(_receivers[0], bind));
        }
    }

    /// <summary>Something arrived or room was made. Quick; any thread.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _scheduled, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        Interlocked.Exchange(ref _scheduled, 0);
        lock (_gate)
        {
            for (var sent = 0; Choose() is { } bind; sent++)
            {
                if (sent == MostPerTurn)
                {
                    Wake();
                    return;
                }

                if (_held is not null && !_lane.Keeps(_held))
                {
                    _held = null; // it waited for room longer than the lease lasted
                }

                if (_held is null && !_lane.Reader.TryRead(out _held))
                {
                    return;
                }

                Offer(bind);
            }
        }
    }

    // Under the lock. What the bind does not take stays in the hand for the next one.
    private void Offer(EsmeBind bind)
    {
        var delivery = _held!;
        _deliveries.TryEnter(int.MaxValue);
        try
        {
            if (bind.TrySend(DeliverPdu.Of(delivery, DefaultEncodingNow()), delivery))
            {
                _held = null;
                return;
            }
        }
        catch (ArgumentException error)
        {
            // It can be written to no bind, today or tomorrow.
            _held = null;
            _flow.Park(delivery, "no deliver_sm can be made of it: " + error.Message);
        }

        _deliveries.Exit();
    }

    private DefaultEncoding DefaultEncodingNow() =>
        _configuration.Current.Accounts.TryGetValue(Name, out var settings) ? settings.DefaultEncoding : DefaultEncoding.Utf8;

    // Under the lock. Binds that answer come before binds that owe an answer for too long.
    private EsmeBind? Choose()
    {
        EsmeBind? slow = null;
        for (var i = 0; i < _receivers.Count; i++)
        {
            _next = _next + 1 < _receivers.Count ? _next + 1 : 0;
            var bind = _receivers[_next];
            if (!bind.HasRoom)
            {
                continue;
            }

            if (!bind.IsSlow)
            {
                return bind;
            }

            slow ??= bind;
        }

        return slow;
    }

    // Under the lock. The lane's other deliveries go back to the ledger by OutboxPump.
    private Delivery? Close()
    {
        _lane.Open = false;
        var held = _held;
        _held = null;
        return held;
    }

    // It was never offered: the offer that Return counts is taken off first.
    private void GiveBack(Delivery? delivery)
    {
        if (delivery is not null)
        {
            _flow.Return(delivery with { Offers = (short)(delivery.Offers - 1) });
        }
    }
}
