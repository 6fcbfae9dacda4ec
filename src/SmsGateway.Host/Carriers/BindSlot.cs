namespace SmsGateway.Host.Carriers;

// One of the binds that a carrier allows in all, held by this node from before the dialling until after the end of the bind.
internal sealed class BindSlot(int number) : IDisposable
{
    private readonly CancellationTokenSource _giveBack = new();

    public int Number => number;

    /// <summary>Cancelled when another node is to have it, or has it already: the bind ends in order.</summary>
    public CancellationToken GivenBack => _giveBack.Token;

    public bool IsGivenBack => _giveBack.IsCancellationRequested;

    public void GiveBack() => _giveBack.Cancel();

    public void Dispose() => _giveBack.Dispose();
}
