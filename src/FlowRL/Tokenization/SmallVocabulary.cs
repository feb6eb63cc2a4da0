using System.Text;
using FlowRL.Tokenization.AddedTokens;
using FlowRL.Tokenization.Merging;

namespace FlowRL.Tokenization;

/// <summary>
/// A vocabulary made in memory for a small task. It is an ordinary tokenizer.json, so that other engines load what is trained with it.
/// Characters outside of it are refused with <see cref="BadInputException"/>.
/// </summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Special">Special tokens; their ids come first.</param>
/// <param name="Tokens">The other tokens, in the order of their ids.</param>
/// <param name="Merges">Pairs of tokens that become one.</param>
/// <param name="Pattern">Regular expression of the pieces within which tokens merge.</param>
internal sealed record SmallVocabulary(
    string Name, IReadOnlyList<string> Special, IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges, string Pattern)
{
    /// <summary>The special token put before a text; null puts none.</summary>
    public string? Begin { get; init; }

    /// <summary>The special token that ends a response; null where only the length limit ends it.</summary>
    public string? End { get; init; }

    public string? Padding { get; init; }

    /// <summary>The chat template; null for none.</summary>
    public string? Template { get; init; }

    /// <summary>A character as byte-level vocabularies write it.</summary>
    public static string Token(char character) => ByteAlphabet.Character((byte)character).ToString();

    public PretrainedTokenizer Create() => new(new TokenizerFiles(name => $"{Name}/{name}", Files()));

    private Dictionary<string, byte[]> Files()
    {
        var files = new Dictionary<string, byte[]>
        {
            [TokenizerFiles.Tokenizer] = new TokenizerJson
            {
                Vocabulary = Special.Concat(Tokens).Select((token, id) => KeyValuePair.Create(token, id)),
                Merges = Merges.Select(merge => $"{merge.Left} {merge.Right}"),
                Added = Special.Select((token, id) => new AddedToken(id, token, IsSpecial: true)),
                Steps = [TokenizerJson.Split(Pattern)],
                Begin = Begin is null ? null : (Begin, Special.ToList().IndexOf(Begin)),
            }.ToBytes(),
            [TokenizerFiles.Config] = TokenizerJson.Config(Begin, putsBegin: Begin is not null, End, Padding),
        };
        if (Template is not null) files[TokenizerFiles.Template] = Encoding.UTF8.GetBytes(Template);
        return files;
    }
}
