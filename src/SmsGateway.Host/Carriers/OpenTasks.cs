namespace SmsGateway.Host.Carriers;

// Tasks that nobody awaits one by one but that must be over before their owner is. Bounded by whoever adds them; each must
// catch its own failures.
internal sealed class OpenTasks
{
    private readonly Lock _gate = new();
    private readonly List<Task> _tasks = [];
    private int _pruneAt = 64;

    public void Add(Task task)
    {
        if (task.IsCompleted)
        {
            return;
        }

        lock (_gate)
        {
            _tasks.Add(task);
            if (_tasks.Count < _pruneAt)
            {
                return;
            }

            _tasks.RemoveAll(static other => other.IsCompleted);
            _pruneAt = Math.Max(64, _tasks.Count * 2);
        }
    }

    /// <summary>Completes when all that have been added so far are over.</summary>
    public Task WhenAll()
    {
        lock (_gate)
        {
            return Task.WhenAll(_tasks);
        }
    }
}
