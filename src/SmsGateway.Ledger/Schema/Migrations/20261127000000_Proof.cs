using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace SmsGateway.Ledger.Schema.Migrations;

// Doubt, duplicates of MOs and by content, hold, restore. Only adds: the version before runs on it. One script per concern,
// each with the one that undoes it.
[DbContext(typeof(LedgerDbContext))]
[Migration("20261127000000_Proof")]
internal sealed class Proof : Migration
{
    private static readonly string[] Concerns = ["Doubt", "Duplicates", "Hold", "Restore"];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var concern in Concerns)
        {
            migrationBuilder.Sql(Script.Read($"Proof.{concern}.sql"));
        }
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        foreach (var concern in Concerns.Reverse())
        {
            migrationBuilder.Sql(Script.Read($"Proof.{concern}.Undo.sql"));
        }
    }
}
