using System.Text;

namespace FlowRL;

/// <summary>
/// Every random choice is a pure function of the run's seed, the name of its stream, and its place in it. Nothing random has hidden
/// state, so saving the seed and the counters saves the generator.
/// </summary>
public static class Seeds
{
    /// <summary>A seed for the stream <paramref name="name"/> at <paramref name="indices"/> (a step, a problem, a response).</summary>
    public static ulong Derive(ulong seed, string name, params ReadOnlySpan<long> indices)
    {
        var hash = Mix(seed ^ 0x9E3779B97F4A7C15UL);
        foreach (var b in Encoding.UTF8.GetBytes(name)) hash = Mix(hash ^ b);
        foreach (var index in indices) hash = Mix(hash ^ unchecked((ulong)index));
        return hash;
    }

    /// <summary>Draw number <paramref name="index"/> of the stream <paramref name="seed"/>, uniform in [0, 1) with 53 random bits.</summary>
    public static double Uniform(ulong seed, long index) =>
        (Mix(seed + unchecked((ulong)index + 1) * 0x9E3779B97F4A7C15UL) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Draw number <paramref name="index"/> of the stream <paramref name="seed"/>, an integer in [0, <paramref name="bound"/>).</summary>
    public static int Below(ulong seed, long index, int bound) => (int)(Uniform(seed, index) * bound);

    /// <summary>A permutation of 0..<paramref name="count"/>-1 (Fisher–Yates).</summary>
    public static int[] Permutation(ulong seed, int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = Below(seed, i, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    // The output function of SplitMix64 (Steele, Lea, Flood 2014).
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
