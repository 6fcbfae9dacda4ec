namespace SmsGateway.Host.Hold;

// The file layer under the journal: the real one, and in a drill build one that forgets what was not synced, as a machine that loses its power does.
internal interface IJournalFiles
{
    /// <summary>Makes a new file and makes its name durable.</summary>
    /// <exception cref="IOException">It exists (and is left as it is), the disk is full, or the directory cannot be written.</exception>
    IJournalFile Create(string path);

    /// <summary>Cuts off what is behind a length of a file that nobody writes any more.</summary>
    /// <returns>False: the disk refuses that too.</returns>
    bool TryCut(string path, long length);
}

// One file that is written from its beginning to its end, by one writer.
internal interface IJournalFile : IDisposable
{
    /// <exception cref="IOException">Not all of it was written.</exception>
    void Append(ReadOnlySpan<byte> octets);

    /// <summary>Returns when everything appended is on the disk.</summary>
    /// <exception cref="IOException">Nobody knows what is; never ask the same file again.</exception>
    void Sync();

    /// <summary>Cuts off what is behind a length, for good: it was refused.</summary>
    /// <returns>False: the disk refuses that too.</returns>
    bool TryCut(long length);
}
