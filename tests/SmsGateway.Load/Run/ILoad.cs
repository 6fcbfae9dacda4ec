using SmsGateway.Load.Journal;

namespace SmsGateway.Load.Run;

/// <summary>A way of handing messages in: over SMPP or over HTTP.</summary>
internal interface ILoad
{
    MessageBook Messages { get; }

    ReceiptBook Receipts { get; }

    RefusalBook Refusals { get; }

    /// <summary>Receipts were asked for.</summary>
    bool ExpectsReceipts { get; }

    /// <summary>No message without its answer, and no new one to come.</summary>
    bool Done { get; }

    /// <summary>Connections that are up.</summary>
    int Connected { get; }

    /// <summary>Connects; returns when ready to send.</summary>
    Task ConnectAsync(CancellationToken ct);

    /// <summary>Starts to send.</summary>
    void Go();

    /// <summary>No new messages.</summary>
    void StopNew();

    /// <summary>About twenty times a second: retries that are due.</summary>
    void Pulse();

    /// <summary>Disconnects in order.</summary>
    Task StopAsync();

    /// <summary>What the figures hang on: binds, windows, sizes; and what was met: statuses, bind losses.</summary>
    IEnumerable<(string Name, string Value)> Conditions();
}
