using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Security;

/// <summary>Outcome of a login; the account is there only with Valid.</summary>
internal readonly record struct LoginResult(CredentialVerdict Verdict, AccountSettings? Account);
