using System.Text.Json.Nodes;
using FlowRL.Data;

namespace FlowRL.Tasks.Code;

/// <summary>A way in which files hold programming problems.</summary>
/// <param name="name">As recipes name it.</param>
/// <param name="fields">Fields that a row of it has.</param>
internal abstract class CodeLayout(string name, params string[] fields)
{
    /// <summary>The layouts that are recognised, most particular first.</summary>
    public static IReadOnlyList<CodeLayout> Known { get; } =
    [
        new EvalPlusLayout(), new LeetCodeLayout(), new HumanEvalLayout(), new MbppLayout(), new MultiPLLayout(), new LiveCodeBenchLayout(),
        new VerlCodeLayout(), new TestedLayout(),
    ];

    public string Name => name;

    /// <summary>Whether a row has the layout's fields.</summary>
    public virtual bool Fits(DataRow row) => fields.All(field => row.At(field) is not null);

    /// <summary>What a row says; null with a reason where it cannot be used.</summary>
    public abstract CodeRow? Read(DataRow row, out string problem);

    private protected static string? Text(DataRow row, string field) =>
        row.At(field) is JsonValue value && value.TryGetValue<string>(out var text) ? text.ReplaceLineEndings("\n") : null;

    /// <summary>What is asked, with the code that the answer is to begin with where a row has some.</summary>
    private protected static string Begun(string asked, DataRow row) => Text(row, "starter_code") is { } starter && !string.IsNullOrWhiteSpace(starter)
        ? $"{asked}\n\nBegin with this code:\n```python\n{starter}\n```\n" : asked;

    private protected static CodeRow? Missing(out string problem, params string[] fields)
    {
        problem = $"{string.Join(" or ", fields.Select(field => $"'{field}'"))} is not what it should be";
        return null;
    }
}
