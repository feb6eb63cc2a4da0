using FlowRL.Data;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>MultiPL-E (Cassano and others, 2022), of which C# is run: code to complete, and tests that complete the program.</summary>
internal sealed class MultiPLLayout() : CodeLayout("multipl_e", "name", "language", "prompt", "tests")
{
    public override CodeRow? Read(DataRow row, out string problem)
    {
        problem = "";
        if (Text(row, "prompt") is not { } prompt || Text(row, "tests") is not { } tests) return Missing(out problem, "prompt", "tests");
        if (Text(row, "language") is not "cs") return Missing(out problem, "language");
        // The program runs its own assertions; its end is proved by a word that is read only then.
        var ran = new CodeTests([new CodeTest.Script(tests)]);
        return new CodeRow(prompt, new CodeProblem(ran) { Prefix = prompt, Suffix = tests, Language = CodeLanguage.CSharp }, Text(row, "name"), null);
    }
}

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
