using System.Globalization;
using System.Text.Json.Nodes;
using FlowRL.Data;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tasks.Code;

/// <summary>
/// HumanEval+ and MBPP+ (Liu and others, 2023): inputs without outputs; right is what the canonical solution gives. JSON has lost the types of MBPP+'s
/// arguments, which its assertions still show.
/// </summary>
internal sealed class EvalPlusLayout() : CodeLayout("evalplus", "prompt", "entry_point", "canonical_solution", "base_input", "plus_input")
{
    // The data sets' own exceptions: tasks with more than one right output.
    private static readonly Dictionary<string, Agreement> Exceptions = new()
    {
        ["find_zero"] = Agreement.Root,
        ["check_str"] = Agreement.Presence,
        ["text_match_three"] = Agreement.Presence,
        ["text_starta_endb"] = Agreement.Presence,
        ["similar_elements"] = Agreement.Set,
        ["find_char_long"] = Agreement.Set,
        ["common_in_nested_lists"] = Agreement.Set,
        ["extract_singly"] = Agreement.Set,
        ["larg_nnum"] = Agreement.Set,
        ["intersection_array"] = Agreement.Set,
        ["find_dissimilar"] = Agreement.Set,
        ["Diff"] = Agreement.Set,
    };

    public override CodeRow? Read(DataRow row, out string problem)
    {
        problem = "";
        if (Text(row, "prompt") is not { } prompt || Text(row, "entry_point") is not { } entry || Text(row, "canonical_solution") is not { } solution ||
            row.At("base_input") is not JsonArray basic)
            return Missing(out problem, "prompt", "entry_point", "canonical_solution", "base_input");
        // HumanEval's prompts begin the function; MBPP's are a docstring beside a whole solution.
        var continues = !solution.Contains($"def {entry}", StringComparison.Ordinal);
        var whole = continues ? prompt + solution : solution;
        var inputs = new JsonArray([.. basic.Concat(row.At("plus_input") as JsonArray ?? []).Select(input => input?.DeepClone())]);
        var test = new CodeTest.Reference(whole, inputs, Text(row, "assertion") ?? "", Exceptions.GetValueOrDefault(entry));
        if (!double.TryParse(FieldText.Of(row.At("atol")) ?? "0", CultureInfo.InvariantCulture, out var stated)) return Missing(out problem, "atol");
        var tests = new CodeTests([test]) { Function = entry, Tolerance = stated > 0 ? stated : 1e-6 };
        return new CodeRow(prompt, new CodeProblem(tests) { Prefix = continues ? prompt : "" }, Text(row, "task_id"), solution);
    }
}
