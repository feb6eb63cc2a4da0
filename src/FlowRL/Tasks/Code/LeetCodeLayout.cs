using FlowRL.Data;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>
/// LeetCodeDataset (Xia and others, 2025): a class to write, with a script that checks a candidate. <c>prompt</c> has what stands before every program:
/// imports, LeetCode's nodes, and what compares them.
/// </summary>
internal sealed class LeetCodeLayout() : CodeLayout("leetcode", "problem_description", "prompt", "entry_point", "test")
{
    public override CodeRow? Read(DataRow row, out string problem)
    {
        problem = "";
        if (Text(row, "problem_description") is not { } asked || Text(row, "prompt") is not { } prelude || Text(row, "entry_point") is not { } entry ||
            Text(row, "test") is not { } test)
            return Missing(out problem, "problem_description", "prompt", "entry_point", "test");
        var tests = new CodeTests([new CodeTest.Script(test)]) { Prelude = prelude, Function = entry };
        var program = new CodeProblem(tests) { Prefix = prelude.TrimEnd() + "\n\n" };
        return new CodeRow(Begun(asked, row), program, FieldText.Of(row.At("task_id")), Text(row, "completion"));
    }
}
