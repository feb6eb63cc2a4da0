using FlowRL.Tokenization.Patterns;

namespace FlowRL.Tokenization.Normalizers;

/// <summary>Rewrites a stretch of text before it is cut: each stretch between added tokens by itself.</summary>
internal abstract class Normalizer
{
    /// <param name="text">Without lone surrogates.</param>
    public abstract string Apply(string text);

    /// <summary>The <c>normalizer</c> of a tokenizer.json; null leaves every text as it is.</summary>
    public static Normalizer Read(JsonPlace place)
    {
        if (place.IsNull) return new SequenceNormalizer([]);
        return place["type"].Text switch
        {
            "Sequence" => new SequenceNormalizer([.. place["normalizers"].Items().Select(Read)]),
            "NFC" => new ComposingNormalizer(),
            "Replace" => new ReplaceNormalizer(TextPattern.Read(place["pattern"]), place["content"].Text),
            "Prepend" => new PrependNormalizer(place["prepend"].Text),
            var other => throw place["type"].Wrong($"is {other}, and only NFC, Replace, Prepend and Sequence can be read"),
        };
    }
}

/// <summary>One after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
    public override string Apply(string text)
    {
        foreach (var step in steps) text = step.Apply(text);
        return text;
    }
}

/// <summary>Unicode's form C.</summary>
internal sealed class ComposingNormalizer : Normalizer
{
    public override string Apply(string text) => CanonicalComposition.Compose(text);
}

/// <summary>Every match becomes the same text.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    public override string Apply(string text) => pattern.Replace(text, content);
}

/// <summary>Puts something before a stretch that is not empty, whatever it begins with.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    public override string Apply(string text) => text.Length == 0 ? text : prefix + text;
}
