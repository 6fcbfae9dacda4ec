using Npgsql;
using NpgsqlTypes;

namespace SmsGateway.Ledger;

// Statements and typed parameters of a batch, without boxing and without naming: positional parameters need no rewriting.
internal static class BatchCommands
{
    public static NpgsqlBatchCommand Add(this NpgsqlBatch batch, string sql)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        batch.BatchCommands.Add(command);
        return command;
    }

    public static NpgsqlBatchCommand Enter(this NpgsqlBatch batch, NodeEpoch epoch)
    {
#if DRILL
        if (Mutant.Is("epoch-ignored"))
        {
            return batch.Add(LedgerSql.ShareGeneration);
        }
#endif
        return batch.Add(LedgerSql.Enter).With(epoch);
    }

    public static NpgsqlBatchCommand Vouch(this NpgsqlBatch batch) => batch.Add(LedgerSql.Vouch);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, NodeEpoch epoch) => command.With(epoch.Node).With(epoch.Epoch);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Guid[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Uuid);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, bool[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Boolean);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, short[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Smallint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, int[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Integer);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long?[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string?[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Text);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, byte[]?[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Bytea);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateOnly[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Date);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTime[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTime?[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.TimestampTz);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, decimal?[] values) => command.With(values, NpgsqlDbType.Array | NpgsqlDbType.Numeric);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, short value) => command.With(value, NpgsqlDbType.Smallint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, int value) => command.With(value, NpgsqlDbType.Integer);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long value) => command.With(value, NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, bool value) => command.With(value, NpgsqlDbType.Boolean);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, double value) => command.With(value, NpgsqlDbType.Double);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, long? value) =>
        value is { } known ? command.With(known) : command.With<object>(DBNull.Value, NpgsqlDbType.Bigint);

    public static NpgsqlBatchCommand WithText(this NpgsqlBatchCommand command, string? value) =>
        value is not null ? command.With(value) : command.With<object>(DBNull.Value, NpgsqlDbType.Text);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, string value) => command.With(value, NpgsqlDbType.Text);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, Guid value) => command.With(value, NpgsqlDbType.Uuid);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, byte[] value) => command.With(value, NpgsqlDbType.Bytea);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateOnly value) => command.With(value, NpgsqlDbType.Date);

    public static NpgsqlBatchCommand With(this NpgsqlBatchCommand command, DateTimeOffset value) => command.With(value.UtcDateTime, NpgsqlDbType.TimestampTz);

    private static NpgsqlBatchCommand With<T>(this NpgsqlBatchCommand command, T value, NpgsqlDbType type)
    {
        command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type });
        return command;
    }
}
