using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Tests.Kit;

namespace SmsGateway.Smpp.Tests.Sessions;

public class WindowTests
{
    [Fact]
    public async Task A_full_window_takes_nothing_until_a_response_frees_a_slot()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter, o => o.WindowSize = 2);
        Assert.True(test.Session.TrySend(new SubmitSm { SourceAddr = "1" }, 1));
        Assert.True(test.Session.TrySend(new SubmitSm { SourceAddr = "2" }, 2));
        Assert.False(test.Session.TrySend(new SubmitSm { SourceAddr = "3" }, 3));
        Assert.Equal((2, 0), (test.Session.Outstanding, test.Session.FreeWindow));
        var opened = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        test.Session.WindowOpened = () => opened.TrySetResult();
        await test.ReceiveAsync<SubmitSm>();
        var second = await test.ReceiveAsync<SubmitSm>();
        await test.SendAsync(new SubmitSmResp { MessageId = "b" }, second.Sequence);
        var answered = await test.Handler.NextAsync<RecordingHandler.Answered>();
        Assert.Equal((2, "b"), (answered.Request.Context, ((SubmitSmResp)answered.Response).MessageId));
        await opened.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.True(test.Session.TrySend(new SubmitSm { SourceAddr = "3" }, 3));
        Assert.Equal("3", (await test.ReceiveAsync<SubmitSm>()).SourceAddr);
    }

    [Fact]
    public async Task A_reservation_holds_its_slot_until_it_is_used_or_given_back()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter, o => o.WindowSize = 2);
        Assert.True(test.Session.TryReserve());
        Assert.True(test.Session.TryReserve());
        Assert.False(test.Session.TryReserve());
        Assert.False(test.Session.TrySend(new SubmitSm(), null));
        Assert.True(test.Session.TrySend(new SubmitSm(), null, reserved: true));
        Assert.Equal((1, 0), (test.Session.Outstanding, test.Session.FreeWindow));
        test.Session.ReleaseReservation();
        Assert.Equal(1, test.Session.FreeWindow);
    }

    [Fact]
    public async Task A_request_that_cannot_be_encoded_takes_no_slot_and_no_number()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter);
        Assert.Throws<ArgumentException>(() => test.Session.TrySend(new SubmitSm { SourceAddr = new string('1', 30) }, null));
        Assert.Equal(0, test.Session.Outstanding);
        Assert.True(test.Session.TrySend(new SubmitSm { SourceAddr = "ok" }, null));
        Assert.Equal("ok", (await test.ReceiveAsync<SubmitSm>()).SourceAddr);
    }

    [Fact]
    public async Task Responses_that_answer_nothing_are_counted_and_ignored()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter);
        Assert.True(test.Session.TrySend(new SubmitSm(), null));
        var sent = await test.ReceiveAsync<SubmitSm>();
        await test.SendAsync(new SubmitSmResp { MessageId = "x" }, sent.Sequence + 1000);
        await test.SendAsync(new DeliverSmResp(), sent.Sequence); // the right number and the wrong command
        await test.SendAsync(new SubmitSmResp { MessageId = "y" }, sent.Sequence);
        await test.SendAsync(new SubmitSmResp { MessageId = "z" }, sent.Sequence); // twice
        await test.SendAsync(new EnquireLink(), 1);
        await test.ReceiveAsync<EnquireLinkResp>();
        Assert.Equal(3, test.Session.UnmatchedResponses);
        Assert.Equal("y", ((SubmitSmResp)(await test.Handler.NextAsync<RecordingHandler.Answered>()).Response).MessageId);
        Assert.Single(test.Handler.Everything);
    }

    [Fact]
    public async Task A_generic_nack_answers_a_request_by_its_number()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter);
        Assert.True(test.Session.TrySend(new SubmitSm(), 7));
        var sent = await test.ReceiveAsync<SubmitSm>();
        await test.SendAsync(new GenericNack { Status = CommandStatus.InvalidCommandId }, sent.Sequence);
        var answered = await test.Handler.NextAsync<RecordingHandler.Answered>();
        Assert.Equal((7, CommandStatus.InvalidCommandId), (answered.Request.Context, answered.Response.Status));
    }

    [Fact]
    public async Task An_overdue_request_is_told_once_and_keeps_its_slot_until_the_late_response()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter, o =>
        {
            o.WindowSize = 1;
            o.ResponseTimeout = TimeSpan.FromSeconds(5);
        });
        Assert.True(test.Session.TrySend(new SubmitSm(), "late"));
        var sent = await test.ReceiveAsync<SubmitSm>();
        test.Advance(5);
        var overdue = await test.Handler.NextAsync<RecordingHandler.Late>();
        Assert.True(overdue.Request.Overdue);
        Assert.Equal((1, 0), (test.Session.Outstanding, test.Session.FreeWindow));
        test.Advance(6);
        Assert.False(test.Session.TrySend(new SubmitSm(), null));
        await test.SendAsync(new SubmitSmResp { MessageId = "m" }, sent.Sequence);
        var answered = await test.Handler.NextAsync<RecordingHandler.Answered>();
        Assert.Same(overdue.Request, answered.Request);
        Assert.Equal((0, 1), (test.Session.Outstanding, test.Session.FreeWindow));
        Assert.Single(test.Handler.Everything.OfType<RecordingHandler.Late>());
    }

    [Fact]
    public async Task A_late_response_waits_until_the_handler_knows_that_it_is_late()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter, o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
        using var entered = new SemaphoreSlim(0);
        using var leave = new SemaphoreSlim(0);
        test.Handler.Overdue = _ =>
        {
            entered.Release();
            Assert.True(leave.Wait(TimeSpan.FromSeconds(30)));
        };
        Assert.True(test.Session.TrySend(new SubmitSm(), null));
        var sent = await test.ReceiveAsync<SubmitSm>();
        var advance = Task.Run(() => test.Advance(5));
        Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(30)));
        await test.SendAsync(new SubmitSmResp { MessageId = "m" }, sent.Sequence);
        leave.Release();
        await advance;
        await test.Handler.NextAsync<RecordingHandler.Late>();
        await test.Handler.NextAsync<RecordingHandler.Answered>();
    }

    [Fact]
    public async Task Requests_beside_the_window_wait_for_their_own_response_and_time_out()
    {
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transmitter, o => o.ResponseTimeout = TimeSpan.FromSeconds(5));
        var asking = test.Session.RequestAsync(new EnquireLink(), CancellationToken.None).AsTask();
        var asked = await test.ReceiveAsync<EnquireLink>();
        Assert.Equal(0, test.Session.Outstanding);
        await test.SendAsync(new EnquireLinkResp(), asked.Sequence);
        Assert.IsType<EnquireLinkResp>(await asking);
        var unheard = test.Session.RequestAsync(new EnquireLink(), CancellationToken.None).AsTask();
        await test.ReceiveAsync<EnquireLink>();
        test.Advance(5);
        await Assert.ThrowsAsync<TimeoutException>(() => unheard.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Empty(test.Handler.Everything);
    }

    [Fact]
    public void Numbers_go_from_the_last_to_one_and_past_those_still_taken()
    {
        var window = new RequestWindow(10);
        window.StartAt(0x7FFFFFFE);
        Assert.Equal(0x7FFFFFFEu, Take(window));
        Assert.Equal(0x7FFFFFFFu, Take(window));
        Assert.Equal(1u, Take(window));
        window.StartAt(0x7FFFFFFE);
        Assert.Equal(2u, Take(window));
    }

    [Fact]
    public void Whatever_order_responses_come_in_the_oldest_unanswered_is_overdue_first()
    {
        var time = new TestKit.ManualTimeProvider();
        var window = new RequestWindow(100);
        var pending = Enumerable.Range(1, 10).Select(i => Pending(window, (uint)i, time)).ToList();
        foreach (var sequence in new uint[] { 1, 5, 10, 2 })
            Assert.True(window.TryAnswer(new SubmitSmResp { Sequence = sequence }, out _));
        time.Advance(TimeSpan.FromSeconds(3));
        var overdue = new List<uint>();
        while (window.TryTakeOverdue(time, TimeSpan.FromSeconds(3), out var next))
            overdue.Add(next.Sequence);
        Assert.Equal([3u, 4u, 6u, 7u, 8u, 9u], overdue);
        Assert.Equal(6, window.Outstanding);
        Assert.True(window.TryAnswer(new GenericNack { Sequence = 7 }, out var late) && late == pending[6]);
        Assert.Equal([3u, 4u, 6u, 8u, 9u], window.TakeAll().Select(lost => lost.Sequence));
    }

    private static uint Take(RequestWindow window)
    {
        var sequence = window.NextSequence();
        window.Add(new PendingRequest(new SubmitSm(), null, sequence, 0));
        return sequence;
    }

    private static PendingRequest Pending(RequestWindow window, uint sequence, TimeProvider time)
    {
        var pending = new PendingRequest(new SubmitSm(), null, sequence, time.GetTimestamp()) { InWindow = true, QueuedAt = sequence };
        window.Add(pending);
        return pending;
    }
}
