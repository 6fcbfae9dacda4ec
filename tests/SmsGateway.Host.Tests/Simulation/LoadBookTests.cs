using SmsGateway.Load.Ids;
using SmsGateway.Load.Journal;
using SmsGateway.Load.Report;
using SmsGateway.Load.Smpp;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Simulation;

public sealed class LoadBookTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void A_repeated_answer_counts_once_and_a_changed_id_is_noticed()
    {
        var book = new MessageBook(1, _time);
        int number = book.Next();
        _time.Advance(TimeSpan.FromSeconds(1));
        book.Sending(number);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        Assert.True(book.Accept(number, 5));
        Assert.False(book.Accept(number, 5));
        Assert.Equal((1, 0), (book.Accepted, book.IdMismatches));
        book.Accept(number, 6);
        Assert.Equal((1, 1), (book.Accepted, book.IdMismatches));
        Assert.Equal(3000, book.AcceptedAfterUs(number));
        Assert.Equal(-1, book.Next());
    }

    [Fact]
    public void A_book_knows_which_node_accepted_a_message_and_when()
    {
        var book = new MessageBook(2, _time);
        long start = _time.GetTimestamp();
        (int first, int second) = (book.Next(), book.Next());
        _time.Advance(TimeSpan.FromSeconds(2));
        book.Sending(first);
        book.Sending(second);
        _time.Advance(TimeSpan.FromSeconds(1));
        book.Accept(first, 5, node: 3);
        book.Accept(first, 5, node: 2);
        _time.Advance(TimeSpan.FromSeconds(1));
        book.Accept(second, 6, node: 1);
        Assert.Equal((3, 3.0), (book.AcceptedBy(first), book.AcceptedSince(start, first).TotalSeconds));
        Assert.Equal((1, 4.0), (book.AcceptedBy(second), book.AcceptedSince(start, second).TotalSeconds));
    }

    [Fact]
    public void What_a_bind_did_not_take_was_not_sent()
    {
        var book = new MessageBook(1, _time);
        int number = book.Next();
        _time.Advance(TimeSpan.FromSeconds(1));
        book.Sending(number);
        book.NotSent(number);
        _time.Advance(TimeSpan.FromSeconds(5));
        book.Sending(number);
        Assert.Equal(0, book.Resent);
        book.Sending(number);
        Assert.Equal(1, book.Resent);
        book.NotSent(number);
        Assert.Equal(0, book.Resent);
        _time.Advance(TimeSpan.FromMilliseconds(3));
        book.Accept(number, 5);
        Assert.Equal(3000, book.AcceptedAfterUs(number));
    }

    [Fact]
    public void Refusals_are_counted_by_status_and_kept_with_their_node_and_moment()
    {
        var book = new RefusalBook(_time);
        book.Take(2, 0x58);
        _time.Advance(TimeSpan.FromSeconds(1));
        book.Take(0, 0x58);
        book.Take(1, "HTTP 503");
        Assert.Equal([("0x58", 2), ("HTTP 503", 1)], book.ByStatus.Select(s => (s.Key, s.Value)));
        Assert.Equal([2, 0, 1], book.All.Select(r => r.Node));
        Assert.Equal(TimeSpan.FromSeconds(1), _time.GetElapsedTime(book.All[0].At, book.All[1].At));
    }

    [Fact]
    public void A_message_refused_twice_is_refused_once_and_a_late_acceptance_binds()
    {
        var book = new MessageBook(1, _time);
        int number = book.Next();
        book.Sending(number);
        book.Refuse(number);
        book.Refuse(number);
        Assert.Equal((1, 0, 0, false), (book.Refused, book.Accepted, book.Open, book.IsAccepted(number)));
        Assert.True(book.Accept(number, 5));
        Assert.Equal((0, 1, 0, true), (book.Refused, book.Accepted, book.Open, book.IsAccepted(number)));
        book.Refuse(number);
        Assert.Equal((0, 1, 0, 0), (book.Refused, book.Accepted, book.Open, book.IdMismatches));
    }

    [Fact]
    public void The_same_delivery_again_is_offered_again_and_another_of_the_same_state_is_that_state_again()
    {
        var book = new MessageBook(2, _time);
        book.Next();
        var receipts = new ReceiptBook(book, _time);
        receipts.Take(0, 0, 2, deliveryId: 9);
        receipts.Take(0, 0, 2, deliveryId: 9);
        receipts.Take(0, 0, 2, deliveryId: 10);
        Assert.Equal((1, 1, 1), (receipts.Distinct, receipts.OfferedAgain, receipts.Again(0)));
        receipts.Take(0, 0, 5, deliveryId: 0);
        receipts.Take(0, 0, 5, deliveryId: 0);
        Assert.Equal((2, 2, 1), (receipts.Distinct, receipts.OfferedAgain, receipts.Again(0)));
    }

    [Fact]
    public void A_receipt_that_came_before_its_acceptance_is_matched_at_the_end()
    {
        var book = new MessageBook(2, _time);
        var receipts = new ReceiptBook(book, _time);
        receipts.Take(-1, 77, 2, 0);
        receipts.Take(-1, 78, 2, 0);
        book.Accept(book.Next(), 77);
        receipts.Resolve();
        Assert.Equal((1, 1), (receipts.Distinct, receipts.Foreign));
        Assert.Equal(0b10, receipts.States(0));
    }

    [Fact]
    public void What_was_unanswered_on_one_bind_goes_over_another()
    {
        var book = new MessageBook(2, _time);
        var queue = new SendQueue(book, rate: 0, TimeProvider.System);
        int first = queue.Take(bind: 0, alone: false);
        queue.Again(first, notOver: 0);
        Assert.Equal(1, queue.Take(bind: 0, alone: false));
        Assert.Equal(-1, queue.Take(bind: 0, alone: false));
        Assert.Equal(first, queue.Take(bind: 1, alone: false));
        queue.Again(first, notOver: 0);
        Assert.Equal(first, queue.Take(bind: 0, alone: true));
        queue.Again(first, notOver: 0);
        book.Accept(first, 5);
        Assert.Equal(-1, queue.Take(bind: 1, alone: false));
    }

    [Fact]
    public void Percentiles_are_those_of_the_nearest_rank_and_leave_out_what_is_missing()
    {
        int[] durations = [.. Enumerable.Range(1, 1000).Select(i => i * 1000), 0, 0, 0];
        Percentiles p = Percentiles.Of(durations);
        Assert.Equal((1000, 500, 900, 990, 999, 1000), (p.Count, p.P50Ms, p.P90Ms, p.P99Ms, p.P999Ms, p.MaxMs));
    }

    [Fact]
    public void One_id_answered_with_two_ids_or_two_firsts_is_not_as_promised()
    {
        var table = new IdTable(3, sameContents: true, marksDuplicates: true);
        IdAnswer first = new(AnswerKind.Accepted, "x", "200");
        IdAnswer duplicate = new(AnswerKind.Duplicate, "x", "200 duplicate");
        table.Add("good", [duplicate, first, duplicate]);
        table.Add("two firsts", [first, first, duplicate]);
        table.Add("two ids", [first, duplicate, duplicate with { Id = "y" }]);
        table.Add("one without answer", [first, duplicate, new(AnswerKind.Other, "", "closed")]);
        Assert.Equal((4, 1, 3), (table.Ids, table.Good, table.Bad.Count));

        var different = new IdTable(2, sameContents: false, marksDuplicates: true);
        different.Add("good", [first, new(AnswerKind.Conflict, "", "409")]);
        different.Add("both taken", [first, duplicate]);
        Assert.Equal((2, 1), (different.Ids, different.Good));
    }

    [Fact]
    public void A_delivery_that_came_again_does_not_stand_in_for_a_receipt_that_is_still_to_come()
    {
        var book = new MessageBook(2, _time);
        book.Next();
        book.Next();
        var receipts = new ReceiptBook(book, _time);
        receipts.Take(0, gatewayId: 0, state: 2, deliveryId: 7);
        receipts.Take(0, gatewayId: 0, state: 2, deliveryId: 7);
        Assert.Equal((2L, 1L), (receipts.Taken, receipts.Once));
        receipts.Take(1, gatewayId: 0, state: 2, deliveryId: 8);
        Assert.Equal((3L, 2L), (receipts.Taken, receipts.Once));
    }
}
