namespace SmsGateway.Host.Carriers;

/// <summary>One connector as an operator sees it; a snapshot.</summary>
/// <param name="Name">The carrier.</param>
/// <param name="Live">It can take traffic now.</param>
/// <param name="SubmitBinds">Binds that are up and can submit.</param>
/// <param name="Wanted">Binds that are kept, receivers among them.</param>
/// <param name="CircuitOpen">A pause after system errors or silence is on.</param>
/// <param name="Waiting">Segments in its lanes.</param>
/// <param name="Uncommitted">Answers that wait for their commit.</param>
internal readonly record struct CarrierStatus(
    string Name, bool Live, int SubmitBinds, int Wanted, bool CircuitOpen, int Waiting, int Uncommitted);
