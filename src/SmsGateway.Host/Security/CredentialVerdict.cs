namespace SmsGateway.Host.Security;

internal enum CredentialVerdict
{
    Valid,

    /// <summary>Unknown account, disabled account or wrong password; nobody outside learns which.</summary>
    Wrong,

    /// <summary>Too many passwords are being checked right now; try again in a second.</summary>
    Busy,
}
