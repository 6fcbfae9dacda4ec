using SmsGateway.Simulator.Carrier;

namespace SmsGateway.Simulator.Control;

/// <summary>The control interface of a simulated carrier: what it saw, how it is to behave, what it is to send or cut.</summary>
internal static class CarrierControl
{
    public static void Map(WebApplication app, CarrierRooms rooms)
    {
        app.UseRouting();
        app.MapGet("/health", context => context.AnswerAsync(new { name = rooms.Options.Name, binds = rooms.Binds.All.Length }));
        app.MapGet("/binds", context => context.AnswerAsync(BindList(rooms)));
        app.MapGet("/behaviour", context => context.AnswerAsync(rooms.Behaviour.Current));
        app.MapPost("/behaviour", context => SetBehaviourAsync(context, rooms));
        app.MapPost("/reset", context =>
        {
            rooms.Submits.Reset();
            return context.AnswerAsync(new { reset = true });
        });
        app.MapPost("/disconnect", context => DisconnectAsync(context, rooms));
        app.MapPost("/mo", context => MoEndpoint.PostAsync(context, rooms));
        app.MapGet("/submits", context => SubmitsEndpoints.ListAsync(context, rooms));
        app.MapGet("/submits/summary", context => context.AnswerAsync(SubmitsEndpoints.Summary(rooms)));
        app.MapGet("/submits/export", context => SubmitsEndpoints.ExportAsync(context, rooms));
    }

    private static object[] BindList(CarrierRooms rooms) => Array.ConvertAll<CarrierBind, object>(rooms.Binds.All, bind => new
    {
        bind = bind.Name,
        type = bind.Type,
        boundAt = bind.BoundAt,
        remote = bind.Session.RemoteEndPoint,
        submits = bind.Submits,
        submitsUnanswered = bind.Session.IncomingOutstanding,
        deliversUnanswered = bind.Session.Outstanding,
    });

    private static async Task SetBehaviourAsync(HttpContext context, CarrierRooms rooms)
    {
        if (rooms.UpdateBehaviour(await context.BodyAsync()) is { } error)
            await context.AnswerAsync(new { error }, StatusCodes.Status400BadRequest);
        else
            await context.AnswerAsync(rooms.Behaviour.Current);
    }

    private static async Task DisconnectAsync(HttpContext context, CarrierRooms rooms)
    {
        (DisconnectOrder? order, string? error) = await context.ReadAsync<DisconnectOrder>();
        CarrierBind? one = order?.Bind is null ? null : rooms.Binds.Find(order.Bind);
        if (order is null || (order.Bind is not null && one is null))
        {
            await context.AnswerAsync(new { error = error ?? "no such bind" }, StatusCodes.Status400BadRequest);
            return;
        }

        CarrierBind[] chosen = one is null ? rooms.Binds.All : [one];
        if (order.How == DisconnectHow.Unbind)
            await Task.WhenAll(Array.ConvertAll(chosen, bind => bind.Session.UnbindAsync(context.RequestAborted)));
        else
            Array.ForEach(chosen, bind => bind.Cut());
        await context.AnswerAsync(new { disconnected = Array.ConvertAll(chosen, bind => bind.Name) });
    }
}

/// <summary>Body of <c>POST /disconnect</c>; without a bind all are meant.</summary>
internal sealed record DisconnectOrder(string? Bind = null, DisconnectHow How = DisconnectHow.Abrupt);

/// <summary>How a connection is to end.</summary>
internal enum DisconnectHow
{
    /// <summary>The connection is reset.</summary>
    Abrupt,

    /// <summary>unbind, its answer, close.</summary>
    Unbind,
}
