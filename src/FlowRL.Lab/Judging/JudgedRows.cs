using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Data;

namespace FlowRL.Lab.Judging;

/// <summary>
/// Right answers from a file of responses: as an evaluation writes it (<c>id</c>, <c>prompt</c>, <c>response</c>, <c>correct</c>, <c>solution</c>), or the test
/// of a comparison's run (<c>problem</c>, <c>response</c>, <c>solution</c>, which is there where it is correct).
/// </summary>
public static class JudgedRows
{
    /// <summary>Reads the right answers of the first problems that have one.</summary>
    /// <param name="file">Its name, for messages.</param>
    /// <param name="rows">Responses, a problem's together or apart.</param>
    /// <param name="problems">Problems that are kept, 1 or more.</param>
    /// <param name="samples">Right answers that are kept of each, 1 or more.</param>
    /// <exception cref="BadInputException">A row is no response, or none is right.</exception>
    public static IReadOnlyList<JudgedProblem> Read(string file, IEnumerable<DataRow> rows, int problems, int samples)
    {
        var found = new Dictionary<(string Id, string? Text), List<JudgedResponse>>();
        var order = new List<(string Id, string? Text)>();
        var count = 0L;
        foreach (var row in rows)
        {
            count++;
            var (problem, response, isRight) = Parse(row);
            if (!isRight) continue;
            if (!found.TryGetValue(problem, out var responses))
            {
                if (order.Count == problems) continue;
                order.Add(problem);
                found.Add(problem, responses = []);
            }
            if (responses.Count < samples) responses.Add(response);
        }
        if (count == 0) throw new BadInputException($"{file}: there are no responses in it.");
        return order.Count > 0 ? [.. order.Select(problem => new JudgedProblem(problem.Id, problem.Text, found[problem]))]
            : throw new BadInputException(FormattableString.Invariant($"{file}: none of its {count:N0} responses is right, so there is nothing to judge."));
    }

    private static ((string Id, string? Text) Problem, JudgedResponse Response, bool IsRight) Parse(DataRow row)
    {
        var id = FieldText.Of(row.Fields["id"] ?? row.Fields["problem"]) ?? throw row.Refusal($"no 'id' and no 'problem'; {Wanted}");
        if (row.Fields["response"] is not JsonValue value || !value.TryGetValue<string>(out var text)) throw row.Refusal($"no 'response'; {Wanted}");
        var solution = FieldText.Of(row.Fields["solution"]);
        bool? isRight = row.Fields["correct"]?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => row.Fields.ContainsKey("solution") ? solution is not null : null,
        };
        return ((id, FieldText.Of(row.Fields["prompt"])), new JudgedResponse(text, solution),
            isRight ?? throw row.Refusal($"neither 'correct' nor 'solution', one of which says whether it is right; {Wanted}"));
    }

    private const string Wanted = "give what 'flowrl eval --out' wrote, or the responses of a comparison's run (tested.responses.jsonl.gz)";
}
