using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SmsGateway.Host.Admin;
using SmsGateway.Host.Configuration;
using SmsGateway.Host.Security;

namespace SmsGateway.Host.Tests.Admin;

public sealed class ApiKeyGateTests
{
    [Theory]
    [InlineData(null, "viewer", 401)]
    [InlineData("", "viewer", 401)]
    [InlineData("no such key at all", "viewer", 401)]
    [InlineData("viewer-key-1234", "viewer", 200)]
    [InlineData("viewer-key-1234", "operator", 403)]
    [InlineData("operator-key-1234", "operator", 200)]
    [InlineData("operator-key-1234", "admin", 403)]
    [InlineData("admin-key-1234", "admin", 200)]
    [InlineData("admin-key-1234", "viewer", 200)]
    [InlineData(null, null, 200)]
    public async Task A_key_opens_what_its_role_includes(string? key, string? needed, int expected)
    {
        var configuration = new ConfigurationState();
        configuration.Swap(new ConfigurationSnapshot(1, "", new ConfigurationDocument
        {
            ApiKeys =
            [
                .. Enum.GetValues<ApiRole>().Select(role => new ApiKeySettings
                {
                    Name = role.ToString(), Role = role, KeyHash = ApiKeyHash.Create(role.ToString().ToLowerInvariant() + "-key-1234"),
                }),
            ],
        }));
        var passed = false;
        var gate = new ApiKeyGate(
            _ =>
            {
                passed = true;
                return Task.CompletedTask;
            },
            new ApiKeyCheck(configuration),
            NullLogger<ApiKeyGate>.Instance);
        using var services = new ServiceCollection().AddLogging().AddProblemDetails().BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };
        using var body = new MemoryStream();
        context.Response.Body = body;
        if (key is not null)
        {
            context.Request.Headers["X-Api-Key"] = key;
        }

        var metadata = needed is null ? [] : new object[] { new RequiredRole(Enum.Parse<ApiRole>(needed, ignoreCase: true)) };
        context.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(metadata), "test"));

        await gate.InvokeAsync(context);

        Assert.Equal(expected, context.Response.StatusCode);
        Assert.Equal(expected == 200, passed);
        if (expected != 200)
        {
            Assert.Equal("application/problem+json", context.Response.ContentType);
        }
    }
}
