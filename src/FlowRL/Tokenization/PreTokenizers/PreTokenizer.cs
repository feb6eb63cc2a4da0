using FlowRL.Tokenization.Patterns;

namespace FlowRL.Tokenization.PreTokenizers;

/// <summary>Receives the pieces of a text in order.</summary>
internal interface IPieceSink
{
    /// <param name="piece">Not empty.</param>
    /// <param name="isFirst">Whether the whole text begins with this piece.</param>
    void Take(ReadOnlySpan<char> piece, bool isFirst);
}

/// <summary>Cuts text into the pieces that a model never joins.</summary>
internal abstract class PreTokenizer
{
    /// <summary>Whether pieces end up in the byte alphabet, which is what the vocabulary is then written in.</summary>
    public virtual bool IsByteLevel => false;

    /// <param name="text">Not empty.</param>
    /// <param name="isFirst">Whether the whole text begins with this one.</param>
    /// <param name="sink">Gets the pieces.</param>
    public abstract void Split(ReadOnlySpan<char> text, bool isFirst, IPieceSink sink);

    /// <summary>The <c>pre_tokenizer</c> of a tokenizer.json; null cuts nothing.</summary>
    public static PreTokenizer Read(JsonPlace place)
    {
        if (place.IsNull) return new SequencePreTokenizer([]);
        return place["type"].Text switch
        {
            "Sequence" => SequencePreTokenizer.ReadSteps(place["pretokenizers"]),
            "Split" => SplitPreTokenizer.ReadSplit(place),
            "Digits" => new SplitPreTokenizer(TextPattern.OfExpression(place["individual_digits"].Flag() ? @"\p{N}" : @"\p{N}+"), SplitBehavior.Isolated),
            "ByteLevel" => new ByteLevelPreTokenizer(place["add_prefix_space"].Flag(true), place["use_regex"].Flag(true)),
            "Metaspace" => MetaspacePreTokenizer.ReadMetaspace(place),
            var other => throw place["type"].Wrong($"is {other}, and only Split, Digits, ByteLevel, Metaspace and Sequence can be read"),
        };
    }
}

/// <summary>Each step cuts the pieces of the one before.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    public override bool IsByteLevel => steps.Count > 0 && steps[^1].IsByteLevel;

    public static SequencePreTokenizer ReadSteps(JsonPlace list)
    {
        var places = list.Items().ToArray();
        PreTokenizer[] steps = [.. places.Select(Read)];
        for (var i = 0; i < steps.Length - 1; i++)
        {
            // Later steps would see bytes: no model has that.
            if (steps[i].IsByteLevel) throw places[i].Wrong("puts the text into bytes, and only the last step can do so here");
        }
        return new SequencePreTokenizer(steps);
    }

    public override void Split(ReadOnlySpan<char> text, bool isFirst, IPieceSink sink)
    {
        for (var i = steps.Count - 1; i >= 0; i--) sink = new Step(steps[i], sink);
        sink.Take(text, isFirst);
    }

    private sealed class Step(PreTokenizer step, IPieceSink next) : IPieceSink
    {
        public void Take(ReadOnlySpan<char> piece, bool isFirst) => step.Split(piece, isFirst, next);
    }
}
