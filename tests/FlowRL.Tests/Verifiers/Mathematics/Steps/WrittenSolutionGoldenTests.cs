using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowRL.Verifiers.Mathematics;
using FlowRL.Verifiers.Mathematics.Steps;

namespace FlowRL.Tests.Verifiers.Mathematics.Steps;

/// <summary>How many right responses of real data have a solution: what docs/mathematics.md says.</summary>
public sealed partial class WrittenSolutionGoldenTests
{
    [Fact]
    public void Calculations_of_word_problems_have_one_but_where_they_are_a_single_number()
    {
        var path = Path.Combine(Repository.Root, "data", "word-problems", "demonstrations.jsonl.gz");
        using var file = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using var reader = new StreamReader(file);
        var verifier = new MathVerifier(new ExtractionOptions { Places = [AnswerPlace.Whole] }, new AnswerRules());
        var (all, without) = (0, new List<string>());
        while (reader.ReadLine() is { } line)
        {
            var row = JsonNode.Parse(line)!;
            var (calculation, answer) = ((string)row["solution"]!, (string)row["answer"]!);
            if (!verifier.Verify(answer, calculation).IsCorrect) continue; // of a rounded answer
            all++;
            if (WrittenSolution.Of(calculation, calculation, answer) is null) without.Add(calculation);
        }
        Assert.Equal((21469, 102), (all, without.Count));
        Assert.All(without, number => Assert.True(number.All(character => char.IsAsciiDigit(character) || character == '.'), number));
    }

    [Fact]
    public void Solutions_of_GSM8K()
    {
        var rows = MathGoldenTests.Rows("gsm8k_solutions.jsonl.gz").Select(row => (string)row["solution"]!).ToList();
        var found = rows.Zip(rows.Select(solution => FinalAnswer.Extract(solution, ExtractionOptions.Gsm8kStrict)!),
            (solution, gold) => WrittenSolution.Of(solution, gold, gold));
        Assert.Equal((8792, 8538), (rows.Count, found.Count(solution => solution is not null)));
    }

    [Fact]
    public void Solutions_of_MATH_with_a_number_as_answer()
    {
        var rows = MathGoldenTests.Rows("math_boxed.jsonl.gz").Where(row => Number().IsMatch((string)row["answer"]!)).ToList();
        var found = rows.Select(row => WrittenSolution.Of((string)row["solution"]!, (string)row["answer"]!, (string)row["answer"]!));
        Assert.Equal((3175, 1445), (rows.Count, found.Count(solution => solution is not null)));
    }

    [Fact]
    public void Right_responses_of_models_to_GSM8K()
    {
        var rows = MathGoldenTests.Rows("gsm8k_model_solutions.jsonl.gz").Where(row => (bool)row["is_correct"]!).ToList();
        var found = rows.Select(row => (string)row["solution"]!).Zip(rows, (solution, row) =>
            WrittenSolution.Of(solution, FinalAnswer.Extract(solution, ExtractionOptions.Gsm8kFlexible)!, (string)row["gold"]!));
        Assert.Equal((2001, 1982), (rows.Count, found.Count(solution => solution is not null)));
    }

    [GeneratedRegex(@"^-?[0-9]+(\.[0-9]+)?$")]
    private static partial Regex Number();
}
