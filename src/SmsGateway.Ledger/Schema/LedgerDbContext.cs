using Microsoft.EntityFrameworkCore;

namespace SmsGateway.Ledger;

// EF Core owns the schema and the tables that operators change; every hot statement is named SQL (LedgerSql).
internal sealed class LedgerDbContext(DbContextOptions<LedgerDbContext> options) : DbContext(options)
{
    public DbSet<InstallationRow> Installations => Set<InstallationRow>();

    public DbSet<NodeRow> Nodes => Set<NodeRow>();

    public DbSet<SiteRow> Sites => Set<SiteRow>();

    public DbSet<AuditRow> Audits => Set<AuditRow>();

    public DbSet<ConfigurationRow> Configurations => Set<ConfigurationRow>();

    public static DbContextOptions<LedgerDbContext> OptionsFor(Npgsql.NpgsqlDataSource source) =>
        new DbContextOptionsBuilder<LedgerDbContext>().UseNpgsql(source).Options;

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<InstallationRow>(table =>
        {
            table.ToTable("installation", t => t.HasCheckConstraint("installation_only_one", "only_one"));
            table.HasKey(r => r.OnlyOne).HasName("installation_pkey");
            table.Property(r => r.OnlyOne).HasColumnName("only_one").ValueGeneratedNever();
            table.Property(r => r.Key).HasColumnName("key");
            table.Property(r => r.CreatedAt).HasColumnName("created_at");
        });
        modelBuilder.Entity<NodeRow>(table =>
        {
            table.ToTable("node");
            table.HasKey(r => r.Id).HasName("node_pkey");
            table.Property(r => r.Id).HasColumnName("id");
            table.Property(r => r.Name).HasColumnName("name");
            table.Property(r => r.Site).HasColumnName("site");
            table.Property(r => r.Mode).HasColumnName("mode");
            table.Property(r => r.Epoch).HasColumnName("epoch");
            table.Property(r => r.Counter).HasColumnName("counter");
            table.Property(r => r.Version).HasColumnName("version");
            table.Property(r => r.ConfigurationHash).HasColumnName("configuration_hash");
            table.Property(r => r.Reach).HasColumnName("reach").HasColumnType("jsonb");
            table.Property(r => r.StartedAt).HasColumnName("started_at");
            table.Property(r => r.Live).HasColumnName("live").HasDefaultValue(false);
            table.Property(r => r.Process).HasColumnName("process");
            table.Property(r => r.RenewedAt).HasColumnName("renewed_at");
            table.Property(r => r.ConfigurationVersion).HasColumnName("configuration_version");
            table.HasIndex(r => r.Name).IsUnique().HasDatabaseName("node_name");
        });
        modelBuilder.Entity<SiteRow>(table =>
        {
            table.ToTable("site");
            table.HasKey(r => r.Name).HasName("site_pkey");
            table.Property(r => r.Name).HasColumnName("name");
            table.Property(r => r.Mode).HasColumnName("mode");
        });
        modelBuilder.Entity<AuditRow>(table =>
        {
            table.ToTable("audit");
            table.HasKey(r => r.Seq).HasName("audit_pkey");
            table.Property(r => r.Seq).HasColumnName("seq");
            table.Property(r => r.At).HasColumnName("at");
            table.Property(r => r.Actor).HasColumnName("actor");
            table.Property(r => r.Role).HasColumnName("role");
            table.Property(r => r.Node).HasColumnName("node");
            table.Property(r => r.Action).HasColumnName("action");
            table.Property(r => r.Target).HasColumnName("target");
            table.Property(r => r.Before).HasColumnName("before");
            table.Property(r => r.After).HasColumnName("after");
            table.Property(r => r.Note).HasColumnName("note");
        });
        modelBuilder.Entity<ConfigurationRow>(table =>
        {
            table.ToTable("configuration");
            table.HasKey(r => r.Version).HasName("configuration_pkey");
            table.Property(r => r.Version).HasColumnName("version");
            table.Property(r => r.Document).HasColumnName("document").HasColumnType("jsonb");
            table.Property(r => r.Hash).HasColumnName("hash");
            table.Property(r => r.AppliedAt).HasColumnName("applied_at");
            table.Property(r => r.AppliedBy).HasColumnName("applied_by");
            table.Property(r => r.Note).HasColumnName("note");
        });
    }
}
