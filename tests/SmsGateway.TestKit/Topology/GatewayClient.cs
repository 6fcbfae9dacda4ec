using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace SmsGateway.TestKit.Topology;

/// <summary>What a test asks and tells the sides of a topology: the receiver, the admin API, the ledger, the simulated carriers and the sink.</summary>
public static class GatewayClient
{
    private const string AdminKey = "local-admin-key";

    extension(GatewayTopology gateway)
    {
        /// <summary>Posts an MT as <c>demo</c>; <paramref name="fields"/> override the defaults, null removes one.</summary>
        public Task<(int Status, JsonElement Body, HttpResponseMessage Response)> PostAsync(params (string Name, string? Value)[] fields) =>
            gateway.PostAsync(gateway.Nodes[0], fields);

        /// <summary>The same at a node.</summary>
        public async Task<(int Status, JsonElement Body, HttpResponseMessage Response)> PostAsync(GatewayNode node, params (string Name, string? Value)[] fields)
        {
            ArgumentNullException.ThrowIfNull(node);
            var form = new Dictionary<string, string>
            {
                ["login"] = "demo",
                ["password"] = "demo1234",
                ["phone_number"] = "447700900001",
                ["sender"] = "12345",
                ["message"] = "hello",
                ["message_id"] = Guid.NewGuid().ToString("n"),
            };
            foreach (var (name, value) in fields)
            {
                if (value is null)
                {
                    form.Remove(name);
                }
                else
                {
                    form[name] = value;
                }
            }

            using var content = new FormUrlEncodedContent(form);
            var response = await gateway.Http.PostAsync(node.Receiver, content);
            return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(), response);
        }

        /// <summary>Reads something from a carrier, the sink or a node without a key.</summary>
        public Task<JsonElement> GetAsync(Uri service, string path) => gateway.Http.GetFromJsonAsync<JsonElement>(new Uri(service, path));

        /// <summary>Tells a carrier or the sink something.</summary>
        public async Task<JsonElement> OrderAsync(Uri service, string path, object body)
        {
            using var response = await gateway.Http.PostAsJsonAsync(new Uri(service, path), body);
            return await AnswerAsync(response, path);
        }

        /// <summary>Reads something from the admin API of the first node.</summary>
        public Task<JsonElement> AdminAsync(string path) => gateway.AdminAsync(gateway.Nodes[0], path);

        /// <summary>The same at a node.</summary>
        public async Task<JsonElement> AdminAsync(GatewayNode node, string path)
        {
            ArgumentNullException.ThrowIfNull(node);
            using var response = await SendAsync(gateway, HttpMethod.Get, node, path, null);
            response.EnsureSuccessStatusCode();
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }

        /// <summary>Changes something by the admin API of the first node, and returns what it answers.</summary>
        public async Task<JsonElement> ChangeAsync(HttpMethod method, string path, object body)
        {
            using var response = await SendAsync(gateway, method, gateway.Nodes[0], path, body);
            return await AnswerAsync(response, path);
        }

        /// <summary>Waits until every live node works with the newest configuration and its connectors are bound with it.</summary>
        public async Task FollowedAsync()
        {
            await Eventually.TrueAsync(
                async () => (await gateway.AdminAsync("nodes")).EnumerateArray().Where(node => node.GetProperty("live").GetBoolean())
                    .All(node => !node.GetProperty("configuration_drift").GetBoolean()),
                "all nodes follow the configuration");
            await gateway.AwaitReadyAsync();
        }

        /// <summary>Puts something by the admin API of the first node.</summary>
        public Task PutAsync(string path, object body) => gateway.ChangeAsync(HttpMethod.Put, path, body);

        /// <summary>Callbacks that the sink has and that a query such as <c>type=MO</c> or <c>message_id=...</c> selects, oldest first.</summary>
        public async Task<JsonElement[]> ReceivedAsync(string query)
        {
            var answer = await gateway.GetAsync(gateway.Sink, "/received?limit=10000&" + query);
            var list = answer.ValueKind == JsonValueKind.Array ? answer : answer.GetProperty("received");
            return [.. list.EnumerateArray()];
        }

        /// <summary>Submits that a carrier has seen whose payload contains a text.</summary>
        public async Task<JsonElement[]> SubmitsAsync(Uri carrier, string contains)
        {
            var answer = await gateway.GetAsync(carrier, $"/submits?limit=100000&contains={Uri.EscapeDataString(contains)}");
            return [.. answer.GetProperty("submits").EnumerateArray()];
        }

        /// <summary>Rows of the ledger itself; the values are those of $1, $2 and so on.</summary>
        public async Task<List<T>> RowsAsync<T>(string sql, Func<NpgsqlDataReader, T> row, params object[] values)
        {
            ArgumentNullException.ThrowIfNull(row);
            await using var connection = new NpgsqlConnection(gateway.ConnectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { Value = value });
            }

            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<T>();
            while (await reader.ReadAsync())
            {
                rows.Add(row(reader));
            }

            return rows;
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(GatewayTopology gateway, HttpMethod method, GatewayNode node, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(node.Admin, "/admin/v1/" + path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Api-Key", AdminKey);
        return await gateway.Http.SendAsync(request);
    }

    private static async Task<JsonElement> AnswerAsync(HttpResponseMessage response, string path)
    {
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<JsonElement>(text.Length == 0 ? "null" : text)
            : throw new InvalidOperationException($"{path}: {(int)response.StatusCode} {text}");
    }
}
