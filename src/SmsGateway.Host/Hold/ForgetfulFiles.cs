#if DRILL
using System.Buffers;

namespace SmsGateway.Host.Hold;

// Only in a drill build (SMSGATEWAY_JOURNAL=drops-unsynced): octets reach the real file when they are synced, and not before. kill -9 then does to them what a
// power cut does to a page cache, so that a journal which forgets its fsync loses what it acknowledged.
internal sealed class ForgetfulFiles(IJournalFiles real) : IJournalFiles
{
    public IJournalFile Create(string path) => new ForgetfulFile(real.Create(path));

    public bool TryCut(string path, long length) => real.TryCut(path, length);

    private sealed class ForgetfulFile(IJournalFile file) : IJournalFile
    {
        private readonly ArrayBufferWriter<byte> _unsynced = new();

        public void Append(ReadOnlySpan<byte> octets) => _unsynced.Write(octets);

        public void Sync()
        {
            WriteBack();
            file.Sync();
        }

        public bool TryCut(long length)
        {
            _unsynced.ResetWrittenCount();
            return file.TryCut(length);
        }

        // An orderly end loses nothing.
        public void Dispose()
        {
            WriteBack();
            file.Dispose();
        }

        private void WriteBack()
        {
            file.Append(_unsynced.WrittenSpan);
            _unsynced.ResetWrittenCount();
        }
    }
}
#endif
