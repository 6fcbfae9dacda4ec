using System.Buffers;
using System.Reflection;
using SmsGateway.Host.Hold;
using SmsGateway.Ledger;

namespace SmsGateway.Host.Tests.Hold;

public sealed class JournalFormatTests
{
    [Fact]
    public void Every_kind_of_fact_is_read_as_it_was_written()
    {
        var facts = Facts.All();
        Assert.Equal(HeldFact.Kinds, facts.Select(fact => fact.Kind));
        foreach (var fact in facts)
        {
            var octets = Written(fact);
            Assert.Equal(octets, Written(FactCodec.Read(fact.Kind, FactCodec.Version, octets)));
        }
    }

    /// <summary>A field that somebody adds and the codec does not know would be lost by every journal: this fails until it is written too.</summary>
    [Theory]
    [InlineData(typeof(NewEntry))]
    [InlineData(typeof(CarrierReceipt))]
    [InlineData(typeof(NewMo))]
    [InlineData(typeof(AttemptOutcome))]
    public void No_field_of_a_fact_is_forgotten(Type type)
    {
        foreach (var fact in Facts.All())
        {
            var (before, after) = (Content(fact), Content(FactCodec.Read(fact.Kind, FactCodec.Version, Written(fact))));
            if (before.GetType() != type)
            {
                continue;
            }

            foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
            {
                var value = property.GetValue(before);
                Assert.False(value is null || value.Equals(DefaultOf(property.PropertyType)), $"Facts leaves {type.Name}.{property.Name} at its default");
                Assert.Equal(value, property.GetValue(after));
            }

            return;
        }

        Assert.Fail($"Facts has no {type.Name}");
    }

    [Fact]
    public async Task A_journal_cut_off_anywhere_gives_the_whole_records_before_the_cut_and_nothing_else()
    {
        var (file, ends) = await FileAsync();
        for (var length = 0; length < file.Length; length++)
        {
            if (length < JournalHeader.Length)
            {
                Assert.Throws<FormatException>(() => new JournalReader(file.AsMemory(0, length)));
                continue;
            }

            var reader = new JournalReader(file.AsMemory(0, length));
            var whole = ends.Count(end => end <= length);
            for (var i = 0; i < whole; i++)
            {
                Assert.True(reader.TryNext(out var item));
                Assert.Equal(ends[i], item.Next);
                Assert.NotNull(item.Frame);
            }

            Assert.False(reader.TryNext(out _));
            Assert.Equal(length - (whole == 0 ? JournalHeader.Length : ends[whole - 1]), reader.TornOctets);
        }
    }

    [Fact]
    public async Task An_octet_changed_anywhere_costs_its_own_record_and_no_other_and_never_makes_a_wrong_one()
    {
        var (file, ends) = await FileAsync();
        var records = Records(file);
        for (var at = 0; at < file.Length; at++)
        {
            foreach (var change in new byte[] { 0x01, 0x80, 0xFF })
            {
                var damaged = (byte[])file.Clone();
                damaged[at] ^= change;
                if (at < JournalHeader.Length)
                {
                    Assert.Throws<FormatException>(() => new JournalReader(damaged));
                    continue;
                }

                var hurt = ends.FindIndex(end => end > at);
                Assert.Equal(records.Where((_, i) => i != hurt), Records(damaged));
            }
        }
    }

    [Fact]
    public async Task A_record_that_a_customer_puts_into_a_message_is_never_taken_for_one()
    {
        var (file, _) = await FileAsync();
        await using var bench = new JournalBench();
        await bench.TakeAsync(new HeldSubmission(Facts.Entry() with { Payloads = [file[JournalHeader.Length..]] }));
        var path = (await bench.Journal.SealAsync())[0].Path;
        var octets = await File.ReadAllBytesAsync(path);
        octets[JournalHeader.Length + RecordFrame.Length] ^= 1; // the outer record is damaged: what is in it is looked through

        var reader = new JournalReader(octets);

        Assert.False(reader.TryNext(out _));
        Assert.Equal(octets.Length - JournalHeader.Length, reader.TornOctets);
    }

    [Fact]
    public void Octets_of_any_kind_are_refused_as_a_fact_without_a_crash()
    {
        var random = new Random(4);
        var octets = new byte[200];
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(octets);
            var body = octets.AsSpan(0, random.Next(octets.Length));
            if (round % 2 == 0)
            {
                Written(Facts.All()[round % 6]).AsSpan(0, Math.Min(60, body.Length)).CopyTo(body);
            }

            try
            {
                FactCodec.Read((FactKind)random.Next(8), FactCodec.Version, body);
            }
            catch (FormatException)
            {
                // The one way out.
            }
        }
    }

    private static byte[] Written(HeldFact fact)
    {
        var octets = new ArrayBufferWriter<byte>();
        FactCodec.Write(fact, octets);
        return octets.WrittenSpan.ToArray();
    }

    private static object Content(HeldFact fact) => fact switch
    {
        HeldSubmission held => held.Entry,
        HeldReceipt held => held.Receipt,
        HeldMo held => held.Mo,
        HeldOutcome held => held.Outcome,
        _ => fact,
    };

    private static object? DefaultOf(Type type) => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? Activator.CreateInstance(type) : null;

    private static List<string> Records(byte[] file)
    {
        var reader = new JournalReader(file);
        var records = new List<string>();
        while (reader.TryNext(out var item))
        {
            if (item.Frame is { } frame)
            {
                records.Add($"{frame.Kind} {frame.At} {Convert.ToHexString(item.Octets.Span)}");
            }
        }

        return records;
    }

    private static async Task<(byte[] File, List<long> Ends)> FileAsync()
    {
        await using var bench = new JournalBench();
        foreach (var fact in Facts.All())
        {
            Assert.True(await bench.TakeAsync(fact));
        }

        var file = await File.ReadAllBytesAsync((await bench.Journal.SealAsync())[0].Path);
        var reader = new JournalReader(file);
        var ends = new List<long>();
        while (reader.TryNext(out var item))
        {
            ends.Add(item.Next);
        }

        Assert.Equal(6, ends.Count);
        return (file, ends);
    }
}
