using FlowRL.Verifiers.Mathematics;

namespace FlowRL.Tests.Verifiers.Mathematics;

/// <summary>
/// Answers as data sets, programs and models write them, with the verdict that a mathematician would give: answer-pairs.tsv has right answer,
/// prediction (or after "R:" a response, with ⏎ for a new line), verdict, and where such writing occurs.
/// </summary>
public sealed class AnswerPairTests
{
    private static readonly IReadOnlyList<string[]> Rows =
    [
        .. File.ReadLines(Path.Combine(Repository.Root, "tests", "FlowRL.Tests", "Verifiers", "Mathematics", "answer-pairs.tsv"))
            .Where(line => line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal)).Select(line => line.Split('\t')),
    ];

    public static TheoryData<string, string, string> Pairs => [.. Rows.Select(row => (row[0], row[1], row[2]))];

    [Theory]
    [MemberData(nameof(Pairs))]
    public void A_pair_is_judged_as_a_mathematician_would(string gold, string prediction, string verdict)
    {
        var comparison = prediction.StartsWith("R:", StringComparison.Ordinal)
            ? new MathVerifier(new ExtractionOptions(), new AnswerRules()).Verify(gold, prediction[2..].Replace('⏎', '\n')).Comparison
            : AnswerComparer.Compare(gold, prediction, new AnswerRules());
        Assert.True(comparison.Outcome == Enum.Parse<AnswerOutcome>(verdict, ignoreCase: true), $"{comparison.Outcome}: {comparison.Reason}");
    }

    [Fact]
    public void Half_of_the_pairs_are_different_and_each_says_where_it_occurs()
    {
        Assert.All(Rows, row => Assert.True(row.Length == 4 && row.All(field => field.Length > 0), string.Join('|', row)));
        Assert.Equal(Rows.Count, Rows.Select(row => (row[0], row[1])).Distinct().Count());
        Assert.InRange(Rows.Count(row => row[2] == "different"), 600, Rows.Count / 2 + 50);
        Assert.InRange(Rows.Count(row => row[2] == "equal"), 600, Rows.Count / 2 + 50);
    }
}
