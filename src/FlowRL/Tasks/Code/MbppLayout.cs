using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowRL.Data;
using FlowRL.Rewards.Code;

namespace FlowRL.Tasks.Code;

/// <summary>MBPP (Austin and others, 2021): a sentence and assertions, which its prompt shows.</summary>
internal sealed partial class MbppLayout() : CodeLayout("mbpp", "text", "code", "test_list")
{
    public override CodeRow? Read(DataRow row, out string problem)
    {
        problem = "";
        if (Text(row, "text") is not { } text || Text(row, "code") is not { } code || row.At("test_list") is not JsonArray list || list.Count == 0)
            return Missing(out problem, "text", "code", "test_list");
        var asserts = string.Join('\n', list.Select(FieldText.Of)).ReplaceLineEndings("\n");
        var setup = Text(row, "test_setup_code") ?? "";
        var tests = new CodeTests([new CodeTest.Script($"{setup}\n{asserts}\n")]) { Function = Called(code, asserts) };
        return new CodeRow($"{text}\nYour code should pass these tests:\n{asserts}\n", new CodeProblem(tests), FieldText.Of(row.At("task_id")), code);
    }

    private static string Called(string code, string asserts) =>
        Definition().Matches(code).Select(match => match.Groups[1].Value).LastOrDefault(name => asserts.Contains($"{name}(", StringComparison.Ordinal)) ?? "";

    [GeneratedRegex(@"^def\s+(\w+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Definition();
}
