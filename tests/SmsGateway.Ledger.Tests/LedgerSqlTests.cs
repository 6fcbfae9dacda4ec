using System.Reflection;
using Npgsql;

namespace SmsGateway.Ledger.Tests;

public sealed class LedgerSqlTests(LedgerFixture fixture) : IClassFixture<LedgerFixture>
{
    public static TheoryData<string> Statements()
    {
        var all = new TheoryData<string>();
        foreach (var field in typeof(LedgerSql).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            all.Add(field.Name);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public async Task Every_statement_can_be_prepared_against_the_migrated_schema(string name)
    {
        var sql = (string)typeof(LedgerSql).GetField(name)!.GetRawConstantValue()!;
        await using var connection = await fixture.Ledger.Connections.Hot.OpenConnectionAsync();
        await using var prepare = new NpgsqlCommand("PREPARE statement AS " + sql, connection) { AllResultTypesAreUnknown = true };
        await prepare.ExecuteNonQueryAsync();
        await using var release = new NpgsqlCommand("DEALLOCATE statement", connection);
        await release.ExecuteNonQueryAsync();
    }

    [Fact]
    public void The_columns_of_a_delivery_are_read_in_the_order_they_are_named()
    {
        var columns = (string)typeof(LedgerSql).GetField("OutboxColumns", BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!;
        Assert.Equal(DeliveryRows.Columns, columns.Split(',').Length);
    }
}
