using System.Text;
using FlowRL.Tokenization.Patterns;
using FlowRL.Tokenization.PreTokenizers;

namespace FlowRL.Tokenization.Decoders;

/// <summary>What a token is amid others: text, or bytes that need not be whole characters.</summary>
internal readonly record struct TokenPart(string? Text, byte[]? Bytes)
{
    public byte[] ToBytes() => Bytes ?? Encoding.UTF8.GetBytes(Text!);
}

/// <summary>Makes text of the tokens that a vocabulary writes. Thread-safe.</summary>
internal abstract class TokenDecoder
{
    /// <summary>Rewrites the texts of tokens in a row; joined, what the last step leaves is the decoded text.</summary>
    public abstract void Apply(List<string> tokens);

    /// <summary>What the step makes of one token that has others on both sides.</summary>
    /// <param name="token">What the step before made of it, as text: a step after one that gave bytes is not asked.</param>
    public abstract TokenPart Inside(string token);

    /// <summary>The <c>decoder</c> of a tokenizer.json.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="isByteLevel">Whether the vocabulary is written in the byte alphabet, which is then what a missing decoder reads.</param>
    public static TokenDecoder Read(JsonPlace place, bool isByteLevel)
    {
        if (place.IsNull && isByteLevel) return new ByteLevelDecoder();
        if (place.IsNull) throw place.Wrong("is missing, and how tokens become text is then unknown");
        return place["type"].Text switch
        {
            "Sequence" => new SequenceDecoder([.. place["decoders"].Items().Select(step => Read(step, isByteLevel: false))]),
            "ByteLevel" => new ByteLevelDecoder(),
            "Replace" => new ReplaceDecoder(TextPattern.Read(place["pattern"]), place["content"].Text),
            "ByteFallback" => new ByteFallbackDecoder(),
            "Fuse" => new FuseDecoder(),
            "Strip" => StripDecoder.ReadStrip(place),
            "Metaspace" => new MetaspaceDecoder(MetaspacePreTokenizer.Sign(place["replacement"]), MetaspacePreTokenizer.Scheme(place)),
            var other => throw place["type"].Wrong(
                $"is {other}, and only ByteLevel, Replace, ByteFallback, Fuse, Strip, Metaspace and Sequence can be read"),
        };
    }
}

/// <summary>One after the other.</summary>
internal sealed class SequenceDecoder(IReadOnlyList<TokenDecoder> steps) : TokenDecoder
{
    public override void Apply(List<string> tokens)
    {
        foreach (var step in steps) step.Apply(tokens);
    }

    public override TokenPart Inside(string token)
    {
        var part = new TokenPart(token, null);
        foreach (var step in steps)
        {
            if (part.Text is { } text) part = step.Inside(text);
        }
        return part;
    }
}

/// <summary>Joins everything, so that what follows sees one text.</summary>
internal sealed class FuseDecoder : TokenDecoder
{
    public override void Apply(List<string> tokens)
    {
        var text = string.Concat(tokens);
        tokens.Clear();
        tokens.Add(text);
    }

    public override TokenPart Inside(string token) => new(token, null);
}

/// <summary>Replaces every match in each token.</summary>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : TokenDecoder
{
    public override void Apply(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++) tokens[i] = pattern.Replace(tokens[i], content);
    }

    public override TokenPart Inside(string token) => new(pattern.Replace(token, content), null);
}

/// <summary>A space for each sign; of the first token the signs are left out, where encoding put one there.</summary>
internal sealed class MetaspaceDecoder(char sign, PrependScheme scheme) : TokenDecoder
{
    public override void Apply(List<string> tokens)
    {
        for (var i = 0; i < tokens.Count; i++)
        {
            tokens[i] = i == 0 && scheme != PrependScheme.Never
                ? tokens[i].Replace(sign.ToString(), "", StringComparison.Ordinal)
                : tokens[i].Replace(sign, ' ');
        }
    }

    public override TokenPart Inside(string token) => new(token.Replace(sign, ' '), null);
}
