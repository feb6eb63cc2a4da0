using System.Globalization;

namespace FlowRL.Tokenization.Merging;

/// <summary>Reads the <c>model</c> of a tokenizer.json.</summary>
internal static class BpeModelReader
{
    /// <param name="model">The <c>model</c>.</param>
    /// <param name="isByteLevel">Whether the vocabulary is written in the byte alphabet.</param>
    public static BpeModel Read(JsonPlace model, bool isByteLevel)
    {
        if (model["type"] is { IsNull: false, Text: not "BPE" } type) throw type.Wrong($"is {type.Text}, and only BPE can be read");
        if (model["dropout"] is { IsNull: false } dropout && dropout.Value.GetRawText() is not ("0" or "0.0"))
            throw dropout.Wrong("is set, which would make encoding random");
        foreach (var name in new[] { "continuing_subword_prefix", "end_of_word_suffix" })
        {
            if (model[name] is { IsNull: false, Text: not "" } affix)
                throw affix.Wrong("is set, and only vocabularies whose tokens are the text itself can be read");
        }
        var ids = ReadVocabulary(model["vocab"]);
        var unknown = model["unk_token"];
        int? unknownId = unknown.IsNull ? null
            : ids.TryGetValue(unknown.Text, out var id) ? id : throw unknown.Wrong("is not in the vocabulary");
        var fusesUnknown = model["fuse_unk"].Flag();
        var fallsBack = model["byte_fallback"].Flag();
        SymbolReader symbols = isByteLevel
            ? new ByteSymbols(model.File, ids, unknownId, fusesUnknown)
            : new CharacterSymbols(model.File, ids, unknownId, fusesUnknown, fallsBack ? ByteIds(ids) : null);
        return new BpeModel(ids, MergeTable.Read(model["merges"], ids), symbols, model["ignore_merges"].Flag());
    }

    /// <summary>The ids of <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>; −1 where the vocabulary lacks one.</summary>
    public static int[] ByteIds(IReadOnlyDictionary<string, int> ids) =>
        [.. Enumerable.Range(0, 256).Select(value => ids.TryGetValue(string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>"), out var id) ? id : -1)];

    private static Dictionary<string, int> ReadVocabulary(JsonPlace place)
    {
        var ids = new Dictionary<string, int>();
        var names = new Dictionary<int, string>();
        foreach (var entry in place.Properties())
        {
            var id = new JsonPlace(place.File, $"{place.Path}[\"{entry.Name}\"]", entry.Value).TokenId;
            if (!names.TryAdd(id, entry.Name)) throw place.Wrong($"gives id {id} to both \"{names[id]}\" and \"{entry.Name}\"");
            if (!ids.TryAdd(entry.Name, id)) throw place.Wrong($"holds \"{entry.Name}\" twice");
        }
        return ids.Count > 0 ? ids : throw place.Wrong("is empty");
    }
}
