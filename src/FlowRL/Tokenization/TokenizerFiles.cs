using System.Text;
using FlowRL.Files;

namespace FlowRL.Tokenization;

/// <summary>
/// The files that make up a tokenizer, byte for byte: what is loaded is what is saved again, so that other engines read a trained
/// checkpoint as they read the model it came from.
/// </summary>
internal sealed class TokenizerFiles
{
    public const string Tokenizer = "tokenizer.json";
    public const string SentencePiece = "tokenizer.model";
    public const string Config = "tokenizer_config.json";
    public const string Generation = "generation_config.json";
    public const string Model = "config.json";
    public const string Template = "chat_template.jinja";
    public const string ToolTemplate = "additional_chat_templates/tool_use.jinja";
    public const string SpecialTokens = "special_tokens_map.json";

    private static readonly string[] Names =
    [
        Tokenizer, SentencePiece, Config, Generation, Model, Template, ToolTemplate, SpecialTokens, "added_tokens.json", "vocab.json", "merges.txt",
    ];

    private readonly Func<string, string> _pathOf;
    private readonly IReadOnlyDictionary<string, byte[]> _contents;

    /// <param name="pathOf">Where a file lies, for messages.</param>
    /// <param name="contents">By name.</param>
    public TokenizerFiles(Func<string, string> pathOf, IReadOnlyDictionary<string, byte[]> contents) =>
        (_pathOf, _contents) = (pathOf, contents);

    /// <param name="path">A folder, or the tokenizer.json or tokenizer.model in one (of whatever name); the other is then not read.</param>
    public static TokenizerFiles Read(string path)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(path) ?? "";
        var given = folder == path ? null : Path.GetExtension(path) == ".model" ? SentencePiece : Tokenizer;
        string PathOf(string name) => name == given ? path : Path.Combine(folder, name);
        bool IsWanted(string name) => given is null || name == given || name is not (Tokenizer or SentencePiece);
        return new TokenizerFiles(PathOf, Names.Where(name => IsWanted(name) && File.Exists(PathOf(name)))
            .ToDictionary(name => name, name => InputFile.ReadBytes(PathOf(name), "a tokenizer").ToArray()));
    }

    public string PathOf(string name) => _pathOf(name);

    public bool Has(string name) => _contents.ContainsKey(name);

    /// <summary>A JSON file; null where there is none.</summary>
    public JsonPlace? Json(string name) =>
        _contents.TryGetValue(name, out var content) ? JsonPlace.Parse(PathOf(name), content) : null;

    /// <summary>A file as it is; null where there is none.</summary>
    public byte[]? Bytes(string name) => _contents.GetValueOrDefault(name);

    public string? Text(string name) => !_contents.TryGetValue(name, out var content) ? null
        : JsonDamage.OfText(content) is { } damage ? throw new BadInputException($"{PathOf(name)} {damage}; fetch the file again.")
        : Encoding.UTF8.GetString(content);

    /// <summary>Everything but the model's own configuration, which is not the tokenizer's to write.</summary>
    public void Save(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in _contents.Where(f => f.Key != Model))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }
}
