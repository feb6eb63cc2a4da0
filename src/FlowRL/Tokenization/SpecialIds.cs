using System.Text.Json;

namespace FlowRL.Tokenization;

/// <summary>
/// The ids with a role. The tokenizer's own <c>eos_token</c> comes first, then what generation_config.json says, and config.json
/// speaks only where both are silent.
/// </summary>
internal sealed record SpecialIds(int? Begin, IReadOnlyList<int> End, int? Padding)
{
    public static SpecialIds Read(TokenizerFiles files, Func<string, int?> idOf)
    {
        var config = files.Json(TokenizerFiles.Config);
        var generation = files.Json(TokenizerFiles.Generation);
        var ends = Named(config?["eos_token"], idOf).Concat(Ids(generation?["eos_token_id"])).Distinct().ToList();
        var padding = Named(config?["pad_token"], idOf).Concat(Ids(generation?["pad_token_id"])).ToList();
        if (files.Json(TokenizerFiles.Model) is { } model)
        {
            ends = ends.Count > 0 ? ends : Ids(model["eos_token_id"]).ToList();
            padding = padding.Count > 0 ? padding : Ids(model["pad_token_id"]).ToList();
        }
        var begin = config?["add_bos_token"].Flag() == true ? Named(config?["bos_token"], idOf).ToList() : [];
        return new SpecialIds(begin.Count > 0 ? begin[0] : Prefix(files), ends, padding.Count > 0 ? padding[0] : null);
    }

    /// <summary>The token that tokenizer.json's template puts before a text (Llama-3); null without one.</summary>
    private static int? Prefix(TokenizerFiles files)
    {
        if (files.Json(TokenizerFiles.Tokenizer) is not { } root || root["post_processor"] is not { IsNull: false } processor)
            return null;
        var stages = processor["type"].Text == "Sequence" ? processor["processors"].Items() : [processor];
        foreach (var stage in stages.Where(s => s["type"].Text == "TemplateProcessing"))
        {
            if (stage["single"].Items().FirstOrDefault() is { Kind: JsonValueKind.Object } first
                && first["SpecialToken"] is { IsNull: false } token)
                return stage["special_tokens"][token["id"].Text]["ids"].Items().First().Integer;
        }
        return null;
    }

    /// <summary>A token is named by its text, or by an object that holds its text.</summary>
    private static IEnumerable<int> Named(JsonPlace? place, Func<string, int?> idOf)
    {
        if (place is not { IsNull: false } token)
            yield break;
        var text = token.Kind == JsonValueKind.Object ? token["content"].Text : token.Text;
        yield return idOf(text) ?? throw token.Wrong($"is \"{text}\", which the vocabulary does not hold");
    }

    private static IEnumerable<int> Ids(JsonPlace? place) => place switch
    {
        null or { IsNull: true } => [],
        { Kind: JsonValueKind.Array } list => list.Items().Select(p => p.Integer),
        { } one => [one.Integer],
    };
}
