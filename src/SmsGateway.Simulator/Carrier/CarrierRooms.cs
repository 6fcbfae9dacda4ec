using SmsGateway.Simulator.Behaviour;
using SmsGateway.Simulator.Timing;

namespace SmsGateway.Simulator.Carrier;

// What all binds and the control interface of one carrier share.
internal sealed class CarrierRooms
{
    public CarrierRooms(CarrierOptions options, CarrierBehaviour behaviour, TimeProvider time, CarrierLog log)
    {
        Options = options;
        Time = time;
        Log = log;
        Behaviour = new BehaviourBox<CarrierBehaviour>(behaviour, BehaviourCheck.Errors);
        Wheel = new DelayWheel(time);
        Submits = new SubmitDesk(Behaviour, options.JournalCapacity, options.Seed, time);
        Receipts = new ReceiptDesk(Binds, Wheel, options.MaxPendingReceipts);
        Reading.Set(behaviour.StopReading);
    }

    public CarrierOptions Options { get; }

    public TimeProvider Time { get; }

    public CarrierLog Log { get; }

    public BehaviourBox<CarrierBehaviour> Behaviour { get; }

    public BindRegistry Binds { get; } = new();

    public ReadingGate Reading { get; } = new();

    public DelayWheel Wheel { get; }

    public SubmitDesk Submits { get; }

    public ReceiptDesk Receipts { get; }

    /// <summary>The SMSC's own name in bind responses, at most 15 characters.</summary>
    public string SystemIdOfSmsc => Options.Name.Length <= 15 ? Options.Name : Options.Name[..15];

    /// <summary>Merges a partial behaviour. Returns what is wrong with it, or null.</summary>
    public string? UpdateBehaviour(string json)
    {
        string? error = Behaviour.TryUpdate(json);
        Reading.Set(Behaviour.Current.StopReading);
        return error;
    }
}
