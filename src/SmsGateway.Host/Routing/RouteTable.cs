using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Routing;

/// <summary>The routes of one configuration version as a tree of digits. A carrier asked for is trusted: that one and no other. Else the longest prefix
/// wins, and among equal prefixes the more specific route: account and sender, then account, then sender, then neither. Disabled routes and carriers
/// are not there; a route left without a carrier is passed over.</summary>
internal sealed class RouteTable
{
    private readonly Node _root = new();
    private readonly Dictionary<string, Route> _plain = new(StringComparer.Ordinal);

    public RouteTable(ConfigurationDocument document)
    {
        foreach (var carrier in document.Carriers)
        {
            if (carrier.Enabled)
            {
                _plain.Add(carrier.Name, new Route([carrier.Name], 0, 0, null));
            }
        }

        foreach (var route in document.Routes)
        {
            string[] connectors = [.. route.Carriers.Where(_plain.ContainsKey)];
            if (route.Enabled && connectors.Length > 0)
            {
                NodeOf(route.Prefix).Add(new Candidate(route, connectors));
            }
        }
    }

    /// <param name="account">The account's name.</param>
    /// <param name="destination">International digits.</param>
    /// <param name="sender">As the customer gave it.</param>
    /// <param name="carrierAsked">Null when the customer leaves it to us.</param>
    public RouteAnswer Resolve(string account, string destination, string sender, string? carrierAsked)
    {
        Route? plain = null;
        if (carrierAsked is not null && !_plain.TryGetValue(carrierAsked, out plain))
        {
            return new RouteAnswer(RouteKind.UnknownCarrier, null);
        }

        for (var node = Deepest(destination); node is not null; node = node.Shorter)
        {
            foreach (var candidate in node.Candidates)
            {
                if (candidate.Matches(account, sender) && candidate.For(carrierAsked) is { } route)
                {
                    return new RouteAnswer(RouteKind.Found, route);
                }
            }
        }

        // A carrier asked for needs no route; the routes above only gave it a price.
        return plain is null ? new RouteAnswer(RouteKind.NoRoute, null) : new RouteAnswer(RouteKind.Found, plain);
    }

    private Node Deepest(string destination)
    {
        var node = _root;
        foreach (var c in destination)
        {
            if (!char.IsAsciiDigit(c) || node.Children[c - '0'] is not { } child)
            {
                break;
            }

            node = child;
        }

        return node;
    }

    private Node NodeOf(string prefix)
    {
        var node = _root;
        foreach (var c in prefix)
        {
            node = node.Children[c - '0'] ??= new Node { Shorter = node };
        }

        return node;
    }

    private sealed class Node
    {
        public Node?[] Children { get; } = new Node?[10];

        public Node? Shorter { get; init; }

        public Candidate[] Candidates { get; private set; } = [];

        public void Add(Candidate candidate) =>
            Candidates = [.. Candidates.Append(candidate).OrderByDescending(c => c.Specificity)];
    }

    private sealed class Candidate(RouteSettings settings, string[] connectors)
    {
        private readonly Route _all = new(connectors, settings.Price, settings.Cost, settings.Currency);
        private readonly Route[] _single = [.. connectors.Select(c => new Route([c], settings.Price, settings.Cost, settings.Currency))];

        public int Specificity { get; } = (settings.Account is null ? 0 : 2) + (settings.Sender is null ? 0 : 1);

        public bool Matches(string account, string sender) =>
            (settings.Account is null || settings.Account == account) && (settings.Sender is null || settings.Sender == sender);

        public Route? For(string? carrierAsked) =>
            carrierAsked is null ? _all : Array.Find(_single, r => r.Connectors[0] == carrierAsked);
    }
}
