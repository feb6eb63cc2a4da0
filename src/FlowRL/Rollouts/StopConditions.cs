using System.Runtime.InteropServices;
using System.Text;
using FlowRL.Tokenization;

namespace FlowRL.Rollouts;

/// <summary>Tokens and strings that end a response. Strings are looked for in bytes, so a token boundary inside one does not matter.</summary>
internal sealed class StopConditions(ITokenizer tokenizer, IEnumerable<int> stopTokens, IEnumerable<string> stopStrings)
{
    private readonly HashSet<int> _tokens = [.. stopTokens];
    private readonly byte[][] _strings = [.. stopStrings.Where(text => text.Length > 0).Select(Encoding.UTF8.GetBytes)];

    public bool EndsSequence(int token) => _tokens.Contains(token);

    /// <summary>Appends the token's bytes to <paramref name="text"/> and says whether a stop string now stands in it.</summary>
    public bool CompletesString(int token, List<byte> text)
    {
        if (_strings.Length == 0) return false;
        var before = text.Count;
        text.AddRange(tokenizer.Bytes(token));
        var all = CollectionsMarshal.AsSpan(text);
        foreach (var stop in _strings)
        {
            // Only what ends within the new token can be new.
            if (all[Math.Max(0, before - stop.Length + 1)..].IndexOf(stop) >= 0) return true;
        }
        return false;
    }
}
