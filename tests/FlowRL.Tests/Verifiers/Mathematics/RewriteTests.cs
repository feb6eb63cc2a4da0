using System.Globalization;
using FlowRL.Verifiers.Mathematics;

namespace FlowRL.Tests.Verifiers.Mathematics;

/// <summary>The answers of the MATH test set, written otherwise and nearly right.</summary>
public sealed class RewriteTests(ITestOutputHelper output)
{
    private const int Misses = 2000;
    private static readonly AnswerRules Rules = new();

    private static readonly Lazy<IReadOnlyList<string>> Answers = new(() =>
        [.. MathGoldenTests.Rows("math_boxed.jsonl.gz").Select(row => (string)row["answer"]!)]);

    [Fact]
    public void Meaning_preserving_rewrites_are_accepted()
    {
        var (accepted, tried) = (0, 0);
        foreach (var (kind, rewrite) in AnswerRewrites.All)
        {
            var pairs = Answers.Value.Select(answer => (Gold: answer, Written: rewrite(answer))).Where(pair => pair.Written is not null).ToList();
            var failed = pairs.Where(pair => AnswerComparer.Compare(pair.Gold, pair.Written!, Rules).Outcome != AnswerOutcome.Equal).ToList();
            (accepted, tried) = (accepted + pairs.Count - failed.Count, tried + pairs.Count);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {pairs.Count - failed.Count} of {pairs.Count}"));
            foreach (var (gold, written) in failed.Take(8)) output.WriteLine($"    {gold} | {written}: {AnswerComparer.Compare(gold, written!, Rules).Reason}");
            Assert.True(failed.Count <= 0.02 * pairs.Count, $"{kind}: {failed.Count} of {pairs.Count} refused, such as {failed.FirstOrDefault()}");
        }
        Assert.True(tried > 10_000);
        Assert.True(accepted >= 0.98 * tried, $"{accepted} of {tried}");
    }

    // What is left is equal in truth; each stands here with its reason.
    private static readonly string[] Equal =
    [
    ];

    [Fact]
    public void Near_misses_are_not()
    {
        var accepted = new List<string>();
        var tried = 0;
        for (var round = 0; tried < Misses; round++)
        {
            foreach (var (i, answer) in Answers.Value.Index().Skip(round % 7).Where(pair => pair.Index % 7 == 0))
            {
                foreach (var (kind, miss) in NearMisses.All)
                {
                    if (tried == Misses || miss(answer, Answers.Value, i + 10_007 * round) is not { } wrong || wrong == answer) continue;
                    tried++;
                    var comparison = AnswerComparer.Compare(answer, wrong, Rules);
                    if (comparison.Outcome == AnswerOutcome.Equal) accepted.Add($"{kind}: {answer} | {wrong} ({comparison.Reason})");
                }
            }
        }
        foreach (var one in accepted) output.WriteLine(one);
        Assert.Equal(Equal.Order(), accepted.Order());
        Assert.True(accepted.Count <= 0.005 * tried);
    }
}
