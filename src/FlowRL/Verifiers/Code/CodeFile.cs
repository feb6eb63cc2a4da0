using System.Runtime.ExceptionServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Data;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// Scores programs that exist already: JSON lines of <c>program</c> or <c>response</c> (a text that holds one), <c>tests</c>, and optionally
/// <c>language</c> and <c>time_limit</c>, to which <c>verdict</c>, <c>passed</c>, <c>total</c> and <c>reason</c> are added. Other fields and the order of
/// lines stay.
/// </summary>
public sealed class CodeFile(CodeVerifier verifier, int parallelism)
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="rows">The lines, in order.</param>
    /// <param name="write">Takes each scored line.</param>
    /// <param name="damaged">Takes place and reason of a line that is no program with tests; throws where that is to end the work.</param>
    /// <param name="cancellation">Checked between tests.</param>
    public CodeCounts Score(IEnumerable<DataRow> rows, Action<string> write, Action<string, string> damaged, CancellationToken cancellation)
    {
        try
        {
            return ScoreAll(rows, write, damaged, cancellation);
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<BadInputException>().FirstOrDefault() is { } first)
        {
            ExceptionDispatchInfo.Throw(first); // lines are read in parallel with verdicts
            throw;
        }
    }

    private CodeCounts ScoreAll(IEnumerable<DataRow> rows, Action<string> write, Action<string, string> damaged, CancellationToken cancellation)
    {
        var counts = new Dictionary<CodeOutcome, int>();
        var verdicts = rows.AsParallel().AsOrdered().WithDegreeOfParallelism(parallelism).WithMergeOptions(ParallelMergeOptions.NotBuffered)
            .WithCancellation(cancellation).Select(row => (row, Verdict(row, cancellation, out var problem), problem));
        foreach (var (row, verdict, problem) in verdicts)
        {
            if (verdict is null)
            {
                damaged(row.Place, problem);
                continue;
            }
            counts[verdict.Outcome] = counts.GetValueOrDefault(verdict.Outcome) + 1;
            row.Fields["verdict"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Outcome.ToString());
            row.Fields["passed"] = verdict.Passed;
            row.Fields["total"] = verdict.Total;
            row.Fields["reason"] = verdict.Reason;
            write(row.Fields.ToJsonString(Plain));
        }
        int Count(CodeOutcome outcome) => counts.GetValueOrDefault(outcome);
        return new CodeCounts(Count(CodeOutcome.Passed), Count(CodeOutcome.Failed), Count(CodeOutcome.Error), Count(CodeOutcome.Timeout),
            Count(CodeOutcome.Memory), Count(CodeOutcome.Refused));
    }

    private CodeVerdict? Verdict(DataRow row, CancellationToken cancellation, out string problem)
    {
        if (Language(row, out problem) is not { } language) return null;
        if (TestReader.Read(TestReader.Of(row), out problem) is not { } tests) return null;
        if (row.Fields["time_limit"] is { } limit)
        {
            if (limit.GetValueKind() != JsonValueKind.Number || limit.GetValue<double>() is not (> 0 and <= 3600))
            {
                problem = "'time_limit' is no number of seconds between 0 and 3600";
                return null;
            }
            tests = tests with { Seconds = limit.GetValue<double>() };
        }
        if (Text(row, "entry_point") is { } function) tests = tests with { Function = function };
        if (Text(row, "program") is { } program) return verifier.Verify(program, language, tests, cancellation);
        if (Text(row, "response") is { } response) return verifier.VerifyResponse(response, language, tests, cancellation);
        problem = "neither 'program' nor 'response'";
        return null;
    }

    private static string? Text(DataRow row, string field) => row.Fields[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static CodeLanguage? Language(DataRow row, out string problem)
    {
        problem = "";
        switch (FieldText.Of(row.Fields["language"])?.ToLowerInvariant())
        {
            case null or "python" or "py" or "python3":
                return CodeLanguage.Python;
            case "csharp" or "c#" or "cs":
                return CodeLanguage.CSharp;
            case var other:
                problem = $"programs in '{other}' are not run; there are python and csharp";
                return null;
        }
    }
}

/// <summary>What came of a file of programs: how many of each outcome.</summary>
public sealed record CodeCounts(int Passed, int Failed, int Error, int Timeout, int Memory, int Refused)
{
    public int Programs => Passed + Failed + Error + Timeout + Memory + Refused;

    /// <summary>Share of the programs that passed every test; NaN without programs.</summary>
    public double Accuracy => (double)Passed / Programs;
}
