namespace FlowRL.Evaluation;

/// <summary>Every response that a model with a small vocabulary can give within a length limit.</summary>
internal static class ResponseSpace
{
    /// <summary>More responses than this are not listed.</summary>
    public const int Largest = 1 << 17;

    /// <summary>All token sequences that sampling can end with: those with an ending token in the last place only, and those cut off at the limit.</summary>
    /// <param name="vocabulary">Tokens, 0 to this less one.</param>
    /// <param name="ends">Tokens that end a response.</param>
    /// <param name="limit">Tokens of the longest response.</param>
    /// <exception cref="BadInputException">There are more than <see cref="Largest"/>.</exception>
    public static IReadOnlyList<int[]> Enumerate(int vocabulary, IReadOnlySet<int> ends, int limit)
    {
        var count = Count(vocabulary - ends.Count, ends.Count, limit);
        if (count > Largest)
        {
            throw new BadInputException($"evaluation.exact_beta: {vocabulary} tokens give {count:0.###e0} responses of up to {limit} tokens, and at most " +
                $"{Largest} are listed; lower sampling.max_new_tokens, use a smaller vocabulary (model.create.letters), or leave the key out.");
        }
        var (responses, open) = (new List<int[]>((int)count), new List<int[]> { Array.Empty<int>() });
        for (var length = 1; length <= limit; length++)
        {
            var next = new List<int[]>();
            foreach (var prefix in open)
            {
                for (var token = 0; token < vocabulary; token++) (ends.Contains(token) ? responses : next).Add([.. prefix, token]);
            }
            open = next;
        }
        responses.AddRange(open);
        return responses;
    }

    private static double Count(int letters, int ends, int limit) =>
        Enumerable.Range(0, limit).Sum(length => ends * Math.Pow(letters, length)) + Math.Pow(letters, limit);
}
