using System.Text.Json;
using Microsoft.Extensions.Options;
using SmsGateway.Host.Hold;
using SmsGateway.Host.Operations;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Snapshots;

// The two files of a node: the snapshot, replaced when something in it changes; and the mark, how far the node has seen its own row in the ledger
// get, replaced with each renewal. The mark is small and not synced: lost with the machine, it costs the notice of a restore, and the runbook
// does not rely on that.
internal sealed class SnapshotFiles(IOptions<SnapshotOptions> options, IOptions<NodeOptions> node, IOptions<HoldOptions> hold)
{
    private const int Format = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Whether a node may start from it. Without hold it would only refuse.</summary>
    public bool MayStart => options.Value.Enabled && hold.Value.Enabled;

    /// <summary>The snapshot's path.</summary>
    public string Path { get; } = System.IO.Path.Combine(options.Value.Directory, node.Value.Name, "snapshot");

    private string MarkPath => System.IO.Path.Combine(options.Value.Directory, node.Value.Name, "mark");

    /// <exception cref="IOException">The disk.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory.</exception>
    public void Write(NodeSnapshot snapshot) => SealedFile.Write(Path, "snapshot", Format, JsonSerializer.SerializeToUtf8Bytes(snapshot, Json), durable: true);

    /// <returns>Null when there is none.</returns>
    /// <exception cref="SealedFileException">It is damaged, or another node's, or its configuration is not valid by this version's rules.</exception>
    public NodeSnapshot? Read()
    {
        if (SealedFile.Read(Path, "snapshot", Format) is not { } body)
        {
            return null;
        }

        NodeSnapshot snapshot;
        try
        {
            snapshot = JsonSerializer.Deserialize<NodeSnapshot>(body, Json)!;
        }
        catch (JsonException error)
        {
            throw new SealedFileException($"{Path} is no snapshot that this version reads: {error.Message}", error);
        }

        var me = node.Value;
        if (snapshot.Node != me.Name || snapshot.Site != me.Site)
        {
            throw new SealedFileException($"{Path} is of node {snapshot.Node} of site {snapshot.Site}, and this is {me.Name} of {me.Site}.");
        }

        return snapshot.InstallationKey.Length == 32 && snapshot.Id > 0 && snapshot.Version > 0 && snapshot.Configuration() is not null
            ? snapshot
            : throw new SealedFileException($"{Path} has a configuration or a key that is not valid by this version's rules.");
    }

    /// <exception cref="IOException">The disk.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory.</exception>
    public void WriteMark(NodeMark mark) => SealedFile.Write(MarkPath, "mark", Format, JsonSerializer.SerializeToUtf8Bytes(mark, Json), durable: false);

    /// <returns>Null when there is none, or none that can be used.</returns>
    public NodeMark? ReadMark()
    {
        try
        {
            return SealedFile.Read(MarkPath, "mark", Format) is { } body ? JsonSerializer.Deserialize<NodeMark>(body, Json) : null;
        }
        catch (Exception error) when (error is SealedFileException or JsonException)
        {
            return null; // a machine that ended in the middle of it
        }
    }
}
