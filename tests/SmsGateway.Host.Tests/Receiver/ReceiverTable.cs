using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using SmsGateway.TestKit;

namespace SmsGateway.Host.Tests.Receiver;

/// <summary>The table of cases in docs/http-api.md. Wire tests take what they expect from it, so that the page cannot say anything else than the code.</summary>
internal static class ReceiverTable
{
    public static IReadOnlyDictionary<string, Row> Rows { get; } = File.ReadLines(Path.Combine(RepositoryPaths.Root, "docs", "http-api.md"))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells.Length == 7 && cells[1].StartsWith('`') && cells[3].Length == 3)
        .ToDictionary(
            cells => cells[1].Trim('`'),
            cells => new Row(
                int.Parse(cells[3], CultureInfo.InvariantCulture),
                cells[4] == "-" ? null : int.Parse(cells[4], CultureInfo.InvariantCulture),
                cells[5]));

    /// <summary>Compares a response with a row and gives its JSON back.</summary>
    public static async Task<JsonElement> AssertIsAsync(string row, HttpResponseMessage response)
    {
        var (status, code, header) = Rows[row];
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(status == (int)response.StatusCode, $"{row}: {(int)response.StatusCode} {text}");
        if (header.Length > 0)
        {
            var parts = header.Split(": ");
            var value = response.Headers.TryGetValues(parts[0], out var values) || response.Content.Headers.TryGetValues(parts[0], out values)
                ? string.Join(", ", values)
                : null;
            Assert.True(parts.Length == 1 ? int.Parse(value!, CultureInfo.InvariantCulture) >= 1 : value == parts[1], $"{row}: {header} is {value}");
        }

        if (code is null)
        {
            return default;
        }

        var json = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, json.GetProperty("result_code").GetInt32());
        Assert.Equal(code != 0, json.TryGetProperty("error", out _));
        Assert.NotEmpty(json.GetProperty("result").GetString()!);
        Assert.Equal(["message_id", "id", "parts", "result_code", "result"], json.EnumerateObject().Select(p => p.Name).Take(5));
        return json;
    }

    internal sealed record Row(int Status, int? Code, string Header);
}
