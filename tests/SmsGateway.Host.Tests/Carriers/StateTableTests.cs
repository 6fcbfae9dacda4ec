using System.Globalization;
using System.Text.RegularExpressions;
using SmsGateway.Host.Carriers;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Receipts;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Carriers;

public sealed partial class StateTableTests
{
    private static readonly string Document = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "docs", "state-table.md"));

    [Fact]
    public void The_statuses_of_the_document_are_those_of_the_code()
    {
        var written = StatusRow().Matches(Document).ToDictionary(
            row => (CommandStatus)uint.Parse(row.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            row => (Name: row.Groups[2].Value, Result: short.Parse(row.Groups[3].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(
            StateTable.StatusResults.OrderBy(row => row.Key).Select(row => (row.Key, row.Key.ToString(), row.Value)),
            written.OrderBy(row => row.Key).Select(row => (row.Key, row.Value.Name, row.Value.Result)));
    }

    [Fact]
    public void The_states_of_the_document_are_those_of_the_code()
    {
        var written = StateRow().Matches(Document).Select(row => (
            (MessageState)byte.Parse(row.Groups[1].Value, CultureInfo.InvariantCulture),
            row.Groups[2].Value,
            short.Parse(row.Groups[3].Value, CultureInfo.InvariantCulture)));
        Assert.Equal(StateTable.StateResults.OrderBy(row => row.Key).Select(row => (row.Key, row.Key.ToString(), row.Value)), written);
    }

    [Fact]
    public void Every_state_of_the_specification_is_in_the_table() =>
        Assert.Equal(Enum.GetValues<MessageState>().Order(), StateTable.StateResults.Keys.Order());

    [Theory]
    [InlineData(CommandStatus.InvalidSourceAddress, "12345", 5)]
    [InlineData(CommandStatus.InvalidSourceAddress, "Shop", 4)]
    [InlineData(CommandStatus.InvalidDestinationAddress, "Shop", 1)]
    [InlineData((CommandStatus)0x4A1, "12345", 99)]
    public void The_result_code_of_a_refusal_comes_from_status_and_sender(CommandStatus status, string sender, short result) =>
        Assert.Equal(result, StateTable.ResultOf(status, sender));

    [Fact]
    public void A_state_of_no_specification_is_unknown_and_unmapped() =>
        Assert.Equal((MessageState.Unknown, StateTable.Unmapped), StateTable.Of(null));

    [GeneratedRegex(@"^\| 0x([0-9A-F]+) \| (\w+) \| (\d+) \|$", RegexOptions.Multiline)]
    private static partial Regex StatusRow();

    [GeneratedRegex(@"^\| (\d+) \| (\w+) \| (\d+) \|$", RegexOptions.Multiline)]
    private static partial Regex StateRow();
}
