using FlowRL.Tests.Support;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

public sealed class LetterVocabularyTests
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(4, false)]
    [InlineData(26, true)]
    public void Each_letter_is_one_token_and_nothing_else_is_there(int letters, bool ends)
    {
        var tokenizer = LetterVocabulary.Create(letters, ends);
        Assert.Equal(letters + (ends ? 1 : 0), tokenizer.VocabularySize);
        Assert.Equal(ends ? [0] : [], tokenizer.EndOfSequenceIds);
        Assert.Null(tokenizer.BeginOfSequenceId);
        var text = LetterVocabulary.Letters(letters);
        Assert.Equal(Enumerable.Range(ends ? 1 : 0, letters), tokenizer.Encode(text));
        Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void It_loads_again_from_its_files()
    {
        using var folder = new TemporaryFolder();
        LetterVocabulary.Create(5, ends: true).Save(folder.Path);
        Assert.Equal([5, 1, 3], TokenizerLoader.Load(folder.Path).Encode("eac"));
    }
}
