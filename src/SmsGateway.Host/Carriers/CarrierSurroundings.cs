using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Flow;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Carriers;

/// <summary>Whether an account has a bind on this node that takes MOs and receipts.</summary>
internal delegate bool HasReceivingBind(string account);

// What every connector of this node shares.
internal sealed class CarrierSurroundings(
    IOptions<CarrierOptions> options,
    ConfigurationState configuration,
    ConnectorLinks links,
    SendLedgers sending,
    OutcomeLedger outcomes,
    RateLedger rates,
    NodeLease lease,
    NodeStance stance,
    NodeIdentity node,
    NodeDirectory directory,
    BindSlotLedger bindSlots,
    ReceiptLedger receipts,
    MoLedger mos,
    MoAnswers moAnswers,
    Holding holding,
    BindDirectory binds,
    LingeringBinds lingering,
    UntoldEnds untold,
    HasReceivingBind hasReceivingBind,
    HostMetrics metrics,
    TimeProvider time,
    ILoggerFactory loggers)
{
    private readonly ConcurrentDictionary<string, int> _bindNumbers = new(StringComparer.Ordinal);

    public CarrierOptions Options { get; } = options.Value;

    public ConfigurationState Configuration { get; } = configuration;

    public ConnectorLinks Links { get; } = links;

    public SendLedgers Sending { get; } = sending;

    public OutcomeLedger Outcomes { get; } = outcomes;

    public NodeLease Lease { get; } = lease;

    public NodeStance Stance { get; } = stance;

    public NodeIdentity Node { get; } = node;

    public NodeDirectory Directory { get; } = directory;

    public BindSlotLedger BindSlots { get; } = bindSlots;

    public RateLedger Rates { get; } = rates;

    public ReceiptLedger Receipts { get; } = receipts;

    public MoLedger Mos { get; } = mos;

    public MoAnswers MoAnswers { get; } = moAnswers;

    public Holding Holding { get; } = holding;

    public BindDirectory Binds { get; } = binds;

    public LingeringBinds Lingering { get; } = lingering;

    public UntoldEnds Untold { get; } = untold;

    public HostMetrics Metrics { get; } = metrics;

    public TimeProvider Time { get; } = time;

    public ILoggerFactory Loggers { get; } = loggers;

    public HasReceivingBind HasReceivingBind { get; } = hasReceivingBind;

    /// <summary>Counts the binds of a carrier from 1, over changes of its settings too.</summary>
    public int NextBindNumber(string carrier) => _bindNumbers.AddOrUpdate(carrier, 1, static (_, last) => last + 1);
}
