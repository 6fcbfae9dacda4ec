using System.Text.Json;
using System.Text.Json.Nodes;

namespace SmsGateway.TestKit.Topology;

/// <summary>The local topology's own configuration (deploy/local/seed.json) with the addresses of a test put in.</summary>
public static class SeedDocument
{
    public static string Make(string carrierA, string carrierB, Uri callback)
    {
        var options = new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };
        var text = File.ReadAllText(Path.Combine(RepositoryPaths.Root, "deploy", "local", "seed.json"));
        var document = JsonNode.Parse(text, documentOptions: options)!.AsObject();
        foreach (var (name, host) in new[] { ("carrier-a", carrierA), ("carrier-b", carrierB) })
        {
            var carrier = document["carriers"]!.AsArray().Single(c => (string?)c!["name"] == name)!;
            carrier["host"] = host;
        }

        document["accounts"]!.AsArray().Single(a => (string?)a!["name"] == "demo")!["callbackUrl"] = callback.ToString();
        return document.ToJsonString();
    }

    /// <summary>The document with one carrier's or account's settings changed.</summary>
    public static string With(string document, string list, string name, string property, JsonNode? value)
    {
        var root = JsonNode.Parse(document)!.AsObject();
        root[list]!.AsArray().Single(item => (string?)item!["name"] == name)![property] = value;
        return root.ToJsonString();
    }
}
