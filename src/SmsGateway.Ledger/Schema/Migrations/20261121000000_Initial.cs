using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

namespace SmsGateway.Ledger.Schema.Migrations;

// Written by hand: the design-time package does not restore everywhere (docs/decisions). Tables that EF Core maps are
// made here and kept equal to the snapshot by a test; the hot tables are SQL.
[DbContext(typeof(LedgerDbContext))]
[Migration("20261121000000_Initial")]
internal sealed class Initial : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.CreateTable(
            name: "installation",
            columns: table => new
            {
                only_one = table.Column<bool>(type: "boolean", nullable: false),
                key = table.Column<byte[]>(type: "bytea", nullable: false),
                created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
            },
            constraints: table =>
            {
                table.PrimaryKey("installation_pkey", r => r.only_one);
                table.CheckConstraint("installation_only_one", "only_one");
            });
        migrationBuilder.CreateTable(
            name: "node",
            columns: table => new
            {
                id = table.Column<short>(type: "smallint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                name = table.Column<string>(type: "text", nullable: false),
                site = table.Column<string>(type: "text", nullable: false),
                mode = table.Column<string>(type: "text", nullable: false),
                epoch = table.Column<long>(type: "bigint", nullable: false),
                counter = table.Column<long>(type: "bigint", nullable: false),
                version = table.Column<string>(type: "text", nullable: true),
                configuration_hash = table.Column<string>(type: "text", nullable: true),
                reach = table.Column<string>(type: "jsonb", nullable: true),
                started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
            },
            constraints: table => table.PrimaryKey("node_pkey", r => r.id));
        migrationBuilder.CreateTable(
            name: "configuration",
            columns: table => new
            {
                version = table.Column<long>(type: "bigint", nullable: false)
                    .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                document = table.Column<string>(type: "jsonb", nullable: false),
                hash = table.Column<string>(type: "text", nullable: false),
                applied_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                applied_by = table.Column<string>(type: "text", nullable: false),
                note = table.Column<string>(type: "text", nullable: true),
            },
            constraints: table => table.PrimaryKey("configuration_pkey", r => r.version));
        migrationBuilder.CreateIndex(name: "node_name", table: "node", column: "name", unique: true);
        migrationBuilder.Sql(Script.Read("Initial.sql"));
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("The first schema has nothing before it: drop the database instead.");
}
