using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Tests.Kit;
using Xunit.Abstractions;

namespace SmsGateway.Smpp.Tests.Wire;

// PDUs out of other people's test suites: every line of the file that SMSGATEWAY_VECTORS names.
public class VectorTests(ITestOutputHelper output)
{
    private const string Variable = "SMSGATEWAY_VECTORS";
    private const string Broken = "#broken ";

    // Read with tolerance, written as the specification has it.
    private static readonly Dictionary<string, string> Differences = new()
    {
        // A message id that the end of the PDU ends, without its NUL.
        ["0000001180000004000000000a342ee139"] = "0000001280000004000000000a342ee13900",
    };

    // Not well-formed after all.
    private static readonly Dictionary<string, CommandStatus> Refused = new()
    {
        // sm_length says 16, and 8 octets follow.
        ["00000039000000050000000000000001000101393939393139393134353933000000363436340000000000000000080010c1e1e9edf3faf1fc"] =
            CommandStatus.InvalidMessageLength,

        // receipted_message_id says 65, and 5 octets follow.
        ["000000a40000000500000000000000050001013233343830333337363831353100050056414e534f00040000000004000000"
            + "6369643a30303030303033303035207375623a30303120646c7672643a303031207375626d697420646174653a3130303131"
            + "383134333120646f6e6520646174653a3130303131383134333120737461743a44454c49565244206572723a3030302074650427000102001e00413330303500"] = CommandStatus.InvalidOptionalParameterStream,
    };

    [Fact]
    public void Every_line_is_read_and_written_again_or_is_a_listed_difference()
    {
        var lines = Lines(line => !line.StartsWith('#'));
        var seen = new HashSet<string>();
        foreach (var hex in lines)
        {
            if (Refused.TryGetValue(hex, out var status))
            {
                Assert.Equal(status, Assert.Throws<PduBodyException>(() => Wires.Decode(hex)).AnswerStatus);
                continue;
            }

            var pdu = Wires.Decode(hex);
            var again = Wires.EncodeHex(pdu, pdu.Sequence);
            if (again != hex)
                Assert.Equal(Differences.GetValueOrDefault(hex, hex), again);
            seen.Add(hex);
        }

        output.WriteLine($"{seen.Count} PDUs, {Differences.Count} listed differences, {Refused.Count} refused");
    }

    [Fact]
    public void Every_line_that_is_broken_on_purpose_is_read_as_an_error_response_and_written_again()
    {
        foreach (var line in Lines(line => line.StartsWith(Broken, StringComparison.Ordinal)))
        {
            var hex = line[Broken.Length..];
            var pdu = Wires.Decode(hex);
            Assert.True(pdu.IsResponse && pdu.Status != CommandStatus.Ok);
            Assert.Equal(hex, Wires.EncodeHex(pdu, pdu.Sequence));
        }
    }

    private List<string> Lines(Func<string, bool> wanted)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } file)
        {
            output.WriteLine($"{Variable} is not set: nothing was checked");
            return [];
        }

        var lines = File.ReadLines(file).Where(line => line.Length > 0 && wanted(line)).Select(line => line.Split('\t')[0]).ToList();
        Assert.NotEmpty(lines);
        return lines;
    }
}
