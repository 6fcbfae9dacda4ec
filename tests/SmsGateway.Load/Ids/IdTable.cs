namespace SmsGateway.Load.Ids;

// All answers of a run of mode "ids", and whether they keep the promise: one key, one message.
internal sealed class IdTable(int times, bool sameContents, bool marksDuplicates)
{
    private const int Listed = 20;

    private readonly SortedDictionary<string, int> _answers = new(StringComparer.Ordinal);

    public int Ids { get; private set; }

    public int Good { get; private set; }

    public int DistinctIds { get; private set; }

    /// <summary>Up to 20 ids that were answered wrongly, with their answers.</summary>
    public List<string> Bad { get; } = [];

    public IReadOnlyDictionary<string, int> Answers => _answers;

    public void Add(string clientId, IReadOnlyList<IdAnswer> answers)
    {
        Ids++;
        foreach (IdAnswer answer in answers)
            _answers[answer.Detail] = _answers.GetValueOrDefault(answer.Detail) + 1;
        int distinct = answers.Where(a => a.Id.Length > 0).Select(a => a.Id).Distinct().Count();
        DistinctIds += distinct;
        if (IsGood(answers, distinct))
            Good++;
        else if (Bad.Count < Listed)
            Bad.Add($"{clientId}: {string.Join(", ", answers.Select(a => $"{a.Detail} {a.Id}"))}");
    }

    private bool IsGood(IReadOnlyList<IdAnswer> answers, int distinct)
    {
        int accepted = answers.Count(a => a.Kind == AnswerKind.Accepted);
        int duplicates = answers.Count(a => a.Kind == AnswerKind.Duplicate);
        int conflicts = answers.Count(a => a.Kind == AnswerKind.Conflict);
        if (answers.Count != times || distinct != 1)
            return false;
        if (!sameContents)
            return accepted == 1 && conflicts == times - 1;
        return marksDuplicates ? accepted == 1 && duplicates == times - 1 : accepted == times;
    }
}
