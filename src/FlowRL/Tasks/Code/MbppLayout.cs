using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowRL.Data;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>MBPP (Austin and others, 2021), whole or sanitized: a sentence and assertions, which its prompt shows.</summary>
internal sealed partial class MbppLayout() : CodeLayout("mbpp", "code", "test_list")
{
    public override CodeRow? Read(DataRow row, out string problem)
    {
        problem = "";
        if ((Text(row, "text") ?? Text(row, "prompt")) is not { } text || Text(row, "code") is not { } code || row.At("test_list") is not JsonArray list ||
            list.Count == 0)
            return Missing(out problem, "text", "prompt", "code", "test_list");
        if (row.At("test") is not null)
        {
            problem = "MBPP+ is read from the files of EvalPlus, which have 'base_input'; 'test_list' is not all of its tests";
            return null;
        }
        var asserts = string.Join('\n', list.Select(FieldText.Of)).ReplaceLineEndings("\n");
        var setup = string.Join('\n', [Text(row, "test_setup_code"), .. (row.At("test_imports") as JsonArray ?? []).Select(FieldText.Of)]);
        var tests = new CodeTests([new CodeTest.Script($"{setup}\n{asserts}\n")]) { Function = Called(code, asserts) };
        return new CodeRow($"{text}\nYour code should pass these tests:\n{asserts}\n", new CodeProblem(tests), FieldText.Of(row.At("task_id")), code);
    }

    private static string Called(string code, string asserts) =>
        Definition().Matches(code).Select(match => match.Groups[1].Value).LastOrDefault(name => asserts.Contains($"{name}(", StringComparison.Ordinal)) ?? "";

    [GeneratedRegex(@"^def\s+(\w+)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Definition();
}
