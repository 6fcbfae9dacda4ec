using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Admin;

/// <summary>Metadata of an endpoint that wants an API key of at least this role.</summary>
internal sealed record RequiredRole(ApiRole Role);
