using System.Numerics;
using CsCheck;
using FlowRL.Evaluation;

namespace FlowRL.Tests.Evaluation;

/// <summary>Measures over counts of solutions.</summary>
public sealed class VarietyMeasureTests
{
    /// <summary>Up to 10 samples, some wrong (class −1), the rest of up to four solutions.</summary>
    private static readonly Gen<int[]> Classes = Gen.Int[-1, 3].Array[1, 10];

    private static SolutionCounts Counts(int[] classes, int? solutions = null) =>
        new(classes.Length, [.. classes.Where(c => c >= 0).GroupBy(c => c).Select(Enumerable.Count)], solutions);

    [Fact]
    public void Distinct_at_k_is_the_mean_over_all_subsets() => Classes.Sample(classes =>
    {
        var curve = DistinctAtK.Curve(Counts(classes));
        for (var k = 1; k <= classes.Length; k++)
        {
            var expected = Enumerable.Range(0, 1 << classes.Length).Where(mask => BitOperations.PopCount((uint)mask) == k)
                .Average(mask => classes.Where((c, i) => c >= 0 && (mask >> i & 1) == 1).Distinct().Count());
            Assert.Equal(expected, curve[k - 1], 1e-9);
            Assert.Equal(expected, DistinctAtK.Estimate(Counts(classes), k), 1e-9);
        }
    }, iter: 100);

    [Fact]
    public void The_curve_begins_with_accuracy_and_ends_with_what_was_found() => Classes.Sample(classes =>
    {
        var (problem, curve) = (Counts(classes), DistinctAtK.Curve(Counts(classes)));
        Assert.Equal((double)problem.Correct / problem.Samples, curve[0], 1e-12);
        Assert.Equal(problem.Found.Count, curve[^1], 1e-12);
        Assert.All(curve.Zip(curve.Skip(1)), pair => Assert.True(pair.Second >= pair.First - 1e-12));
    });

    // Every order of the samples is equally likely; what the first k of it show is counted as the definition says.
    [Fact]
    public void Utility_is_the_mean_of_its_definition_over_all_orders() => Gen.Int[-1, 2].Array[1, 6].Sample(classes =>
    {
        var curve = DistinctAtK.Curve(Counts(classes));
        for (var k = 1; k <= classes.Length; k++)
        {
            var expected = Orders(classes.Length).Average(order =>
            {
                var (seen, sum) = (new HashSet<int>(), 0.0);
                for (var i = 0; i < k; i++)
                    if (classes[order[i]] is >= 0 and var one && seen.Add(one)) sum += Math.Pow(0.8, i);
                return sum * (1 - 0.8) / (1 - Math.Pow(0.8, k));
            });
            Assert.Equal(expected, UtilityAtK.Of(curve, k), 1e-9);
        }
    }, iter: 30);

    // (1 − 0.8)/(1 − 0.8²)·(3/4 + 0.8·(distinct@2 − 3/4)) with 2 of one and 1 of another in 4 samples: distinct@2 = 5/6 + 1/2.
    [Fact]
    public void Utility_by_hand() =>
        Assert.Equal(0.2 / 0.36 * (0.75 + 0.8 * (5 / 6.0 + 0.5 - 0.75)), UtilityAtK.Of(DistinctAtK.Curve(new SolutionCounts(4, [2, 1], null)), 2), 1e-12);

    [Fact]
    public void Effective_solutions_by_hand()
    {
        Assert.Equal(0, EffectiveSolutions.Of(new SolutionCounts(5, [], null)));
        Assert.Equal(3, EffectiveSolutions.Of(new SolutionCounts(9, [2, 2, 2], null)), 1e-12);
        // Shares 1/2, 1/4, 1/4: entropy 1.5 bits.
        Assert.Equal(Math.Pow(2, 1.5), EffectiveSolutions.Of(new SolutionCounts(8, [4, 2, 2], null)), 1e-12);
    }

    [Fact]
    public void Effective_solutions_lie_between_the_inverse_of_the_commonest_share_and_what_was_found() => Classes.Sample(classes =>
    {
        var problem = Counts(classes);
        if (CommonestShare.Of(problem) is not { } share) return;
        Assert.InRange(EffectiveSolutions.Of(problem), 1 / share - 1e-9, problem.Found.Count + 1e-9);
    });

    [Fact]
    public void The_commonest_share_is_of_correct_samples()
    {
        Assert.Equal(0.75, CommonestShare.Of(new SolutionCounts(8, [3, 1], null)));
        Assert.Null(CommonestShare.Of(new SolutionCounts(8, [], null)));
    }

    [Fact]
    public void Cover_counts_problems_that_reach_the_threshold()
    {
        Assert.Equal(0.5, CoverAtTau.Of([0, 0.5, 0.75, 0.25], 0.5));
        Assert.Equal(1, CoverAtTau.Of([1 - 1e-13], 1));
        Assert.Null(CoverAtTau.Of([], 0.5));
    }

    // Of a (2 of 4), b (1 of 4) and c (1 of 4), the base knows b: in 2 samples a is seen with 5/6, c with 1/2.
    [Fact]
    public void Novel_are_solutions_that_the_other_never_shows()
    {
        (string, int)[] found = [("a", 2), ("b", 1), ("c", 1)];
        Assert.Equal(5 / 6.0 + 0.5, Novelty.AtK(4, found, new HashSet<string> { "b", "z" }, 2), 1e-12);
        Assert.Equal(3, Novelty.AtK(4, found, new HashSet<string>(), 4), 1e-12);
        Assert.Equal(0, Novelty.AtK(4, found, new HashSet<string> { "a", "b", "c" }, 4));
    }

    // Two problems of 4 samples: 2 + 1 correct of two solutions, of 4 that exist; nothing.
    [Fact]
    public void A_report_has_the_means_over_problems()
    {
        var report = VarietyReport.Of([new SolutionCounts(4, [2, 1], 4), new SolutionCounts(4, [], null)], [4, 1, 2]);
        Assert.Equal([1, 2, 4], report.DistinctAtK.Keys);
        Assert.Equal((5 / 6.0 + 0.5) / 2, report.DistinctAtK[2], 1e-12);
        Assert.Equal(Math.Exp(2 / 3.0 * Math.Log(1.5) + Math.Log(3) / 3) / 2, report.EffectiveSolutions, 1e-12);
        Assert.Equal(2 / 3.0, report.CommonestShare!.Value, 1e-12);
        Assert.Equal([0.5, 0.5, 0.5, 0], report.Cover.Values);
        Assert.Equal([1, 1, 0, 0], report.CoverSolutions.Values);
        Assert.Null(VarietyReport.Of([new SolutionCounts(1, [], 0)], [1]).CommonestShare);
        Assert.All(VarietyReport.Of([new SolutionCounts(1, [1], 0)], [1]).CoverSolutions.Values, value => Assert.Null(value));
    }

    private static IEnumerable<int[]> Orders(int count) => count == 0 ? [[]]
        : Orders(count - 1).SelectMany(order => Enumerable.Range(0, count).Select(place => (int[])[.. order[..place], count - 1, .. order[place..]]));
}
