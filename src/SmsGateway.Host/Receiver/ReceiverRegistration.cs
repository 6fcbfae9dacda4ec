namespace SmsGateway.Host.Receiver;

/// <summary>The receiver's entry points for Program.</summary>
internal static class ReceiverRegistration
{
    /// <summary>Needs AddConfigurationDocument, a Submit and the options of Operations from elsewhere.</summary>
    public static IServiceCollection AddReceiver(this IServiceCollection services) =>
        services.AddSingleton<ReceiverEndpoint>();

    /// <summary>Answers the receiver's path; the rest goes on down the pipeline.</summary>
    public static IApplicationBuilder UseReceiver(this IApplicationBuilder app)
    {
        var endpoint = app.ApplicationServices.GetRequiredService<ReceiverEndpoint>();
        return app.Use(next => context =>
            context.Request.Path.Equals(ReceiverEndpoint.Path, StringComparison.OrdinalIgnoreCase) ? endpoint.HandleAsync(context) : next(context));
    }
}
