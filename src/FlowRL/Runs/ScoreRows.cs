using System.Text.Json.Nodes;
using FlowRL.Checkpoints;
using FlowRL.Data;
using FlowRL.Models;
using FlowRL.Tokenization;

namespace FlowRL.Runs;

/// <summary>One row to score.</summary>
/// <param name="Ids">At least one, all of which the model knows, and no more than its context holds.</param>
/// <param name="PromptTokens">How many of them are the prompt's; null where the row is in one piece.</param>
/// <param name="Id">What the row calls itself; null where it has no name.</param>
internal sealed record ScoreRow(int[] Ids, int? PromptTokens, JsonNode? Id);

/// <summary>Reads rows to score as token ids. Texts begin as the model's prompts do, and nothing is put behind them.</summary>
/// <param name="model">The model that scores them; borrowed.</param>
internal sealed class ScoreRows(BareModel model)
{
    private const string Ids = "ids", Text = "text", Prompt = "prompt", Completion = "completion";
    private const string Wanted = "give 'text', or 'prompt' and 'completion', or 'ids'";

    /// <exception cref="BadInputException">The row has no such fields, or ids that the model does not know or has no room for.</exception>
    public ScoreRow Read(DataRow row)
    {
        var read = (Has(row, Ids), Has(row, Text), Has(row, Prompt), Has(row, Completion)) switch
        {
            (true, false, false, false) => new ScoreRow(ReadIds(row), null, null),
            (false, true, false, false) => new ScoreRow(LanguageModel.EncodePrompt(Tokenizer(row), ReadText(row, Text), null), null, null),
            (false, false, true, true) => Pair(row),
            (false, false, false, false) => throw row.Refusal($"there is nothing to score; {Wanted}"),
            (false, false, true, false) => throw row.Refusal("has a 'prompt' and no 'completion'; give both, or the whole as 'text'"),
            (false, false, false, true) => throw row.Refusal("has a 'completion' and no 'prompt'; give both, or the whole as 'text'"),
            _ => throw row.Refusal($"says in more than one way what to score; {Wanted}, and no other of these"),
        };
        if (read.Ids.Length == 0) throw row.Refusal("is empty; give at least one token");
        var context = model.Decoder.Config.ContextLength;
        if (read.Ids.Length > context)
            throw row.Refusal($"has {read.Ids.Length} tokens, and the model's context holds {context}; cut it into shorter rows");
        return read with { Id = row.Fields["id"]?.DeepClone() };
    }

    private static bool Has(DataRow row, string field) => row.Fields[field] is not null;

    private ScoreRow Pair(DataRow row)
    {
        var tokenizer = Tokenizer(row);
        var prompt = LanguageModel.EncodePrompt(tokenizer, ReadText(row, Prompt), null);
        return new ScoreRow([.. prompt, .. tokenizer.Encode(ReadText(row, Completion))], prompt.Length, null);
    }

    private ITokenizer Tokenizer(DataRow row) => model.Tokenizer ?? throw new BadInputException(
        $"{row.Place}: a text needs the model's tokenizer, or give 'ids'. {model.Missing!.Message}", model.Missing);

    private static string ReadText(DataRow row, string field) =>
        row.Fields[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : throw row.Refusal($"'{field}' is not a text");

    private int[] ReadIds(DataRow row)
    {
        if (row.Fields[Ids] is not JsonArray array) throw row.Refusal("'ids' is not a list of token ids");
        var most = model.Decoder.Config.DrawnTokens - 1;
        return [.. array.Select((node, i) => node is JsonValue value && value.TryGetValue<long>(out var id)
            ? id >= 0 && id <= most ? (int)id : throw row.Refusal($"id {id}, number {i + 1}, is none of the model's, which go from 0 to {most}")
            : throw row.Refusal($"number {i + 1} of 'ids' is not a whole number"))];
    }
}
