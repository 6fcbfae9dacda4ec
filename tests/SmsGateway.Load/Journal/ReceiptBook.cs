namespace SmsGateway.Load.Journal;

// Receipts a client got. Each (message, state) counts once; the same delivery id twice is "offered again", which at-least-once allows. A state that comes
// again under another delivery id is a second receipt: the gateway owes one per receipt that carriers made. Receipts that name only the gateway's id are resolved at the end, when every acceptance is known.
internal sealed class ReceiptBook(MessageBook messages, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly byte[] _states = new byte[messages.Capacity];
    private readonly byte[] _again = new byte[messages.Capacity];
    private readonly int[] _afterUs = new int[messages.Capacity];
    private readonly HashSet<ulong> _deliveries = [];
    private readonly List<(ulong Id, byte State, long At, bool HasDelivery)> _unresolved = [];
    private readonly List<ulong> _offeredAgain = [];
    private int _distinct;
    private int _repeated;
    private int _foreign;
    private long _last;

    /// <summary>Distinct (message, state) received so far, unresolved ones not counted.</summary>
    public int Distinct => Volatile.Read(ref _distinct);

    /// <summary>Everything taken in so far: moves while anything moves.</summary>
    public long Taken
    {
        get
        {
            lock (_gate)
            {
                return _distinct + _repeated + _offeredAgain.Count + _unresolved.Count + _foreign;
            }
        }
    }

    /// <summary>Receipts so far, repeats and foreign ones left out: what the run's end waits for. A repeat must not stand in for one that is still to come.</summary>
    public long Once
    {
        get
        {
            lock (_gate)
            {
                return _distinct + _unresolved.Count;
            }
        }
    }

    /// <summary>Receipts that belong to no message of this run.</summary>
    public int Foreign => Volatile.Read(ref _foreign);

    /// <summary>How often a delivery that was had already came again.</summary>
    public int OfferedAgain => _offeredAgain.Count;

    /// <summary>Timestamp of the last new receipt.</summary>
    public long Last => Volatile.Read(ref _last);

    /// <summary>Received states of a message: bit n-1 stands for message_state n.</summary>
    public byte States(int number) => _states[number];

    /// <summary>How many receipts of a message told a state that another delivery had told.</summary>
    public int Again(int number) => _again[number];

    /// <summary>Microseconds from first sending to the first final receipt; 0 = none.</summary>
    public int AfterUs(int number) => _afterUs[number];

    /// <summary>A receipt came. number -1: only the gateway's id is known. deliveryId 0: none was given.</summary>
    public void Take(int number, ulong gatewayId, byte state, ulong deliveryId) => Take(number, gatewayId, state, deliveryId, time.GetTimestamp());

    /// <summary>A receipt came at that timestamp.</summary>
    public void Take(int number, ulong gatewayId, byte state, ulong deliveryId, long now)
    {
        lock (_gate)
        {
            if (deliveryId != 0 && !_deliveries.Add(deliveryId))
                _offeredAgain.Add(deliveryId);
            else if (number >= 0)
                Note(number, state, now, deliveryId != 0);
            else if (_unresolved.Count < messages.Capacity * 4)
                _unresolved.Add((gatewayId, state, now, deliveryId != 0));
        }
    }

    /// <summary>Matches receipts by the gateway's id; after the last acceptance.</summary>
    public void Resolve()
    {
        lock (_gate)
        {
            if (_unresolved.Count == 0)
                return;
            var numbers = new Dictionary<ulong, int>(messages.Issued);
            for (int i = 0; i < messages.Issued; i++)
            {
                if (messages.Id(i) != 0)
                    numbers[messages.Id(i)] = i;
            }

            foreach ((ulong id, byte state, long at, bool hasDelivery) in _unresolved)
            {
                if (numbers.TryGetValue(id, out int number))
                    Note(number, state, at, hasDelivery);
                else
                    _foreign++;
            }

            _unresolved.Clear();
        }
    }

    private void Note(int number, byte state, long at, bool hasDelivery)
    {
        if (number >= messages.Issued || state is 0 or > 8)
        {
            _foreign++;
            return;
        }

        byte bit = (byte)(1 << (state - 1));
        if ((_states[number] & bit) != 0)
        {
            // Without a delivery id (HTTP) message and state are the identity.
            if (!hasDelivery)
            {
                _offeredAgain.Add(IdHash.Of($"{number}/{state}"));
                return;
            }

            _repeated++;
            _again[number] = (byte)Math.Min(byte.MaxValue, _again[number] + 1);
            return;
        }

        _states[number] |= bit;
        _distinct++;
        _last = at;
        if (_afterUs[number] == 0 && state is not (1 or 6))
            _afterUs[number] = Math.Max(1, messages.AfterFirstSent(number, at));
    }
}
