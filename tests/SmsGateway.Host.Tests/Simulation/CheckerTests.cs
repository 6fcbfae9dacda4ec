using System.Text;
using SmsGateway.Load.Check;
using SmsGateway.Load.Journal;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Simulation;

// The checker itself has to be proved: a checker that sees nothing passes everything.
public sealed class CheckerTests
{
    private readonly Marker _marker = new("mtest01");
    private readonly MessageBook _messages = new(4, new ManualTimeProvider());
    private readonly ReceiptBook _receipts;
    private readonly CarrierTally _carriers;
    private readonly HashSet<ulong> _doubts = [];
    private readonly HashSet<ulong> _sentAgain = [];

    private DoubtList Listed => new(_doubts, _doubts.Count, _sentAgain, []);

    public CheckerTests()
    {
        _receipts = new ReceiptBook(_messages, new ManualTimeProvider());
        _carriers = new CarrierTally(_marker, 4);
        for (int i = 0; i < 4; i++)
            Accept(_messages.Next());
    }

    [Fact]
    public void A_run_in_which_everything_arrived_once_passes()
    {
        for (int i = 0; i < 4; i++)
        {
            Submit(i);
            _receipts.Take(i, 0, 2, (ulong)i + 1);
        }

        CheckResult result = Check();
        Assert.True(result.Passed);
        Assert.Equal((4, 4, 4, 4), (result.Accepted, result.Emitted, result.ReceiptsExpected, result.Receipts));
    }

    [Fact]
    public void A_lost_message_is_noticed_by_name()
    {
        Submit(0, 1, 3);
        CheckResult result = Check(receipts: false);
        Assert.False(result.Passed);
        Assert.Equal(["mtest01-2"], result.Lost.Ids);
        Assert.Equal(0, result.Duplicated.Count);
    }

    [Fact]
    public void A_duplicated_message_is_noticed_by_name()
    {
        Submit(0, 1, 2, 3, 1);
        CheckResult result = Check(receipts: false);
        Assert.False(result.Passed);
        Assert.Equal(["mtest01-1"], result.Duplicated.Ids);
        Assert.Equal(0, result.Lost.Count);
    }

    [Fact]
    public void A_message_sent_twice_by_decision_is_no_fault_where_it_is_marked_and_only_there()
    {
        Submit(0, 1, 2, 3, 1, 2);
        _sentAgain.Add(_messages.Id(1));
        CheckResult result = Check(receipts: false);
        Assert.False(result.Passed);
        Assert.Equal(["mtest01-1"], result.SentAgain.Ids);
        Assert.Equal(["mtest01-2"], result.Duplicated.Ids);
        _sentAgain.Add(_messages.Id(2));
        Assert.True(Check(receipts: false).Passed);
    }

    [Fact]
    public void A_submit_that_was_never_answered_counts_as_taken()
    {
        Submit(0, 1, 2, 3);
        Submit(2, "-");
        Assert.Equal(["mtest01-2"], Check(receipts: false).Duplicated.Ids);
    }

    [Fact]
    public void A_submit_the_carrier_refused_is_neither_taken_nor_a_duplicate()
    {
        Submit(0, 1, 2);
        Submit(2, "88");
        Submit(3, "11");
        CheckResult result = Check(receipts: false);
        Assert.True(result.Passed);
        Assert.Equal(3, result.Emitted);
        Assert.Equal(["mtest01-3"], result.RefusedByCarrier.Ids);
    }

    [Fact]
    public void A_doubt_the_carrier_never_saw_is_in_doubt_and_not_lost()
    {
        Submit(0, 1, 2);
        _doubts.Add(_messages.Id(3));
        _doubts.Add(_messages.Id(0));
        CheckResult result = Check(receipts: false);
        Assert.True(result.Passed);
        Assert.Equal(["mtest01-0", "mtest01-3"], result.InDoubt.Ids);
        Assert.Equal(["mtest01-3"], result.InDoubtUnseen.Ids);
        Assert.Equal((4, 3, 0), (result.Accepted, result.Emitted, result.Unaccounted));
    }

    [Fact]
    public void The_accounts_add_up_with_what_carriers_refused_and_what_was_never_acknowledged_and_not_with_what_is_lost()
    {
        var messages = new MessageBook(6, new ManualTimeProvider());
        for (int i = 0; i < 6; i++)
            messages.Next();
        foreach (int accepted in new[] { 0, 1, 2, 3 })
            messages.Accept(accepted, IdHash.Of($"gateway-{accepted}"));
        var carriers = new CarrierTally(_marker, 6);
        Submit(carriers, 0, "0");
        Submit(carriers, 1, "11");
        Submit(carriers, 4, "0");
        _doubts.Add(messages.Id(2));
        Submit(carriers, 3, "0");
        CheckResult Of() => Checker.Check(_marker, messages, new ReceiptBook(messages, new ManualTimeProvider()), carriers, Listed, false);
        CheckResult result = Of();
        Assert.Equal((4, 3, 1, 1, 1), (result.Accepted, result.Emitted, result.RefusedByCarrier.Count, result.EmittedUnaccepted.Count, result.InDoubtUnseen.Count));
        Assert.Equal((0, true), (result.Unaccounted, result.Passed));

        messages.Accept(5, IdHash.Of("gateway-5"));
        result = Of();
        Assert.Equal((1, 1, false), (result.Unaccounted, result.Lost.Count, result.Passed));
    }

