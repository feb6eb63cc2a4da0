using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Tokenization;

namespace FlowRL.Models;

/// <summary>A model with random weights and a small vocabulary.</summary>
public sealed record NewModelOptions : IValidated
{
    [Description("Width of the residual stream.")]
    [Range(8, 65536)]
    public int Width { get; init; } = 160;

    [Description("Layers.")]
    [Range(1, 1024)]
    public int Layers { get; init; } = 5;

    [Description("Attention heads; divides the width.")]
    [Range(1, 1024)]
    public int Heads { get; init; } = 5;

    [Description("Key and value heads; divides the heads.")]
    [Range(1, 1024)]
    public int KeyValueHeads { get; init; } = 5;

    [Description("Width of the gated feed-forward block.")]
    [Range(8, 262144)]
    public int FeedForwardWidth { get; init; } = 432;

    [Description("Longest sequence, in tokens.")]
    [Range(8, 1 << 20)]
    public int ContextLength { get; init; } = 256;

    [Description("Standard deviation of the first weights. Small models learn faster from more: about the root of 1 / width.")]
    [Range(0.0001, 1.0)]
    public double InitializerRange { get; init; } = 0.02;

    [Description("A vocabulary of this many tokens, learnt from the task's training problems and demonstrations (byte-level BPE, digits alone), in " +
        "place of the embedded arithmetic one, which knows no words. 0 takes the arithmetic one.")]
    [Range(0, 1 << 20)]
    public int Vocabulary { get; init; }

    [Description("Whether the learnt vocabulary has signs of turns and the model a chat template (ChatML), for conversations. Needs vocabulary.")]
    public bool Chat { get; init; }

    [Description("A vocabulary of this many letters (a, b, ...) in place of the embedded arithmetic one: with few, every response can be listed " +
        "(evaluation.exact_beta). 0 takes the arithmetic one.")]
    [Range(0, LetterVocabulary.Largest)]
    public int Letters { get; init; }

    [Description("Whether the vocabulary of letters has a token that ends a response; without it all responses have the length limit's length.")]
    public bool Ends { get; init; } = true;

    public IEnumerable<string> Validate()
    {
        if (Width % Heads != 0 || Width / Heads % 2 != 0) yield return $"width: {Width} must be an even multiple of heads ({Heads}).";
        if (Heads % KeyValueHeads != 0) yield return $"heads: {Heads} must be a multiple of key_value_heads ({KeyValueHeads}).";
        if (Chat && Vocabulary == 0) yield return "chat: is for a learnt vocabulary; set vocabulary, for instance to 512, or leave chat out.";
        var given = LearntVocabulary.Smallest + (Chat ? 1 : 0);
        if (Vocabulary > 0 && Vocabulary < given)
        {
            yield return $"vocabulary: {Vocabulary} is too small; {given} tokens are there before the first word, so use more.";
        }
        if (Vocabulary > 0 && Letters > 0) yield return "vocabulary: a model has one; leave out this key or letters.";
        if (Letters == 0 && !Ends) yield return "ends: the arithmetic vocabulary always has an end; give letters, or leave it out.";
    }
}
