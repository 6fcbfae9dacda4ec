namespace SmsGateway.Host.Configuration;

internal static partial class ConfigurationReader
{
    private static CarrierSettings Carrier(SettingsReader r) => new()
    {
        Name = r.Required("name"),
        Enabled = r.Flag("enabled", true),
        Host = r.Required("host"),
        Port = r.Number("port", 2775, 1, 65_535),
        SystemId = r.Text("systemId") ?? "",
        Password = r.Text("password") ?? "",
        SystemType = r.Text("systemType") ?? "",
        BindType = r.Word<CarrierBindType>("bindType") ?? CarrierBindType.Transceiver,
        BindsPerNode = r.Number("bindsPerNode", 1, 1, 1_000),
        MaxBinds = r.NumberOrNull("maxBinds", 1, 10_000),
        Window = r.Number("window", 10, 1, 10_000),
        Tps = (double?)r.Decimal("tps", 0.001m, 1_000_000),
        Sites = r.Texts("sites"),
        Nodes = r.Texts("nodes"),
        Quirks = r.Object("quirks", Quirks) ?? new CarrierQuirks(),
        Statuses = r.Object("statuses", Statuses) ?? new CarrierStatuses(),
        RetryDelay = r.Duration("retryDelay", TimeSpan.FromSeconds(5), TimeSpan.Zero, TimeSpan.FromHours(1)),
        Reconnect = r.Object("reconnect", Reconnect) ?? new CarrierReconnect(),
        Circuit = r.Object("circuit", Circuit) ?? new CarrierCircuit(),
        Doubt = Held(r.WordOrObject<DoubtPolicy, CarrierDoubt>("doubt", CarrierDoubt.All, Doubt)),
    };

    private static CarrierDoubt Doubt(SettingsReader r) => new()
    {
        BulkLow = r.Word<DoubtPolicy>("BULK_LOW") ?? DoubtPolicy.Hold,
        Bulk = r.Word<DoubtPolicy>("BULK") ?? DoubtPolicy.Hold,
        InteractiveLow = r.Word<DoubtPolicy>("INTERACTIVE_LOW") ?? DoubtPolicy.Hold,
        Interactive = r.Word<DoubtPolicy>("INTERACTIVE") ?? DoubtPolicy.Hold,
    };

    // One spelling for the default: equal configurations have equal hashes.
    private static CarrierDoubt? Held(CarrierDoubt? doubt) => doubt == new CarrierDoubt() ? null : doubt;

    private static CarrierQuirks Quirks(SettingsReader r) => new()
    {
        SubmitIdNotation = r.Word<IdNotation>("submitIdNotation") ?? IdNotation.Text,
        ReceiptIdNotation = r.Word<IdNotation>("receiptIdNotation") ?? IdNotation.Text,
        DefaultAlphabet = r.Word<CarrierAlphabet>("defaultAlphabet") ?? CarrierAlphabet.Gsm0338,
        ReceiptTimeZoneMinutes = r.Number("receiptTimeZoneMinutes", 0, -840, 840),
        SourceTon = (byte?)r.NumberOrNull("sourceTon", 0, 255),
        SourceNpi = (byte?)r.NumberOrNull("sourceNpi", 0, 255),
        DestinationTon = (byte?)r.NumberOrNull("destinationTon", 0, 255),
        DestinationNpi = (byte?)r.NumberOrNull("destinationNpi", 0, 255),
        SendValidity = r.Flag("sendValidity", true),
        MoIdTlv = (ushort?)r.Code("moIdTlv", ushort.MaxValue),
    };

    private static CarrierStatuses Statuses(SettingsReader r) => new()
    {
        Retryable = r.Codes("retryable", uint.MaxValue) ?? CarrierStatuses.DefaultRetryable,
        Final = r.Codes("final", uint.MaxValue) ?? [],
    };

    private static CarrierReconnect Reconnect(SettingsReader r) => new()
    {
        First = r.Duration("first", TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
        Max = r.Duration("max", TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
    };

    private static CarrierCircuit Circuit(SettingsReader r) => new()
    {
        Failures = r.Number("failures", 20, 1, 1_000_000),
        Pause = r.Duration("pause", TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1)),
    };
}
