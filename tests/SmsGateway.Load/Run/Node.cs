using SmsGateway.Load.Cli;

namespace SmsGateway.Load.Run;

/// <summary>One node of the gateway, as the command line gives it.</summary>
/// <param name="Name">Its name in faults and figures; what <c>--to</c> gives is its own name.</param>
/// <param name="Target">HOST:PORT of its SMPP server, or its receiver's URL.</param>
/// <param name="Admin">Its admin interface: readiness, doubts.</param>
/// <param name="PidFile">File that holds its pid; without one it cannot be hurt.</param>
internal sealed record Node(string Name, string Target, Uri? Admin = null, string? PidFile = null)
{
    /// <summary>The nodes of <c>--node</c>, then those of <c>--to</c>. A node's place in this list is its number in all books.</summary>
    public static IReadOnlyList<Node> From(Arguments arguments)
    {
        List<Node> nodes = [.. arguments.All("--node").Select(Parse)];
        nodes.AddRange(arguments.All("--to").SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries)).Select(to => new Node(to, to)));
        if (nodes.Count == 0)
            throw new LoadFailure("--to or --node is needed");
        return nodes.GroupBy(n => n.Name).FirstOrDefault(g => g.Count() > 1) is { } twice
            ? throw new LoadFailure($"two nodes are named {twice.Key}") : nodes;
    }

    /// <summary>NAME=TARGET[,ADMIN_URL][,PIDFILE].</summary>
    public static Node Parse(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string[] parts = equals > 0 ? text[(equals + 1)..].Split(',', StringSplitOptions.RemoveEmptyEntries) : [];
        if (parts.Length == 0)
            throw new LoadFailure($"--node must be NAME=TARGET[,ADMIN_URL][,PIDFILE], not \"{text}\"");
        var node = new Node(text[..equals], parts[0]);
        foreach (string part in parts[1..])
        {
            if (!part.Contains("://", StringComparison.Ordinal))
                node = node with { PidFile = part };
            else
                node = node with { Admin = Uri.TryCreate(part, UriKind.Absolute, out Uri? url) ? url : throw new LoadFailure($"--node: \"{part}\" is no URL") };
        }

        return node;
    }
}
