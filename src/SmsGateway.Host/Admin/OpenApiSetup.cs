using Microsoft.OpenApi;

namespace SmsGateway.Host.Admin;

// The OpenAPI document of the admin interface and the page that shows it. Both need no key; the calls made from the page do.
internal static class OpenApiSetup
{
    public static IServiceCollection AddAdminOpenApi(this IServiceCollection services) => services
        .AddEndpointsApiExplorer()
        .AddSwaggerGen(options =>
        {
            options.SwaggerDoc("v1", new OpenApiInfo
            {
                Title = "SmsGateway admin",
                Version = "v1",
                Description = "Nodes and sites with their modes, binds, carriers, accounts, messages, doubts, parked items and the audit.",
            });
            options.IncludeXmlComments(typeof(OpenApiSetup).Assembly);
            options.AddSecurityDefinition("ApiKey", new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = ApiKeyGate.Header,
                Description = "A key of the configuration document's apiKeys; the role viewer is enough for all reads, modes need operator.",
            });
            options.AddSecurityRequirement(document => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("ApiKey", document)] = [] });
        });

    public static IApplicationBuilder UseAdminOpenApi(this IApplicationBuilder app) => app
        .UseSwagger()
        .UseSwaggerUI(options =>
        {
            options.SwaggerEndpoint("/swagger/v1/swagger.json", "SmsGateway admin v1");
            options.DocumentTitle = "SmsGateway admin";
        });
}
