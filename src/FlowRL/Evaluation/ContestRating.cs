namespace FlowRL.Evaluation;

/// <summary>
/// A contest rating from attempts at problems of known ratings. A rating r solves a problem of rating d with probability 1 / (1 + 10^((d − r) / 400)),
/// the expected score of Elo's system, which CodeForces rates by; the estimate is the r that makes what was solved most likely.
/// </summary>
public static class ContestRating
{
    /// <summary>Where estimates end: nothing solved gives the lower, everything the upper.</summary>
    public const double Lowest = 0, Highest = 4000;

    /// <param name="attempts">Each with the problem's rating and whether it was solved.</param>
    /// <returns>The estimate; NaN without attempts.</returns>
    public static double Estimate(IReadOnlyList<(double Rating, bool IsSolved)> attempts)
    {
        if (attempts.Count == 0) return double.NaN;
        // At the maximum of the likelihood, as many are expected to be solved as were; the expectation grows with r.
        var solved = attempts.Count(attempt => attempt.IsSolved);
        double low = Lowest, high = Highest;
        for (var step = 0; step < 60; step++)
        {
            var middle = (low + high) / 2;
            var expected = attempts.Sum(attempt => 1 / (1 + Math.Pow(10, (attempt.Rating - middle) / 400)));
            if (expected < solved) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    /// <summary>The share of rated people below a rating.</summary>
    /// <param name="rating">An estimate.</param>
    /// <param name="people">How many people have each rating.</param>
    public static double Percentile(double rating, IReadOnlyDictionary<int, int> people)
    {
        long all = people.Values.Sum(count => (long)count), below = people.Where(pair => pair.Key < rating).Sum(pair => (long)pair.Value);
        return all == 0 ? double.NaN : (double)below / all;
    }
}
