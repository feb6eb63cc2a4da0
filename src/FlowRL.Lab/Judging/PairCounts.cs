using FlowRL.Evaluation;

namespace FlowRL.Lab.Judging;

/// <summary>
/// How often a judge and exact classes call two different texts of one problem the same: a table of two by two, over all pairs of texts that the judge has
/// put in classes. Counts are of type double because a resample has means in their place; every number below is one of shares.
/// </summary>
/// <param name="BothSame">Same for both.</param>
/// <param name="JudgeSame">Same for the judge alone.</param>
/// <param name="ExactSame">Same by exact classes alone.</param>
/// <param name="BothDifferent">Different for both.</param>
internal readonly record struct PairCounts(double BothSame, double JudgeSame, double ExactSame, double BothDifferent)
{
    public double All => BothSame + JudgeSame + ExactSame + BothDifferent;

    /// <summary>Share of pairs on which both say the same; null without pairs.</summary>
    public double? Agreement => All > 0 ? (BothSame + BothDifferent) / All : null;

    /// <summary>
    /// Cohen's kappa (1960): agreement beyond what two would have who call as many pairs the same at random, 1 for full agreement and 0 for none beyond
    /// chance. Null where chance alone agrees on all.
    /// </summary>
    public double? Kappa
    {
        get
        {
            if (Agreement is not { } observed) return null;
            var (judge, exact) = ((BothSame + JudgeSame) / All, (BothSame + ExactSame) / All);
            var chance = judge * exact + (1 - judge) * (1 - exact);
            return chance < 1 ? (observed - chance) / (1 - chance) : null;
        }
    }

    /// <summary>Share of the judge's same that is; null where it calls none the same.</summary>
    public double? Precision => BothSame + JudgeSame > 0 ? BothSame / (BothSame + JudgeSame) : null;

    /// <summary>Share of what is the same that the judge calls so; null where nothing is.</summary>
    public double? Recall => BothSame + ExactSame > 0 ? BothSame / (BothSame + ExactSame) : null;

    /// <summary>Of one problem, whose texts have exact classes.</summary>
    public static PairCounts Of(JudgeVerdict verdict)
    {
        var placed = verdict.Placed.ToList();
        var counts = new int[4];
        for (var i = 0; i < placed.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (judge, exact) = (placed[i].Class == placed[j].Class, placed[i].Response.Solution == placed[j].Response.Solution);
                counts[(judge ? 0 : 2) + (judge == exact ? 0 : 1)]++;
            }
        }
        return new PairCounts(counts[0], counts[1], counts[3], counts[2]);
    }

    /// <summary>Of all problems together, and in each resample of them.</summary>
    public static (PairCounts Whole, IReadOnlyList<PairCounts> Resampled) Of(IReadOnlyList<JudgeVerdict> verdicts, ulong seed)
    {
        var each = verdicts.Select(Of).ToList();
        double[][] columns =
        [
            [.. each.Select(counts => counts.BothSame)], [.. each.Select(counts => counts.JudgeSame)],
            [.. each.Select(counts => counts.ExactSame)], [.. each.Select(counts => counts.BothDifferent)],
        ];
        var means = Bootstrap.Resampled(columns, seed);
        return (new PairCounts(columns[0].Sum(), columns[1].Sum(), columns[2].Sum(), columns[3].Sum()),
            [.. Enumerable.Range(0, Bootstrap.Resamples).Select(i => new PairCounts(means[0][i], means[1][i], means[2][i], means[3][i]))]);
    }
}
