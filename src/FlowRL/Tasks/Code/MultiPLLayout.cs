using FlowRL.Data;
using FlowRL.Rewards.Code;

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
