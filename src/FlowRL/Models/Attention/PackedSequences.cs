using static TorchSharp.torch;

namespace FlowRL.Models.Attention;

/// <summary>
/// Sequences laid end to end without padding: N tokens in all. Linear layers and norms see (N, D); only attention knows of sequences.
/// A prompt that several sequences share is there once: under a causal mask what follows cannot change it.
/// </summary>
internal sealed class PackedSequences : IDisposable
{
    private readonly List<(TokenRange Prefix, TokenRange Own)> _parts = [];
    private readonly List<SequenceFamily> _families = [];

    /// <summary>Sequences that share nothing.</summary>
    public PackedSequences(IReadOnlyList<int[]> sequences, Device device)
        : this([.. sequences.Select(sequence => (Array.Empty<int>(), sequence))], device)
    {
    }

    /// <summary>Prompts and what follows each. Neighbours whose prompts are equal share it.</summary>
    public PackedSequences(IReadOnlyList<(int[] Prompt, int[] Continuation)> sequences, Device device)
    {
        if (sequences.Count == 0 || sequences.Any(sequence => sequence.Prompt.Length + sequence.Continuation.Length == 0))
        {
            throw new ArgumentException("A pack holds at least one sequence, and no empty one.", nameof(sequences));
        }
        var (ids, positions) = (new List<long>(), new List<long>());
        TokenRange Append(int[] tokens, int position)
        {
            var start = ids.Count;
            ids.AddRange(tokens.Select(id => (long)id));
            positions.AddRange(Enumerable.Range(position, tokens.Length).Select(place => (long)place));
            return new TokenRange(start, tokens.Length);
        }
        for (var first = 0; first < sequences.Count;)
        {
            var prompt = sequences[first].Prompt;
            var prefix = Append(prompt, 0);
            var after = first;
            do
            {
                _parts.Add((prefix, Append(sequences[after].Continuation, prompt.Length)));
                after++;
            }
            while (prompt.Length > 0 && after < sequences.Count && sequences[after].Prompt.AsSpan().SequenceEqual(prompt));
            _families.Add(new SequenceFamily(prefix, [.. _parts[first..after].Select(part => part.Own)]));
            first = after;
        }
        Longest = _families.Max(family => family.Longest);
        Ids = ToTensor(ids, device);
        Positions = ToTensor(positions, device);
        var reach = new List<long>();
        foreach (var family in _families)
        {
            reach.AddRange(Enumerable.Repeat((long)family.Longest, family.Prefix.Length));
            foreach (var branch in family.Branches) reach.AddRange(Enumerable.Repeat((long)family.Prefix.Length + branch.Length, branch.Length));
        }
        Reach = ToTensor(reach, device);
    }

    public int Sequences => _parts.Count;

    /// <summary>Tokens of the longest sequence, its prefix included.</summary>
    public int Longest { get; }

    /// <summary>The sequences in order, those with a common prefix together.</summary>
    public IReadOnlyList<SequenceFamily> Families => _families;

    /// <summary>(N) token ids.</summary>
    public Tensor Ids { get; }

    /// <summary>(N) positions within the sequence.</summary>
    public Tensor Positions { get; }

    /// <summary>(N) how many tokens the longest sequence has that a token belongs to.</summary>
    public Tensor Reach { get; }

    /// <summary>Tokens of a sequence, its prefix included.</summary>
    public int Length(int sequence) => _parts[sequence].Prefix.Length + _parts[sequence].Own.Length;

    /// <summary>Which of the N tokens is number <paramref name="position"/> of a sequence.</summary>
    public int Token(int sequence, int position)
    {
        var (prefix, own) = _parts[sequence];
        return position < prefix.Length ? prefix.Start + position : own.Start + position - prefix.Length;
    }

    public void Dispose()
    {
        Ids.Dispose();
        Positions.Dispose();
        Reach.Dispose();
    }

    private static Tensor ToTensor(List<long> values, Device device) => tensor(values.ToArray(), device: device).DetachFromDisposeScope();
}

/// <summary>Sequences of a pack that begin with the same tokens, which the pack holds once.</summary>
/// <param name="Prefix">What they share; empty for a sequence that shares nothing.</param>
/// <param name="Branches">What follows in each of them.</param>
internal sealed record SequenceFamily(TokenRange Prefix, IReadOnlyList<TokenRange> Branches)
{
    /// <summary>Tokens of the longest sequence.</summary>
    public int Longest { get; } = Prefix.Length + Branches.Max(branch => branch.Length);
}

/// <summary>Adjacent tokens of a pack.</summary>
/// <param name="Start">Index of the first one.</param>
/// <param name="Length">How many; may be 0.</param>
internal readonly record struct TokenRange(int Start, int Length);
