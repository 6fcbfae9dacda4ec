namespace SmsGateway.Host.Callbacks;

// Slots for requests beyond the first of each account. Nobody waits here: an account that gets none goes on with the requests it has.
internal sealed class SharedSlots(int count)
{
    private int _free = count;

    public bool TryTake()
    {
        if (Interlocked.Decrement(ref _free) >= 0)
        {
            return true;
        }

        Interlocked.Increment(ref _free);
        return false;
    }

    public void Return() => Interlocked.Increment(ref _free);
}
