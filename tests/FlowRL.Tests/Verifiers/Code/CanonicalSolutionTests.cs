using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using FlowRL.Data;
using FlowRL.Tasks.Code;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>Data sets whose right programs are known: those pass, and programs made wrong from them do not.</summary>
[Collection(nameof(SandboxTests))]
public sealed class CanonicalSolutionTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests/FlowRL.Tests/Golden/code");
    private static readonly CodeVerifier Patient = new(new CodeOptions { TimeLimit = 20, StopAtFailure = true });
    private static readonly CodeVerifier Quick = new(new CodeOptions { TimeLimit = 2, StopAtFailure = true });

    // Mbpp/255 asks for all combinations with repetition; one of its inputs has more of them than anything may answer.
    public static TheoryData<string, int, string[]> Sets => new()
    {
        { "HumanEval.jsonl.gz", 164, [] },
        { "HumanEvalPlus.jsonl.gz", 164, [] },
        { "MbppPlus.jsonl.gz", 378, ["Mbpp/255"] },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public void Canonical_solutions_pass(string file, int count, string[] exceptions)
    {
        var rows = Rows(file);
        var failed = new ConcurrentBag<string>();

        Each(rows, row =>
        {
            if (!Verify(Patient, row.Problem, row.Problem.Prefix + row.Solution).IsCorrect) failed.Add(row.Id!);
        });

        Assert.Equal(count, rows.Count);
        Assert.Equal(exceptions, failed.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Of wrong programs, the share that is caught, written to the test's output. Not all mutants are wrong (x &lt; y may be as good as x &lt;= y), so
    /// for two kinds there is no more than a floor.
    /// </summary>
    [Theory]
    [InlineData("HumanEval.jsonl.gz")]
    [InlineData("HumanEvalPlus.jsonl.gz")]
    public void Mutants_are_caught(string file)
    {
        var rows = Rows(file).ToDictionary(row => row.Id!);
        var caught = new ConcurrentDictionary<string, (int Caught, int All)>();

        Each(Mutants(rows.Values), mutant =>
        {
            var passed = Verify(Quick, rows[mutant.Id].Problem, mutant.Program).IsCorrect;
            caught.AddOrUpdate(mutant.Mutation, (passed ? 0 : 1, 1), (_, before) => (before.Caught + (passed ? 0 : 1), before.All + 1));
        });

        Assert.Equal(["branch", "constant", "empty", "off_by_one"], caught.Keys.Order(StringComparer.Ordinal));
        foreach (var (mutation, (some, all)) in caught.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{file} {mutation}: {some} of {all}");
            Assert.InRange((double)some / all, mutation is "empty" or "branch" ? 0.99 : 0.6, 1);
        }
    }

    private static List<CodeRow> Rows(string file) =>
        [.. DataReader.Read(Path.Combine(Folder, file), (place, reason) => Assert.Fail($"{place}: {reason}")).Select(row =>
        {
            var content = CodeLayout.Known.First(layout => layout.Fits(row)).Read(row, out var problem);
            return content ?? throw new InvalidDataException(problem);
        })];

    private static CodeVerdict Verify(CodeVerifier verifier, CodeProblem problem, string program) =>
        verifier.Verify(program, problem.Language, problem.Tests, TestContext.Current.CancellationToken);

    private static void Each<T>(IEnumerable<T> items, Action<T> action) => Parallel.ForEach(items, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, action);

    private static List<(string Id, string Mutation, string Program)> Mutants(IEnumerable<CodeRow> rows)
    {
        var start = new ProcessStartInfo("/usr/bin/python3", [Path.Combine(Folder, "mutate.py")]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        foreach (var row in rows)
            process.StandardInput.WriteLine(JsonSerializer.Serialize(new { id = row.Id, program = row.Problem.Prefix + row.Solution, function = row.Problem.Tests.Function }));
        process.StandardInput.Close();
        var lines = output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(line => JsonDocument.Parse(line).RootElement).Select(mutant =>
            (mutant.GetProperty("id").GetString()!, mutant.GetProperty("mutation").GetString()!, mutant.GetProperty("program").GetString()!))];
    }
}
