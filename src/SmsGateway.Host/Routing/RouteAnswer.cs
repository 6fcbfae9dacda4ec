using System.Diagnostics.CodeAnalysis;

namespace SmsGateway.Host.Routing;

/// <summary>What RouteTable says about one message.</summary>
internal readonly record struct RouteAnswer(RouteKind Kind, Route? Route)
{
    [MemberNotNullWhen(true, nameof(Route))]
    public bool Found => Kind == RouteKind.Found;
}
