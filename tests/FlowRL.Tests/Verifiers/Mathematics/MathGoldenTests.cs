using System.IO.Compression;
using System.Text.Json.Nodes;
using FlowRL.Tests.Support;
using FlowRL.Verifiers.Mathematics;

namespace FlowRL.Tests.Verifiers.Mathematics;

/// <summary>Cases and answers of other graders; where each file comes from stands in SOURCE.txt beside it.</summary>
public sealed class MathGoldenTests
{
    private static readonly AnswerRules Rules = new();

    [Fact]
    public void The_cases_of_the_MATH_grader()
    {
        var cases = JsonNode.Parse(File.ReadAllText(GoldenFiles.Path("mathematics", "hendrycks_is_equiv_cases.json")))!.AsArray();
        Assert.Equal(16, cases.Count);
        Assert.All(cases, one => Assert.Equal((bool)one!["equal"]!,
            AnswerComparer.Compare((string)one["a"]!, (string)one["b"]!, AnswerRules.Hendrycks).Outcome == AnswerOutcome.Equal));
    }

    // A determinant is a calculation that is not read here, and "4" is not 3/12: the original computes 12/3.
    private static readonly string[] Unread = ["test_gsm8k_matrix_determinant", "test_gsm8k_division_order"];

    [Fact]
    public void The_cases_of_AReaL()
    {
        var verifier = new MathVerifier(new ExtractionOptions
        {
            Places = [AnswerPlace.Boxed, AnswerPlace.Brackets, AnswerPlace.Phrase, AnswerPlace.Whole],
        }, Rules);
        var cases = JsonNode.Parse(File.ReadAllText(GoldenFiles.Path("mathematics", "areal_math_verify_reward_cases.json")))!.AsArray()
            .Where(one => one!["kwargs"]!["answer"] is JsonValue).ToList();
        var disagreed = cases.Where(one => verifier.Verify((string)one!["kwargs"]!["answer"]!, (string)one["kwargs"]!["completions"]!).IsCorrect
            != ((string)one["assert"]!).EndsWith("1.0", StringComparison.Ordinal)).Select(one => (string)one!["test"]!);
        Assert.Equal(47, cases.Count);
        Assert.Equal(Unread.Order(), disagreed.Order());
    }

    [Fact]
    public void Boxes_of_the_MATH_test_set()
    {
        var options = new ExtractionOptions { Places = [AnswerPlace.Boxed], Boxes = BoxRule.Last };
        var rows = Rows("math_boxed.jsonl.gz");
        Assert.Equal(5000, rows.Count);
        Assert.All(rows, row => Assert.Equal(((string)row["answer"]!).Trim(), FinalAnswer.Extract((string)row["solution"]!, options)));
    }

    // Seven of the 5000 solutions box two values of which the data set takes the last; the others say the same whichever rule is taken.
    [Fact]
    public void Boxes_of_the_MATH_test_set_that_are_joined()
    {
        var verifier = new MathVerifier(new ExtractionOptions { Places = [AnswerPlace.Boxed] }, Rules);
        var joined = Rows("math_boxed.jsonl.gz").Select(row => verifier.Verify((string)row["answer"]!, (string)row["solution"]!)).Where(verdict => !verdict.IsCorrect);
        Assert.Equal(
            ["-2, 1", @"-\tfrac32, -\tfrac34", @"3, \frac{2}{5}", "(10, 0), (0,0)", @"\left(\tfrac32, -\tfrac52\right), \left(-\tfrac52, -\tfrac52\right)", "-1, 2",
                @"\frac{\pi}{4}, \frac{5\pi}{4}"],
            joined.Select(verdict => verdict.Answer));
    }

    // The box stands behind another space, so that the texts differ and the answers have to be read.
    [Fact]
    public void Every_MATH_answer_is_read() => Assert.All(Rows("math_boxed.jsonl.gz"), row =>
        Assert.Equal(AnswerOutcome.Equal, AnswerComparer.Compare((string)row["answer"]!, $@"\ {row["answer"]}", Rules).Outcome));

    [Fact]
    public void GSM8Ks_own_solutions()
    {
        var rows = Rows("gsm8k_solutions.jsonl.gz");
        Assert.Equal(8792, rows.Count);
        Assert.All(rows, row =>
        {
            var solution = (string)row["solution"]!;
            var gold = solution[(solution.LastIndexOf("#### ", StringComparison.Ordinal) + 5)..].Trim();
            Assert.Equal(gold.Replace(",", "", StringComparison.Ordinal), FinalAnswer.Extract(solution, ExtractionOptions.Gsm8kStrict));
        });
    }

    [Fact]
    public void GSM8Ks_model_solutions()
    {
        var rows = Rows("gsm8k_model_solutions.jsonl.gz");
        var verifier = new MathVerifier(ExtractionOptions.Gsm8kFlexible, Rules);
        Assert.Equal(5276, rows.Count);
        Assert.All(rows, row =>
        {
            var (gold, isCorrect) = ((string)row["gold"]!, (bool)row["is_correct"]!);
            Assert.Equal(isCorrect, AnswerComparer.Compare(gold, (string?)row["flexible"] ?? "", Rules).Outcome == AnswerOutcome.Equal);
            Assert.Equal(isCorrect, verifier.Verify(gold, (string)row["solution"]!).IsCorrect);
        });
    }

    internal static List<JsonNode> Rows(string name)
    {
        using var file = new GZipStream(File.OpenRead(GoldenFiles.Path("mathematics", name)), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        var rows = new List<JsonNode>();
        while (reader.ReadLine() is { } line) rows.Add(JsonNode.Parse(line)!);
        return rows;
    }
}
