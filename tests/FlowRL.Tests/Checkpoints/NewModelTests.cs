using FlowRL.Checkpoints;
using FlowRL.Models;

namespace FlowRL.Tests.Checkpoints;

public sealed class NewModelTests
{
    private static readonly NewModelOptions Shape = new() { Width = 16, Layers = 1, Heads = 2, KeyValueHeads = 2, FeedForwardWidth = 16, ContextLength = 32 };

    [Fact]
    public void Texts_that_arithmetic_has_no_characters_for_need_a_vocabulary_of_their_own()
    {
        string[] texts = ["1+2=", "on a b > on b a"];

        var refused = Assert.Throws<BadInputException>(() => NewModel.Create(Shape, new ModelOptions(), 1, texts));

        Assert.Equal("model.create.vocabulary: the task's texts have the character '>', and a new model's own vocabulary is only that of arithmetic; " +
            "set model.create.vocabulary to learn one from the texts, for instance 384.", refused.Message);
        using var learnt = NewModel.Create(Shape with { Vocabulary = 384 }, new ModelOptions(), 1, texts);
        Assert.Equal(texts[1], learnt.Tokenizer.Decode(learnt.Tokenizer.Encode(texts[1])));
    }
}
