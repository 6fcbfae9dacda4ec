using SmsGateway.Simulator.Journal;
using SmsGateway.Simulator.Timing;
using SmsGateway.Smpp.Pdus;

namespace SmsGateway.Simulator.Carrier;

// One receipt a carrier owes: waiting for its time, for a bind or for its answer. At least once: it is done only when the gateway answered.
internal sealed class Receipt(ReceiptDesk desk, SubmitJournal journal, int index, byte state, int copies, Func<DeliverSm> write) : IDelayed
{
    private Func<DeliverSm>? _write = write;
    private DeliverSm? _pdu;

    public SubmitJournal Journal => journal;

    public int Index => index;

    public byte State => state;

    /// <summary>Acknowledged transmissions still to be made; more than one where the behaviour says repeat.</summary>
    public int CopiesLeft { get; set; } = copies;

    /// <summary>Transmissions so far.</summary>
    public int Transmissions { get; set; }

    public bool Done { get; set; }

    /// <summary>The PDU, written at its first transmission and the same octets ever after.</summary>
    public DeliverSm Pdu()
    {
        if (_pdu is null)
        {
            _pdu = _write!();
            _write = null;
        }

        return _pdu;
    }

    /// <summary>Its time has come.</summary>
    public void Run()
    {
        desk.Ready(this);
        desk.Pump();
    }
}
