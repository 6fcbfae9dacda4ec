using System.Net.Sockets;
using Npgsql;
using SmsGateway.Ledger;

namespace SmsGateway.Host;

// What to tell an operator whose ledger cannot be used, instead of a stack trace: what is wrong, and what to do.
internal static class LedgerTrouble
{
    /// <returns>Null when the exception is not about the ledger: a defect, to be shown whole.</returns>
    public static string? Explain(Exception error) => error switch
    {
        SchemaMismatchException or NodeNameTakenException or ClockMismatchException or QuarantinedException => error.Message,
        PostgresException { SqlState: "3D000" } postgres =>
            $"The ledger's server has no such database: {postgres.MessageText}. Create it (CREATE DATABASE), then run 'SmsGateway.Host migrate'.",
        PostgresException { SqlState: "28P01" or "28000" } postgres =>
            $"The ledger's server refuses the login: {postgres.MessageText}. Check user and password in Ledger__ConnectionString.",
        PostgresException postgres => $"The ledger answered {postgres.SqlState}: {postgres.MessageText}.",
        LedgerUnavailableException { InnerException: LedgerUnavailableException inner } => $"{Explain(inner)} {error.Message}",
        NpgsqlException or SocketException or TimeoutException =>
            $"The ledger is out of reach: {Innermost(error)}. {WhatToDo}",
        LedgerUnavailableException { InnerException: { } inner } => Explain(inner) ?? $"The ledger cannot be used: {error.Message} {WhatToDo}",
        LedgerUnavailableException => $"The ledger cannot be used: {error.Message} {WhatToDo}",
        _ when error.InnerException is { } inner => Explain(inner),
        _ => null,
    };

    private const string WhatToDo = "Start PostgreSQL, or correct host and port in Ledger__ConnectionString.";

    private static string Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error.Message;
}
