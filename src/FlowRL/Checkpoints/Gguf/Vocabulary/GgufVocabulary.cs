using FlowRL.Tokenization;
using FlowRL.Tokenization.SentencePiece;

namespace FlowRL.Checkpoints.Gguf.Vocabulary;

/// <summary>A tokenizer as GGUF's metadata has it.</summary>
/// <param name="Kind">How texts are cut: <see cref="ByteLevel"/> or <see cref="SentencePiece"/>.</param>
/// <param name="Tokens">By id; in the byte alphabet for the first kind, with spaces as ▁ for the second.</param>
/// <param name="Types">By id.</param>
/// <param name="Special">Ids with a role.</param>
internal sealed record GgufVocabulary(string Kind, IReadOnlyList<string> Tokens, IReadOnlyList<PieceKind> Types, GgufSpecialTokens Special)
{
    /// <summary>Byte-level BPE, by merges.</summary>
    public const string ByteLevel = "gpt2";

    /// <summary>SentencePiece's BPE, by scores, with byte tokens.</summary>
    public const string SentencePiece = "llama";

    /// <summary>The name of the way in which texts are cut where none is known.</summary>
    public const string UnknownSplitting = "default";

    /// <summary>Of these, llama.cpp puts the beginning-of-sequence token before a text where a file does not say.</summary>
    private static readonly string[] SplittingsWithBegin = ["llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "lfm2", "tekken"];

    private const string Prefix = "tokenizer.ggml.";
    private const string KindKey = Prefix + "model";
    private const string TokensKey = Prefix + "tokens";
    private const string TypesKey = Prefix + "token_type";
    private const string ScoresKey = Prefix + "scores";
    private const string MergesKey = Prefix + "merges";
    private const string SplittingKey = Prefix + "pre";
    private const string AddBeginKey = Prefix + "add_bos_token";
    private const string AddSpaceKey = Prefix + "add_space_prefix";
    private const string TemplateKey = "tokenizer.chat_template";

    /// <summary>The name under which llama.cpp knows the expressions that cut a text before merging; for byte-level vocabularies.</summary>
    public string Splitting { get; init; } = UnknownSplitting;

    /// <summary>In order of preference, as "left right"; for byte-level vocabularies.</summary>
    public IReadOnlyList<string> Merges { get; init; } = [];

    /// <summary>By id, the best first merged; for SentencePiece.</summary>
    public IReadOnlyList<float> Scores { get; init; } = [];

    /// <summary>Whether the beginning-of-sequence token is put before a text; null where the file leaves it to the kind.</summary>
    public bool? AddsBegin { get; init; }

    /// <summary>Whether SentencePiece puts a space before a text.</summary>
    public bool AddsSpace { get; init; } = true;

    /// <summary>Jinja; null for none.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Whether the metadata holds a vocabulary at all; adapters do not.</summary>
    public static bool IsIn(GgufMetadata metadata) => metadata.Has(TokensKey);

    /// <exception cref="BadInputException">Something is missing, of another kind, or does not fit together.</exception>
    public static GgufVocabulary Read(GgufMetadata metadata)
    {
        var kind = metadata.Text(KindKey) ?? throw Missing(metadata, KindKey);
        if (kind is not (ByteLevel or SentencePiece)) throw metadata.Wrong(KindKey, $"'{ByteLevel}' or '{SentencePiece}'");
        var tokens = metadata.Texts(TokensKey) ?? throw Missing(metadata, TokensKey);
        if (tokens.Length == 0) throw metadata.Wrong(TokensKey, "a vocabulary");
        var vocabulary = new GgufVocabulary(kind, tokens, ReadTypes(metadata, tokens.Length), GgufSpecialTokens.Read(metadata, tokens.Length))
        {
            Splitting = metadata.Text(SplittingKey) ?? UnknownSplitting,
            AddsBegin = metadata.Flag(AddBeginKey),
            AddsSpace = metadata.Flag(AddSpaceKey) ?? true,
            ChatTemplate = metadata.Text(TemplateKey),
        };
        return kind == ByteLevel ? vocabulary with { Merges = ReadMerges(metadata, tokens) } : vocabulary with { Scores = ReadScores(metadata, tokens.Length) };
    }

    /// <summary>The tokenizer, which saves itself as the files of a Hugging Face folder.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="BadInputException">Texts are cut in a way that is not known here, or tokens do not fit together.</exception>
    public PretrainedTokenizer ToTokenizer(string path)
    {
        var table = new VocabularyTable
        {
            Source = path,
            Tokens = Tokens,
            Kinds = Types,
            Begin = Special.Begin,
            PutsBegin = AddsBegin ?? (Kind == SentencePiece || SplittingsWithBegin.Contains(Splitting)),
            Ends = Special.Ends,
            Padding = Special.Padding,
            Template = ChatTemplate,
        };
        return Kind == SentencePiece ? table.CreateSentencePiece(Scores, AddsSpace) : table.CreateByteLevel(Merges, Splitting);
    }

    public void Write(OrderedDictionary<string, object> pairs)
    {
        pairs.Add(KindKey, Kind);
        pairs.Add(SplittingKey, Splitting);
        pairs.Add(TokensKey, new GgufArray(GgufKind.String, Tokens.ToArray()));
        if (Kind == SentencePiece) pairs.Add(ScoresKey, new GgufArray(GgufKind.Float32, Scores.ToArray()));
        pairs.Add(TypesKey, new GgufArray(GgufKind.Int32, Types.Select(type => (int)type).ToArray()));
        if (Kind == ByteLevel) pairs.Add(MergesKey, new GgufArray(GgufKind.String, Merges.ToArray()));
        Special.Write(pairs);
        if (AddsBegin is { } begin) pairs.Add(AddBeginKey, begin);
        pairs.Add(AddSpaceKey, Kind == SentencePiece && AddsSpace);
        if (ChatTemplate is { } template) pairs.Add(TemplateKey, template);
    }

    private static PieceKind[] ReadTypes(GgufMetadata metadata, int size)
    {
        if (metadata.Wholes(TypesKey) is not { } types) return [.. Enumerable.Repeat(PieceKind.Normal, size)];
        RequireOneEach(metadata, TypesKey, types.Length, size);
        for (var id = 0; id < size; id++)
        {
            if (types[id] is < (long)PieceKind.Normal or > (long)PieceKind.Byte)
                throw Bad(metadata, $"'{TypesKey}' gives token {id} the type {types[id]}, which does not exist");
        }
        return [.. types.Select(type => (PieceKind)type)];
    }

    private static float[] ReadScores(GgufMetadata metadata, int size)
    {
        var scores = metadata.Numbers(ScoresKey) ?? throw Missing(metadata, ScoresKey);
        RequireOneEach(metadata, ScoresKey, scores.Length, size);
        var odd = Array.FindIndex(scores, float.IsNaN);
        return odd < 0 ? scores : throw Bad(metadata, $"'{ScoresKey}' is not a number for token {odd}");
    }

    private static string[] ReadMerges(GgufMetadata metadata, string[] tokens)
    {
        var merges = metadata.Texts(MergesKey) ?? throw Missing(metadata, MergesKey);
        var known = tokens.ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < merges.Length; i++)
        {
            // The first character may be a space that belongs to the token.
            var cut = merges[i].Length > 1 ? merges[i].IndexOf(' ', 1) : -1;
            if (cut < 0) throw Bad(metadata, $"'{MergesKey}' has '{merges[i]}' at {i}, which are not two tokens with a space between them");
            var (left, right) = (merges[i][..cut], merges[i][(cut + 1)..]);
            foreach (var token in new[] { left, right, left + right })
                if (!known.Contains(token)) throw Bad(metadata, $"'{MergesKey}' names '{token}' at {i}, which is not in '{TokensKey}'");
        }
        return merges;
    }

    private static void RequireOneEach(GgufMetadata metadata, string key, int count, int size)
    {
        if (count != size) throw Bad(metadata, $"'{key}' has {count} values for {size} tokens");
    }

    private static BadInputException Missing(GgufMetadata metadata, string key) => Bad(metadata, $"'{key}' is missing, without which there is no tokenizer");

    private static BadInputException Bad(GgufMetadata metadata, string problem) =>
        new($"{metadata.Path}: {problem}. Copy or download the file again, or take one from another source.");
}
