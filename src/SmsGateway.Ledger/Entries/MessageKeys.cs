using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SmsGateway.Ledger;

/// <summary>Which part of a long message a client submitted by itself (UDH or sar_* TLVs), as part of its key.</summary>
/// <param name="Reference">Reference number of the message.</param>
/// <param name="Total">Parts in all.</param>
/// <param name="Number">1-based number of this part.</param>
public readonly record struct KeyPart(int Reference, int Total, int Number);

/// <summary>
/// Makes keys: the first 16 octets of HMAC-SHA256 under the installation's key, so that any node computes the same id
/// for the same submission. Every field is length-prefixed, so that no two different submissions hash the same octets.
/// </summary>
public sealed class MessageKeys
{
    private readonly byte[] _key;

    /// <summary>Creates the maker of keys.</summary>
    /// <param name="installationKey">The installation's key, 32 octets.</param>
    /// <exception cref="ArgumentException">Not 32 octets.</exception>
    public MessageKeys(ReadOnlyMemory<byte> installationKey)
    {
        if (installationKey.Length != 32)
        {
            throw new ArgumentException("The installation key has 32 octets.", nameof(installationKey));
        }

        _key = installationKey.ToArray();
    }

    /// <summary>The installation's key, a secret: for the file that lets a node start without the ledger, and nothing else.</summary>
    public ReadOnlyMemory<byte> InstallationKey => _key;

    /// <summary>The id of a message without a client's id: a UUIDv7.</summary>
    public static Guid NewUnkeyed(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return Guid.CreateVersion7(time.GetUtcNow());
    }

    /// <summary>The key, and so the id, of (account, client message id [, part]). HTTP and SMPP share one key space per account.</summary>
    public Guid ForClientMessageId(string account, string clientMessageId, KeyPart? part = null)
    {
        var fields = new HashedFields(_key, "mt");
        fields.Add(account);
        fields.Add(clientMessageId);
        if (part is { } p)
        {
            fields.Add(p.Reference);
            fields.Add(p.Total);
            fields.Add(p.Number);
        }

        return fields.Finish();
    }

    /// <summary>The carrier's id of an MO alone: by this versions before told a repeat.</summary>
    public Guid ForMo(string connector, string carrierId)
    {
        var fields = new HashedFields(_key, "mo");
        fields.Add(connector);
        fields.Add(carrierId);
        return fields.Finish();
    }

    /// <summary>The key, and so the id, of an MO for which the carrier names an id: that id and the PDU's body, because carriers use ids again.</summary>
    public Guid ForMo(string connector, string carrierId, Guid bodyHash)
    {
        var fields = new HashedFields(_key, "named mo");
        fields.Add(connector);
        fields.Add(carrierId);
        fields.Add(bodyHash.ToByteArray(bigEndian: true));
        return fields.Finish();
    }

    /// <summary>What makes two MOs the same where the carrier names no id.</summary>
    public Guid ForMoContent(NewMo mo)
    {
        ArgumentNullException.ThrowIfNull(mo);
        const int UdhIndicator = 0x40;
        var fields = new HashedFields(_key, "mo content");
        fields.Add(mo.Connector);
        fields.Add(mo.Source);
        fields.Add(mo.Destination);
        fields.Add(mo.EsmClass & UdhIndicator);
        fields.Add(mo.DataCoding);
        fields.Add(mo.Body);
        return fields.Finish();
    }

    /// <summary>What makes two submissions of one account the same where the account asked that contents are compared.</summary>
    /// <param name="account">The account.</param>
    /// <param name="content">See <see cref="ContentHash"/>.</param>
    /// <param name="dataCoding">data_coding as submitted.</param>
    /// <param name="part">Which part of a long message it is; null = none.</param>
    public Guid ForContent(string account, Guid content, byte dataCoding, KeyPart? part)
    {
        var fields = new HashedFields(_key, "mt content");
        fields.Add(account);
        fields.Add(content.ToByteArray(bigEndian: true));
        fields.Add(dataCoding);
        fields.Add(part?.Reference ?? -1);
        fields.Add(part?.Total ?? -1);
        fields.Add(part?.Number ?? -1);
        return fields.Finish();
    }

    /// <summary>The id of an entry that lost its key to another content after it had been accepted on hold: the same for each replay of that content.</summary>
    public Guid ForRejected(Guid key, Guid content)
    {
        var fields = new HashedFields(_key, "rejected");
        fields.Add(key.ToByteArray(bigEndian: true));
        fields.Add(content.ToByteArray(bigEndian: true));
        return fields.Finish();
    }

    /// <summary>Tells one installation from another, and nothing of its key.</summary>
    public Guid Fingerprint() => new HashedFields(_key, "installation").Finish();

    /// <summary>What makes two submissions of one key the same: sender, destination, normalised payload, carrier and priority asked for.</summary>
    /// <param name="sender">Source address.</param>
    /// <param name="destination">Destination, digits only.</param>
    /// <param name="payload">The text as the client means it, before it is cut into segments.</param>
    /// <param name="carrierAsked">The carrier asked for, or null.</param>
    /// <param name="priorityAsked">The priority asked for, or null when the account's default was taken.</param>
    public Guid ContentHash(string sender, string destination, ReadOnlySpan<byte> payload, string? carrierAsked, Priority? priorityAsked)
    {
        var fields = new HashedFields(_key, "content");
        fields.Add(sender);
        fields.Add(destination);
        fields.Add(payload);
        fields.Add(carrierAsked);
        fields.Add(priorityAsked is { } priority ? (int)priority : -1);
        return fields.Finish();
    }

    // One buffer, hashed at once: cheaper than a hash that is fed piece by piece.
    private ref struct HashedFields
    {
        private readonly byte[] _key;
        private byte[] _octets;
        private int _length;

        public HashedFields(byte[] key, string purpose)
        {
            _key = key;
            _octets = ArrayPool<byte>.Shared.Rent(512);
            Add(purpose);
        }

        public void Add(string? value)
        {
            if (value is null)
            {
                Add(-1);
                return;
            }

            var length = Encoding.UTF8.GetByteCount(value);
            Add(length);
            Encoding.UTF8.GetBytes(value, Take(length));
        }

        public void Add(byte[] octets) => Add(octets.AsSpan());

        public void Add(ReadOnlySpan<byte> octets)
        {
            Add(octets.Length);
            octets.CopyTo(Take(octets.Length));
        }

        public void Add(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

        /// <summary>The key; the buffer goes back.</summary>
        public readonly Guid Finish()
        {
            Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(_key, _octets.AsSpan(0, _length), digest);
            ArrayPool<byte>.Shared.Return(_octets, clearArray: true);
            return new Guid(digest[..16], bigEndian: true);
        }

        private Span<byte> Take(int count)
        {
            if (_octets.Length - _length < count)
            {
                var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_octets.Length * 2, _length + count));
                _octets.AsSpan(0, _length).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_octets, clearArray: true);
                _octets = larger;
            }

            var place = _octets.AsSpan(_length, count);
            _length += count;
            return place;
        }
    }
}
