using FlowRL.Tokenization;

namespace FlowRL.Tests.Tokenization;

public sealed class PaddedVocabularyTests
{
    private readonly PaddedVocabulary _padded = new(ArithmeticVocabulary.Create(), 200);

    [Fact]
    public void Ids_that_only_the_model_has_stand_for_no_text()
    {
        var ids = _padded.Encode("8/2=4");
        Assert.Equal("8/2=4", _padded.Decode([150, .. ids, 199]));
        Assert.False(_padded.IsSpecial(199));
        Assert.Equal(200, _padded.VocabularySize);
    }

    [Fact]
    public void An_id_outside_the_model_is_still_refused() =>
        Assert.Throws<BadInputException>(() => _padded.Decode([200]));
}