    [Fact]
    public void A_receipt_the_carrier_made_and_the_client_never_got_is_noticed()
    {
        Submit(0, 1, 2, 3);
        _receipts.Take(0, 0, 2, 1);
        _receipts.Take(1, 0, 5, 2);
        _receipts.Take(3, 0, 2, 3);
        CheckResult result = Check();
        Assert.False(result.Passed);
        Assert.Equal(["mtest01-1", "mtest01-2"], result.ReceiptsLost.Ids);
        Assert.Equal((4, 2, 1), (result.ReceiptsExpected, result.Receipts, result.ReceiptsOfGateway));
    }

    [Fact]
    public void A_receipt_of_a_message_in_doubt_is_parked_and_not_lost()
    {
        Submit(0, 1, 2, 3);
        _receipts.Take(0, 0, 2, 1);
        _receipts.Take(2, 0, 2, 2);
        _receipts.Take(3, 0, 2, 3);
        _doubts.Add(_messages.Id(1));
        CheckResult result = Check();
        Assert.True(result.Passed);
        Assert.Equal(["mtest01-1"], result.ReceiptsOfDoubts.Ids);
    }

    [Fact]
    public void A_state_that_came_again_under_another_delivery_id_is_noticed_and_one_that_was_offered_again_is_not()
    {
        Submit(0, 1, 2, 3);
        for (int i = 0; i < 4; i++)
        {
            _receipts.Take(i, 0, 1, (ulong)i + 11);
            _receipts.Take(i, 0, 2, (ulong)i + 21);
        }

        _receipts.Take(0, 0, 2, 21);
        Assert.True(Check().Passed);

        _receipts.Take(1, 0, 1, 31); // an intermediate one counts too
        _receipts.Take(3, 0, 2, 33);
        CheckResult result = Check();
        Assert.False(result.Passed);
        Assert.Equal(["mtest01-1", "mtest01-3"], result.ReceiptsTwice.Ids);
        Assert.Equal((0, 1), (result.ReceiptsLost.Count, _receipts.OfferedAgain));
    }

    [Fact]
    public void A_receipt_that_names_only_the_gateways_id_and_came_twice_is_noticed()
    {
        Submit(0, 1, 2, 3);
        for (int i = 0; i < 4; i++)
            _receipts.Take(-1, _messages.Id(i), 2, (ulong)i + 1);
        _receipts.Take(-1, _messages.Id(2), 2, 9);
        _receipts.Resolve();
        Assert.Equal(["mtest01-2"], Check().ReceiptsTwice.Ids);
    }

    [Fact]
    public void A_message_that_was_sent_twice_has_two_receipts_and_no_third()
    {
        Submit(0, 1, 1, 2, 3);
        _sentAgain.Add(_messages.Id(1));
        for (int i = 0; i < 4; i++)
            _receipts.Take(i, 0, 2, (ulong)i + 1);
        _receipts.Take(1, 0, 2, 11);
        Assert.True(Check().Passed);
        _receipts.Take(1, 0, 2, 12);
        Assert.Equal(["mtest01-1"], Check().ReceiptsTwice.Ids);
    }

    [Fact]
    public void A_message_emitted_without_an_answer_to_the_client_is_no_fault()
    {
        var messages = new MessageBook(2, new ManualTimeProvider());
        messages.Next();
        messages.Next();
        messages.Accept(0, 77);
        Submit(0, 1);
        CheckResult result = Checker.Check(_marker, messages, new ReceiptBook(messages, new ManualTimeProvider()), _carriers, Listed, false);
        Assert.True(result.Passed);
        Assert.Equal(["mtest01-1"], result.EmittedUnaccepted.Ids);
    }

    [Fact]
    public void Lines_of_other_runs_are_passed_over()
    {
        Submit(0, 1, 2, 3);
        _carriers.Add("9\t1\tc#1\t1\t2\t9\t0\t2\t2\t1\t0\tff\tmtest02-1 text"u8);
        _carriers.Add("9\t1\tc#1\t1\t2\t9\t0\t2\t2\t1\t0\tff\tmtest01-4 more than were sent"u8);
        _carriers.Add("torn line"u8);
        Assert.Equal(4, Check(receipts: false).Emitted);
        Assert.Equal(4, _carriers.Submits);
    }

    private void Accept(int number)
    {
        _messages.Sending(number);
        _messages.Accept(number, IdHash.Of($"gateway-{number}"));
    }

    private void Submit(params int[] numbers) => Array.ForEach(numbers, number => Submit(number, "0"));

    private void Submit(int number, string status) => Submit(_carriers, number, status);

    private void Submit(CarrierTally carriers, int number, string status)
        => carriers.Add(Encoding.ASCII.GetBytes($"1\t1795295621475960\tcarrier-a#1\t1\t44\t7\t{status}\t2\t2\t1\t0\tff\t{_marker.Of(number)} text\twith a tab"));

    private CheckResult Check(bool receipts = true) => Checker.Check(_marker, _messages, _receipts, _carriers, Listed, receipts);
}
