using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace SmsGateway.Ledger.Schema.Migrations;

// Leases, modes of nodes and sites, shared contracts. Only adds: the version before runs on it.
[DbContext(typeof(LedgerDbContext))]
[Migration("20261122000000_Sites")]
internal sealed class Sites : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.AddColumn<bool>(name: "live", table: "node", type: "boolean", nullable: false, defaultValue: false);
        migrationBuilder.AddColumn<string>(name: "process", table: "node", type: "text", nullable: true);
        migrationBuilder.AddColumn<DateTimeOffset>(name: "renewed_at", table: "node", type: "timestamp with time zone", nullable: true);
        migrationBuilder.AddColumn<long>(name: "configuration_version", table: "node", type: "bigint", nullable: true);
        migrationBuilder.CreateTable(
            name: "site",
            columns: table => new
            {
                name = table.Column<string>(type: "text", nullable: false),
                mode = table.Column<string>(type: "text", nullable: false),
            },
            constraints: table => table.PrimaryKey("site_pkey", r => r.name));
        migrationBuilder.CreateTable(
            name: "audit",
            columns: table => new
            {
                seq = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                actor = table.Column<string>(type: "text", nullable: false),
                role = table.Column<string>(type: "text", nullable: false),
                node = table.Column<string>(type: "text", nullable: false),
                action = table.Column<string>(type: "text", nullable: false),
                target = table.Column<string>(type: "text", nullable: false),
                before = table.Column<string>(type: "text", nullable: true),
                after = table.Column<string>(type: "text", nullable: true),
                note = table.Column<string>(type: "text", nullable: true),
            },
            constraints: table => table.PrimaryKey("audit_pkey", r => r.seq));
        migrationBuilder.Sql(Script.Read("Sites.sql"));
    }

    protected override void Down(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("DROP FUNCTION rate_grant(text, smallint, double precision, integer, timestamptz); DROP TABLE rate_bucket, rate_share, bind_slot;");
        migrationBuilder.DropTable("audit");
        migrationBuilder.DropTable("site");
        foreach (var column in (string[])["live", "process", "renewed_at", "configuration_version"])
        {
            migrationBuilder.DropColumn(column, "node");
        }
    }
}
