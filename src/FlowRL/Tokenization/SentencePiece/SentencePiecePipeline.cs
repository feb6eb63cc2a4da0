using FlowRL.Tokenization.AddedTokens;
using FlowRL.Tokenization.Decoders;
using FlowRL.Tokenization.Merging;
using FlowRL.Tokenization.PreTokenizers;

namespace FlowRL.Tokenization.SentencePiece;

/// <summary>SentencePiece's way with text, in the steps of a <see cref="TokenizerPipeline"/>.</summary>
internal static class SentencePiecePipeline
{
    private const char Sign = '▁';

    /// <param name="file">A vocabulary.</param>
    /// <param name="config">The tokenizer_config.json beside it; null where there is none.</param>
    /// <remarks>Control pieces are special tokens, and pieces that users defined are always found. A space is put before each stretch between them.</remarks>
    /// <exception cref="BadInputException">It is of a kind that cannot be read.</exception>
    public static TokenizerPipeline Of(SentencePieceFile file, JsonPlace? config)
    {
        if (file.Model is not (PieceModel.Bpe or PieceModel.Unigram)) throw Refused(file, $"it is of type {file.Model}, and only Bpe and Unigram can be read");
        if (file.PutsSpacesBehind) throw Refused(file, "it puts the sign for a space behind words (treat_whitespace_as_suffix)");
        if (!file.EscapesSpaces) throw Refused(file, "it keeps spaces as they are (escape_whitespaces is off)");
        var ids = new Dictionary<string, int>();
        for (var id = 0; id < file.Pieces.Count; id++)
        {
            if (!ids.TryAdd(file.Pieces[id].Text, id)) throw Refused(file, $"it holds \"{file.Pieces[id].Text}\" twice");
        }
        var unknown = file.UnknownId;
        var known = file.Pieces.Select((piece, id) => (piece, id)).Where(p => p.piece.Kind is PieceKind.Control or PieceKind.UserDefined)
            .Select(p => new AddedToken(p.id, p.piece.Text, p.piece.Kind == PieceKind.Control)).ToList();
        known.AddRange(AddedToken.ReadMore(config?["added_tokens_decoder"], known));
        return new TokenizerPipeline
        {
            Added = known,
            Normalizer = new SentencePieceNormalizer(file),
            PreTokenizer = new SequencePreTokenizer([]),
            Model = file.Model == PieceModel.Bpe ? Bpe(file, ids, unknown) : new UnigramModel(file, ids, unknown),
            Decoder = Decoder(file),
            Begin = config?["add_bos_token"].Flag(true) == false ? null : file.BeginId,
            End = file.EndId,
            Shown = unknown is { } shown ? new Dictionary<int, string> { [shown] = file.UnknownSurface } : new Dictionary<int, string>(),
        };
    }

    public static BadInputException Refused(SentencePieceFile file, string what) =>
        new($"{file.Path} is a SentencePiece model that cannot be read: {what}; give another tokenizer.");

    private static BpeModel Bpe(SentencePieceFile file, Dictionary<string, int> ids, int? unknown)
    {
        var normal = file.Ordinary();
        var bytes = file.FallsBackOnBytes ? BpeModelReader.ByteIds(ids) : null;
        var symbols = new CharacterSymbols(file.Path, normal.Select(p => KeyValuePair.Create(p.Key, p.Value.Id)), unknown, fusesUnknown: true, bytes);
        return new BpeModel(ids, MergeTable.OfScores(normal), symbols, ignoresMerges: false);
    }

    private static SequenceDecoder Decoder(SentencePieceFile file)
    {
        List<TokenDecoder> steps = [new MetaspaceDecoder(Sign, PrependScheme.Never), new ByteFallbackDecoder(), new FuseDecoder()];
        if (file.AddsSpacePrefix) steps.Add(new StripDecoder(' ', start: 1, stop: 0));
        return new SequenceDecoder(steps);
    }
}
