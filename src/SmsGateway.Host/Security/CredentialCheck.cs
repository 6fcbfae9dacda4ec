using System.Collections.Concurrent;
using SmsGateway.Host.Configuration;

namespace SmsGateway.Host.Security;

/// <summary>Checks logins for both edges. A password's PBKDF2 runs once per node; after that a keyed hash finds the answer in a few microseconds. Wrong
/// logins are remembered too, so that a client stuck on an old password costs no more than one with the right one.</summary>
/// <param name="configuration">The accounts.</param>
/// <param name="maxInFlight">Different logins being checked at once; more are answered Busy.</param>
internal sealed class CredentialCheck(ConfigurationState configuration, int maxInFlight = CredentialCheck.MaxInFlight) : IDisposable
{
    private const int MaxLength = 128;

    /// <summary>Entries of each cache; a full one is emptied, which costs one PBKDF2 per login still in use.</summary>
    private const int MaxRemembered = 16_384;

    private const int MaxInFlight = 64;

    private static readonly PasswordHash Decoy = PasswordHash.Create("");

    // Half of the cores: a flood of wrong passwords must leave room for traffic.
    private readonly SemaphoreSlim _lanes = new(Math.Max(1, Environment.ProcessorCount / 2));
    private readonly ConcurrentDictionary<LoginFingerprint, string> _right = new();
    private readonly ConcurrentDictionary<LoginFingerprint, long> _wrong = new();
    private readonly ConcurrentDictionary<LoginFingerprint, Lazy<Task<CredentialVerdict>>> _inFlight = new();

    /// <summary>Completes at once for a login seen before.</summary>
    public ValueTask<LoginResult> CheckAsync(string login, string password)
    {
        var snapshot = configuration.Current;
        var account = snapshot.Accounts.GetValueOrDefault(login);
        if (login.Length > MaxLength || password.Length is 0 or > MaxLength)
        {
            return ValueTask.FromResult(new LoginResult(CredentialVerdict.Wrong, null));
        }

        var print = LoginFingerprint.Of(login, password);
        return Remembered(print, snapshot, account) is { } known
            ? ValueTask.FromResult(known)
            : CheckSlowlyAsync(print, snapshot, account, password);
    }

    public void Dispose() => _lanes.Dispose();

    private LoginResult? Remembered(LoginFingerprint print, ConfigurationSnapshot snapshot, AccountSettings? account)
    {
        if (account is { Enabled: true } && _right.TryGetValue(print, out var hash) && StillHas(account, hash))
        {
            return new LoginResult(CredentialVerdict.Valid, account);
        }

        // What was wrong under one configuration may be right under the next.
        return _wrong.TryGetValue(print, out var asOf) && asOf == snapshot.Version ? new LoginResult(CredentialVerdict.Wrong, null) : null;
    }

    private static bool StillHas(AccountSettings account, string hash)
    {
        foreach (var credential in account.Credentials)
        {
            if (credential.PasswordHash == hash)
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<LoginResult> CheckSlowlyAsync(
        LoginFingerprint print, ConfigurationSnapshot snapshot, AccountSettings? account, string password)
    {
        if (_inFlight.Count >= maxInFlight && !_inFlight.ContainsKey(print))
        {
            // The check of this very login may have ended between the two looks.
            return Remembered(print, snapshot, account) ?? new LoginResult(CredentialVerdict.Busy, null);
        }

        // The same login from 256 connections at once is one check.
        var check = _inFlight.GetOrAdd(print, _ => new Lazy<Task<CredentialVerdict>>(() => DeriveAsync(print, snapshot, account, password)));
        try
        {
            // The check may have been started under the snapshot before; the account of this one decides.
            return await check.Value switch
            {
                CredentialVerdict.Valid when account is { Enabled: true } => new LoginResult(CredentialVerdict.Valid, account),
                _ => new LoginResult(CredentialVerdict.Wrong, null),
            };
        }
        finally
        {
            _inFlight.TryRemove(new(print, check));
        }
    }

    private async Task<CredentialVerdict> DeriveAsync(
        LoginFingerprint print, ConfigurationSnapshot snapshot, AccountSettings? account, string password)
    {
        await _lanes.WaitAsync();
        string? matched;
        try
        {
            matched = await Task.Run(() => Match(snapshot, account, password));
        }
        finally
        {
            _lanes.Release();
        }

        if (matched is not null && account is { Enabled: true })
        {
            Remember(_right, print, matched);
            return CredentialVerdict.Valid;
        }

        Remember(_wrong, print, snapshot.Version);
        return CredentialVerdict.Wrong;
    }

    /// <summary>Derives as often as the account with the most credentials needs, so that the time tells neither whether an account exists nor how many
    /// passwords it has.</summary>
    private static string? Match(ConfigurationSnapshot snapshot, AccountSettings? account, string password)
    {
        string? matched = null;
        var credentials = account?.Credentials ?? [];
        for (var i = 0; i < Math.Max(1, snapshot.MostCredentials); i++)
        {
            var stored = i < credentials.Count ? credentials[i].PasswordHash : null;
            var parsed = stored is null ? null : PasswordHash.TryParse(stored);
            if ((parsed ?? Decoy).Verify(password) && parsed is not null)
            {
                matched = stored;
            }
        }

        return matched;
    }

    private static void Remember<T>(ConcurrentDictionary<LoginFingerprint, T> cache, LoginFingerprint print, T value)
    {
        if (cache.Count >= MaxRemembered)
        {
            cache.Clear();
        }

        cache[print] = value;
    }
}
