using System.Text.Encodings.Web;
using System.Text.Json;
using FlowRL.Data;

namespace FlowRL.Verifiers.Mathematics;

/// <summary>
/// Scores answers that exist already: JSON lines of <c>gold</c> and <c>prediction</c> (an answer) or <c>response</c> (a text that holds one), to
/// which <c>verdict</c>, <c>reason</c> and for responses <c>answer</c> are added. Other fields and the order of lines stay.
/// </summary>
public sealed class AnswerFile(ExtractionOptions extraction, AnswerRules rules)
{
    private const int BatchLines = 2048;
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly MathVerifier _verifier = new(extraction, rules);

    /// <param name="rows">The lines, in order.</param>
    /// <param name="write">Takes each scored line.</param>
    /// <param name="damaged">Takes place and reason of a line that is no answer; throws where that is to end the work.</param>
    /// <param name="cancellation">Checked between batches.</param>
    public AnswerCounts Score(IEnumerable<DataRow> rows, Action<string> write, Action<string, string> damaged, CancellationToken cancellation)
    {
        var counts = new Dictionary<AnswerOutcome, int>();
        foreach (var batch in rows.Chunk(BatchLines))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (row, verdict, problem) in batch.AsParallel().AsOrdered().Select(Verdict))
            {
                if (verdict is null)
                {
                    damaged(row.Place, problem);
                    continue;
                }
                var outcome = verdict.Comparison.Outcome;
                counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
                if (!row.Fields.ContainsKey("prediction")) row.Fields["answer"] = verdict.Answer;
                row.Fields["verdict"] = JsonNamingPolicy.SnakeCaseLower.ConvertName(outcome.ToString());
                row.Fields["reason"] = verdict.Comparison.Reason;
                write(row.Fields.ToJsonString(Plain));
            }
        }
        int Count(AnswerOutcome outcome) => counts.GetValueOrDefault(outcome);
        return new AnswerCounts(Count(AnswerOutcome.Equal), Count(AnswerOutcome.Different), Count(AnswerOutcome.Undecided));
    }

    private (DataRow Row, MathVerdict? Verdict, string Problem) Verdict(DataRow row)
    {
        if (FieldText.Of(row.Fields["gold"]) is not { } gold) return (row, null, "no 'gold' that is a text, a number or a list of these");
        if (row.Fields.ContainsKey("prediction"))
        {
            var prediction = FieldText.Of(row.Fields["prediction"]);
            return (row, new MathVerdict(prediction, AnswerComparer.Compare(gold, prediction ?? "", rules)), "");
        }
        return FieldText.Of(row.Fields["response"]) is { } response
            ? (row, _verifier.Verify(gold, response), "") : (row, null, "neither 'prediction' nor 'response'");
    }
}

/// <summary>What came of a file of answers.</summary>
/// <param name="Equal">Answers that are right.</param>
/// <param name="Different">Answers that are wrong, or missing.</param>
/// <param name="Undecided">Answers that could not be read.</param>
public sealed record AnswerCounts(int Equal, int Different, int Undecided)
{
    public int Answers => Equal + Different + Undecided;

    /// <summary>Share of the answers that are right; NaN without answers.</summary>
    public double Accuracy => (double)Equal / Answers;
}
