using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace SmsGateway.Ledger.Schema.Migrations;

// The model the migrations end at. A test compares it with the model in the code.
[DbContext(typeof(LedgerDbContext))]
internal sealed class LedgerDbContextModelSnapshot : ModelSnapshot
{
    protected override void BuildModel(ModelBuilder modelBuilder)
    {
        modelBuilder.HasAnnotation("ProductVersion", "10.0.14").HasAnnotation("Relational:MaxIdentifierLength", 63);
        NpgsqlModelBuilderExtensions.UseIdentityByDefaultColumns(modelBuilder);
        modelBuilder.Entity("SmsGateway.Ledger.ConfigurationRow", b =>
        {
            b.Property<long>("Version").ValueGeneratedOnAdd().HasColumnType("bigint").HasColumnName("version");
            NpgsqlPropertyBuilderExtensions.UseIdentityByDefaultColumn(b.Property<long>("Version"));
            b.Property<DateTimeOffset>("AppliedAt").HasColumnType("timestamp with time zone").HasColumnName("applied_at");
            b.Property<string>("AppliedBy").IsRequired().HasColumnType("text").HasColumnName("applied_by");
            b.Property<string>("Document").IsRequired().HasColumnType("jsonb").HasColumnName("document");
            b.Property<string>("Hash").IsRequired().HasColumnType("text").HasColumnName("hash");
            b.Property<string>("Note").HasColumnType("text").HasColumnName("note");
            b.HasKey("Version").HasName("configuration_pkey");
            b.ToTable("configuration", (string?)null);
        });
        modelBuilder.Entity("SmsGateway.Ledger.InstallationRow", b =>
        {
            b.Property<bool>("OnlyOne").HasColumnType("boolean").HasColumnName("only_one");
            b.Property<DateTimeOffset>("CreatedAt").HasColumnType("timestamp with time zone").HasColumnName("created_at");
            b.Property<byte[]>("Key").IsRequired().HasColumnType("bytea").HasColumnName("key");
            b.HasKey("OnlyOne").HasName("installation_pkey");
            b.ToTable("installation", null, t => t.HasCheckConstraint("installation_only_one", "only_one"));
        });
        modelBuilder.Entity("SmsGateway.Ledger.NodeRow", b =>
        {
            b.Property<short>("Id").ValueGeneratedOnAdd().HasColumnType("smallint").HasColumnName("id");
            NpgsqlPropertyBuilderExtensions.UseIdentityByDefaultColumn(b.Property<short>("Id"));
            b.Property<string>("ConfigurationHash").HasColumnType("text").HasColumnName("configuration_hash");
            b.Property<long>("Counter").HasColumnType("bigint").HasColumnName("counter");
            b.Property<long>("Epoch").HasColumnType("bigint").HasColumnName("epoch");
            b.Property<string>("Mode").IsRequired().HasColumnType("text").HasColumnName("mode");
            b.Property<string>("Name").IsRequired().HasColumnType("text").HasColumnName("name");
            b.Property<string>("Reach").HasColumnType("jsonb").HasColumnName("reach");
            b.Property<string>("Site").IsRequired().HasColumnType("text").HasColumnName("site");
            b.Property<DateTimeOffset>("StartedAt").HasColumnType("timestamp with time zone").HasColumnName("started_at");
            b.Property<string>("Version").HasColumnType("text").HasColumnName("version");
            b.HasKey("Id").HasName("node_pkey");
            b.HasIndex("Name").IsUnique().HasDatabaseName("node_name");
            b.ToTable("node", (string?)null);
        });
    }
}
