using FlowRL.Data;
using FlowRL.Rewards.Code;

namespace FlowRL.Tasks.Code;

/// <summary>HumanEval (Chen and others, 2021): a function to complete, with a script of assertions.</summary>
internal sealed class HumanEvalLayout() : CodeLayout("humaneval", "prompt", "entry_point", "test")
{
    public override CodeRow? Read(DataRow row, out string problem)
    {
        problem = "";
        if (Text(row, "prompt") is not { } prompt || Text(row, "entry_point") is not { } entry || Text(row, "test") is not { } test)
            return Missing(out problem, "prompt", "entry_point", "test");
        var solution = Text(row, "canonical_solution");
        // Tests use helpers that stand in the prompt.
        var tests = new CodeTests([new CodeTest.Script($"{test}\ncheck({entry})\n")])
        {
            Prelude = solution is null ? "" : prompt + solution,
            Function = entry,
        };
        return new CodeRow(prompt, new CodeProblem(tests) { Prefix = prompt }, Text(row, "task_id"), solution);
    }
}
