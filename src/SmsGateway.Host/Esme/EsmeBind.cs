using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;

namespace SmsGateway.Host.Esme;

// One bind of an account on this node, from its bind response to the end of its session.
internal sealed class EsmeBind(EsmeAccount account, int number, string name, BindType type, int window, SmppSession session)
{
    private int _unanswered;
    private int _overdue;
    private volatile bool _refusing;

    public EsmeAccount Account { get; } = account;

    /// <summary>The smallest number that was free among the account's binds here.</summary>
    public int Number { get; } = number;

    /// <summary><c>account@node#n</c>.</summary>
    public string Name { get; } = name;

    public BindType Type { get; } = type;

    /// <summary>Requests that may be unanswered in each direction.</summary>
    public int Window { get; } = window;

    public SmppSession Session { get; } = session;

    public bool Receives => Type != BindType.Transmitter;

    /// <summary>deliver_sm without an answer, overdue ones too: they keep their place until the session ends.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>deliver_sm that may still be answered in time.</summary>
    public InFlightCount Offered { get; } = new();

    /// <summary>Set under the account's lock when the client is asked to go: it is offered nothing more.</summary>
    public bool IsDismissed { get; set; }

    public bool HasRoom => Unanswered < Window && !_refusing;

    /// <summary>Some deliver_sm was not answered in time; other binds are asked first.</summary>
    public bool IsSlow => Volatile.Read(ref _overdue) > 0;

    /// <summary>Offers a deliver_sm. The place is taken before the octets leave, because the answer may be faster than this thread.</summary>
    /// <returns>False when the session is closed or takes no more octets now; then nothing was queued.</returns>
    /// <exception cref="ArgumentException">No octets can be made of it; nothing was queued.</exception>
    public bool TrySend(DeliverSm pdu, object context)
    {
        Interlocked.Increment(ref _unanswered);
        Offered.TryEnter(int.MaxValue);
        try
        {
            if (Session.TrySend(pdu, context))
            {
                return true;
            }
        }
        catch (ArgumentException)
        {
            TakeBack();
            throw;
        }

        TakeBack();
        _refusing = true; // until an answer makes room; a closed session never answers
        return false;
    }

    public void Answered(bool late)
    {
        Interlocked.Decrement(ref _unanswered);
        if (late)
        {
            Interlocked.Decrement(ref _overdue);
        }
        else
        {
            Offered.Exit();
        }

        _refusing = false;
    }

    public void Overdue()
    {
        Interlocked.Increment(ref _overdue);
        Offered.Exit();
    }

    private void TakeBack()
    {
        Interlocked.Decrement(ref _unanswered);
        Offered.Exit();
    }
}
