using System.Collections.Concurrent;
using SmsGateway.Smpp.Pdus;
using SmsGateway.Smpp.Sessions;
using SmsGateway.Smpp.Tests.Kit;
using SmsGateway.TestKit;

namespace SmsGateway.Smpp.Tests.Sessions;

// A process that was asleep must not write what it queued before: the writer asks at the last moment.
public class FenceTests
{
    private readonly ConcurrentQueue<object?> _oldest = new();
    private volatile bool _mayWrite = true;
    private int _asked;

    [Fact]
    public async Task What_may_not_be_written_any_more_ends_the_session_and_has_not_reached_the_transport()
    {
        await using var test = await BoundAsync();
        Assert.True(test.Session.TrySend(new SubmitSm { SourceAddr = "before" }, "before"));
        Assert.Equal("before", (await test.ReceiveAsync<SubmitSm>()).SourceAddr);
        _mayWrite = false;
        Assert.True(test.Session.TrySend(new SubmitSm { SourceAddr = "after" }, "after"));
        await test.ReceiveEndAsync();
        var end = await test.EndAsync();
        Assert.Equal(SessionEndReason.Fenced, end.Reason);
        Assert.Equal([((object)"before", true), ("after", false)], end.Lost.Select(lost => (lost.Context!, lost.ReachedTransport)));
        Assert.Equal<object?>(["before", "after"], _oldest);
    }

    [Fact]
    public async Task Responses_of_a_refused_batch_still_leave_and_a_request_queued_while_it_was_refused_does_not()
    {
        SessionUnderTest? asking = null;
        await using var test = await SessionUnderTest.BoundClientAsync(BindType.Transceiver, o => o.MayWriteRequests = _ =>
        {
            if (Interlocked.Increment(ref _asked) > 1)
                return true;
            Assert.True(asking!.Session.TrySend(new SubmitSm(), "queued meanwhile"));
            return false;
        });
        asking = test;
        test.Handler.Request = (session, request, _) =>
        {
            // The read loop holds the writer back until it has dispatched all it read: these are one batch.
            Assert.True(session.TrySend(new SubmitSm(), "refused"));
            session.Respond(request, new DeliverSmResp());
            return default;
        };
        await test.SendAsync(new DeliverSm(), 41);
        Assert.Equal(41u, (await test.ReceiveAsync<DeliverSmResp>()).Sequence);
        await test.ReceiveEndAsync();
        var end = await test.EndAsync();
        Assert.Equal(SessionEndReason.Fenced, end.Reason);
        Assert.Equal([((object)"refused", false), ("queued meanwhile", false)], end.Lost.Select(lost => (lost.Context!, lost.ReachedTransport)));
    }

    [Fact]
    public async Task A_bind_signs_of_life_answers_and_an_unbind_need_no_permission()
    {
        _mayWrite = false;
        await using var test = await BoundAsync();
        test.Advance(30);
        var ours = await test.ReceiveAsync<EnquireLink>();
        await test.SendAsync(new EnquireLinkResp(), ours.Sequence);
        await test.SendAsync(new EnquireLink(), 7);
        Assert.Equal(7u, (await test.ReceiveAsync<EnquireLinkResp>()).Sequence);
        var unbinding = test.Session.UnbindAsync(CancellationToken.None);
        await test.SendAsync(new UnbindResp(), (await test.ReceiveAsync<Unbind>()).Sequence);
        await unbinding.WaitAsync(Eventually.DefaultTimeout);
        Assert.Equal((SessionEndReason.Unbound, 0), ((await test.EndAsync()).Reason, _asked));
    }

    [Fact]
    public async Task A_session_that_is_stopped_writes_nothing_either_that_it_may_not()
    {
        await using var test = await BoundAsync();
        test.Handler.Request = (session, request, _) =>
        {
            Assert.True(session.TrySend(new SubmitSm(), "oldest"));
            Assert.True(session.TrySend(new SubmitSm(), "newest"));
            session.Respond(request, new DeliverSmResp());
            _mayWrite = false;
            session.Close(SessionEndReason.Stopped);
            return default;
        };
        await test.SendAsync(new DeliverSm(), 41);
        await test.ReceiveAsync<DeliverSmResp>();
        await test.ReceiveEndAsync();
        var end = await test.EndAsync();
        Assert.Equal(SessionEndReason.Stopped, end.Reason);
        Assert.Equal(["oldest", "newest"], end.Lost.Select(lost => lost.Context));
        Assert.All(end.Lost, lost => Assert.False(lost.ReachedTransport));
        Assert.Equal("oldest", Assert.Single(_oldest));
    }

    private Task<SessionUnderTest> BoundAsync() => SessionUnderTest.BoundClientAsync(BindType.Transceiver, o => o.MayWriteRequests = oldest =>
    {
        Interlocked.Increment(ref _asked);
        _oldest.Enqueue(oldest);
        return _mayWrite;
    });
}
