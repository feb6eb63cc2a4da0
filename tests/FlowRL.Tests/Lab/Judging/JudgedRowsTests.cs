using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Lab.Judging;

namespace FlowRL.Tests.Lab.Judging;

public sealed class JudgedRowsTests
{
    [Fact]
    public void Right_answers_of_an_evaluation_are_gathered_by_problem()
    {
        var problems = Read(10, 2,
            """{"id":"a","prompt":"1+1?","index":0,"response":"2","correct":true,"solution":"x"}""",
            """{"id":"b","prompt":"2+2?","index":0,"response":"5","correct":false,"solution":null}""",
            """{"id":"a","prompt":"1+1?","index":1,"response":"two","correct":true,"solution":"y"}""",
            """{"id":"a","prompt":"1+1?","index":2,"response":"II","correct":true,"solution":"z"}""",
            """{"id":7,"prompt":"3+3?","index":0,"response":"6","correct":true,"solution":null}""");
        Assert.Equal([("a", "1+1?"), ("7", "3+3?")], problems.Select(problem => (problem.Id, problem.Text)));
        Assert.Equal([new("2", "x"), new("two", "y")], problems[0].Responses);
        Assert.Equal([new JudgedResponse("6", null)], problems[1].Responses);
    }

    [Fact]
    public void Right_answers_of_a_comparisons_run_are_those_with_a_solution()
    {
        var problems = Read(1, 16,
            """{"problem":"1,2=3","response":"1+2","tokens":3,"solution":"(1+2)"}""",
            """{"problem":"1,2=3","response":"1-2","tokens":3,"solution":null}""",
            """{"problem":"2,2=4","response":"2+2","tokens":3,"solution":"(2+2)"}""");
        Assert.Equal(("1,2=3", (string?)null), (Assert.Single(problems).Id, problems[0].Text));
        Assert.Equal([new JudgedResponse("1+2", "(1+2)")], problems[0].Responses);
    }

    private const string Wanted = "give what 'flowrl eval --out' wrote, or the responses of a comparison's run (tested.responses.jsonl.gz).";

    [Theory]
    [InlineData("""{"prompt":"p","text":"t"}""", $"r.jsonl:1: no 'id' and no 'problem'; {Wanted}")]
    [InlineData("""{"id":"1","prompt":"p","text":"t"}""", $"r.jsonl:1: no 'response'; {Wanted}")]
    [InlineData("""{"id":"1","response":["t"],"correct":true}""", $"r.jsonl:1: no 'response'; {Wanted}")]
    [InlineData("""{"id":"1","response":"t"}""", $"r.jsonl:1: neither 'correct' nor 'solution', one of which says whether it is right; {Wanted}")]
    [InlineData("""{"id":"1","response":"t","correct":false}""", "r.jsonl: none of its 1 responses is right, so there is nothing to judge.")]
    public void Other_files_are_refused(string line, string message) => Assert.Equal(message, Assert.Throws<BadInputException>(() => Read(1, 1, line)).Message);

    [Fact]
    public void An_empty_file_has_nothing_in_it() =>
        Assert.Equal("r.jsonl: there are no responses in it.", Assert.Throws<BadInputException>(() => Read(1, 1)).Message);

    private static IReadOnlyList<JudgedProblem> Read(int problems, int samples, params string[] lines) => JudgedRows.Read("r.jsonl",
        lines.Select((line, i) => new DataRow("r.jsonl", i + 1, (JsonObject)JsonNode.Parse(line)!)), problems, samples);
}
