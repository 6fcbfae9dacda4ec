namespace SmsGateway.Host.Routing;

internal enum RouteKind
{
    Found,

    /// <summary>No enabled route with an enabled carrier for this destination, account and sender.</summary>
    NoRoute,

    /// <summary>The carrier asked for does not exist or is disabled.</summary>
    UnknownCarrier,
}
