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
        modelBuilder.Entity("SmsGateway.Ledger.AuditRow", b =>
        {
            b.Property<long>("Seq").ValueGeneratedOnAdd().HasColumnType("bigint").HasColumnName("seq");
            NpgsqlPropertyBuilderExtensions.UseIdentityByDefaultColumn(b.Property<long>("Seq"));
            b.Property<string>("Action").IsRequired().HasColumnType("text").HasColumnName("action");
            b.Property<string>("Actor").IsRequired().HasColumnType("text").HasColumnName("actor");
            b.Property<string>("After").HasColumnType("text").HasColumnName("after");
            b.Property<DateTimeOffset>("At").HasColumnType("timestamp with time zone").HasColumnName("at");
            b.Property<string>("Before").HasColumnType("text").HasColumnName("before");
            b.Property<string>("Node").IsRequired().HasColumnType("text").HasColumnName("node");
            b.Property<string>("Note").HasColumnType("text").HasColumnName("note");
            b.Property<string>("Role").IsRequired().HasColumnType("text").HasColumnName("role");
            b.Property<string>("Target").IsRequired().HasColumnType("text").HasColumnName("target");
            b.HasKey("Seq").HasName("audit_pkey");
            b.ToTable("audit", (string?)null);
        });
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
            b.Property<long?>("ConfigurationVersion").HasColumnType("bigint").HasColumnName("configuration_version");
            b.Property<long>("Counter").HasColumnType("bigint").HasColumnName("counter");
            b.Property<long>("Epoch").HasColumnType("bigint").HasColumnName("epoch");
            b.Property<bool>("Live").ValueGeneratedOnAdd().HasColumnType("boolean").HasDefaultValue(false).HasColumnName("live");
            b.Property<string>("Mode").IsRequired().HasColumnType("text").HasColumnName("mode");
            b.Property<string>("Name").IsRequired().HasColumnType("text").HasColumnName("name");
            b.Property<string>("Process").HasColumnType("text").HasColumnName("process");
            b.Property<string>("Reach").HasColumnType("jsonb").HasColumnName("reach");
            b.Property<DateTimeOffset?>("RenewedAt").HasColumnType("timestamp with time zone").HasColumnName("renewed_at");
            b.Property<string>("Site").IsRequired().HasColumnType("text").HasColumnName("site");
            b.Property<DateTimeOffset>("StartedAt").HasColumnType("timestamp with time zone").HasColumnName("started_at");
            b.Property<string>("Version").HasColumnType("text").HasColumnName("version");
            b.HasKey("Id").HasName("node_pkey");
            b.HasIndex("Name").IsUnique().HasDatabaseName("node_name");
            b.ToTable("node", (string?)null);
        });
        modelBuilder.Entity("SmsGateway.Ledger.SiteRow", b =>
        {
            b.Property<string>("Name").HasColumnType("text").HasColumnName("name");
            b.Property<string>("Mode").IsRequired().HasColumnType("text").HasColumnName("mode");
            b.HasKey("Name").HasName("site_pkey");
            b.ToTable("site", (string?)null);
        });
    }
}
