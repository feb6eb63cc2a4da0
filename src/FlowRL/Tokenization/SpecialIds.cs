using System.Text.Json;

namespace FlowRL.Tokenization;

/// <summary>
/// The ids with a role. The tokenizer's own <c>eos_token</c> comes first, then what generation_config.json says, and config.json
/// speaks only where both are silent.
/// </summary>
internal sealed record SpecialIds(int? Begin, IReadOnlyList<int> End, int? Padding)
{
    /// <param name="files">A model's.</param>
    /// <param name="idOf">The id of a token by its text.</param>
    /// <param name="begin">What is put before a text where tokenizer_config.json does not say.</param>
    /// <param name="end">What ends one where no file says.</param>
    public static SpecialIds Read(TokenizerFiles files, Func<string, int?> idOf, int? begin, int? end)
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
        if (ends.Count == 0 && end is { } last) ends = [last];
        var begins = config?["add_bos_token"].Flag() == true ? Named(config?["bos_token"], idOf).ToList() : [];
        return new SpecialIds(begins.Count > 0 ? begins[0] : begin, ends, padding.Count > 0 ? padding[0] : null);
    }

    private static IEnumerable<int> Named(JsonPlace? place, Func<string, int?> idOf)
    {
        if (place is not { IsNull: false } token)
            yield break;
        yield return idOf(token.TokenText) ?? throw token.Wrong($"is \"{token.TokenText}\", which the vocabulary does not hold");
    }

    private static IEnumerable<int> Ids(JsonPlace? place) => place switch
    {
        null or { IsNull: true } => [],
        { Kind: JsonValueKind.Array } list => list.Items().Select(p => p.Integer),
        { } one => [one.Integer],
    };
}
