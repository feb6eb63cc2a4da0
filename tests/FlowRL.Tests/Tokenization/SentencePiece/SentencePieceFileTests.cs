using CsCheck;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;
using FlowRL.Tokenization.SentencePiece;

namespace FlowRL.Tests.Tokenization.SentencePiece;

public sealed class SentencePieceFileTests
{
    private static readonly byte[] Whole = File.ReadAllBytes(GoldenTokenizers.PathOf("kinds", "sentencepiece-bpe", "tokenizer.model"));

    private static SentencePieceFile Small(PieceModel model = PieceModel.Bpe) => new()
    {
        Path = "m",
        Model = model,
        Pieces =
        [
            new("<unk>", 0, PieceKind.Unknown), new("<s>", 0, PieceKind.Control), new("</s>", 0, PieceKind.Control),
            new("▁", -1, PieceKind.Normal), new("a", -2, PieceKind.Normal),
        ],
    };

    private static void Refused(string message, SentencePieceFile file) =>
        Assert.Equal($"m is a SentencePiece model that cannot be read: {message}; give another tokenizer.",
            Assert.Throws<BadInputException>(() => SentencePiecePipeline.Of(file, null)).Message);

    [Fact]
    public void A_file_is_read_and_written()
    {
        var file = SentencePieceFile.Read("m", Whole);
        Assert.Equal((1000, PieceModel.Bpe, true, 1, 2), (file.Pieces.Count, file.Model, file.FallsBackOnBytes, file.BeginId, file.EndId));
        Assert.Equal(new Piece("<0x0A>", 0, PieceKind.Byte), file.Pieces[13]);
        var again = SentencePieceFile.Read("m", file.ToBytes());
        Assert.Equal(file.Pieces, again.Pieces);
        Assert.Equal(file with { Pieces = again.Pieces, CharacterMap = default }, again with { CharacterMap = default });
    }

    [Fact]
    public void A_folder_with_only_such_a_file_loads_and_is_saved()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.In("tokenizer.model"), Whole);
        var tokenizer = Assert.IsType<PretrainedTokenizer>(TokenizerLoader.Load(folder.Path));
        Assert.Equal(1, tokenizer.BeginOfSequenceId);
        Assert.Equal([2], tokenizer.EndOfSequenceIds);
        Assert.Equal(1, tokenizer.Encode("<s>", parseSpecial: true).Single());
        tokenizer.Save(folder.In("again"));
        Assert.Equal(Whole, File.ReadAllBytes(folder.In("again/tokenizer.model")));
        File.WriteAllText(folder.In("tokenizer_config.json"), "{\"add_bos_token\": false, \"eos_token\": \"<unk>\"}");
        Assert.Null(TokenizerLoader.Load(folder.Path).BeginOfSequenceId);
        Assert.Equal([0], TokenizerLoader.Load(folder.Path).EndOfSequenceIds);
    }

    [Fact]
    public void What_cannot_be_read_is_said()
    {
        Refused("it is of type Word, and only Bpe and Unigram can be read", Small(PieceModel.Word));
        Refused("it puts the sign for a space behind words (treat_whitespace_as_suffix)", Small() with { PutsSpacesBehind = true });
        Refused("it keeps spaces as they are (escape_whitespaces is off)", Small() with { EscapesSpaces = false });
        Refused("it holds \"a\" twice", Small() with { Pieces = [.. Small().Pieces, new Piece("a", 0, PieceKind.Normal)] });
        Refused("its table of replacements (precompiled_charsmap) is damaged", Small() with { CharacterMap = new byte[] { 9, 0, 0, 0, 0 } });
        Refused("it holds no ordinary pieces", Small(PieceModel.Unigram) with { Pieces = [.. Small().Pieces.Take(3)] });
        Refused("it falls back on bytes, and some have no piece", Small(PieceModel.Unigram) with { FallsBackOnBytes = true });
    }

    [Theory]
    [InlineData("", "m is empty")]
    [InlineData("1200", "m is no SentencePiece model: it holds no pieces")]
    [InlineData("0AFFFFFFFF0F", "m is not a whole SentencePiece model: at byte 6 a field would have 4294967295 bytes, and 0 are left")]
    [InlineData("0A", "m is not a whole SentencePiece model: at byte 1 it ends within a number")]
    [InlineData("0B", "m is not a whole SentencePiece model: at byte 1 a field is of wire type 3")]
    [InlineData("0801", "m is not a whole SentencePiece model: at byte 0 field 1 is of another type than it should be")]
    [InlineData("0A020A00", "m is not a whole SentencePiece model: at byte 4 piece 0 has no text")]
    [InlineData("0A030A01FF", "m is not a whole SentencePiece model: at byte 2 field 1 is not UTF-8")]
    [InlineData("0A080A0161150000C07F", "m is not a whole SentencePiece model: at byte 10 piece 0 has a score that is no finite number")]
    [InlineData("0A050A01611809", "m is not a whole SentencePiece model: at byte 5 piece 0 is of kind 9, which is not known")]
    public void Damage_is_said_with_its_place(string hexadecimal, string message) =>
        Assert.Equal($"{message}; fetch the file again, or give another tokenizer.",
        Assert.Throws<BadInputException>(() => SentencePieceFile.Read("m", Convert.FromHexString(hexadecimal))).Message);

    [Fact]
    public void Any_damage_is_refused_or_harmless() => Gen.Select(Gen.Int[0, Whole.Length - 1], Gen.Byte, Gen.Bool).Sample((at, value, cuts) =>
    {
        byte[] damaged = cuts ? Whole[..at] : [.. Whole[..at], value, .. Whole[(at + 1)..]];
        try
        {
            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder.In("tokenizer.model"), damaged);
            TokenizerLoader.Load(folder.Path).Encode("Hello 中 <s>", parseSpecial: true);
        }
        catch (BadInputException)
        {
            // said
        }
    }, iter: 300);
}
