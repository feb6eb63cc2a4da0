using System.Runtime.CompilerServices;

namespace FlowRL.Tokenization.Templates.Jinja;

/// <summary>What one rendering may take. A step is about a tenth of a microsecond, so the steps bound the time too.</summary>
internal sealed record JinjaLimits
{
    /// <summary>Nodes of the template that are evaluated, and everything that loops inside of filters and methods.</summary>
    public long Steps { get; init; } = 10_000_000;

    /// <summary>Characters of a text (the output too) and items of a list.</summary>
    public int Size { get; init; } = 1 << 22;

    /// <summary>Macros and recursive loops within each other, and brackets and blocks within each other in the source.</summary>
    public int Depth { get; init; } = 200;

    /// <summary>Bits of an integer: as many as Python prints (4300 digits).</summary>
    public int IntegerBits { get; init; } = 14_284;
}

/// <summary>Counts what a rendering has taken, and ends it where that is too much.</summary>
internal sealed class Budget(JinjaLimits limits, CancellationToken cancellation = default)
{
    /// <summary>Characters that are copied or compared for the price of one step.</summary>
    private const int CharactersAStep = 8;

    private long _left = limits.Steps;
    private int _sinceAsked;
    private int _depth;

    public int IntegerBits => limits.IntegerBits;

    public void Spend(long steps = 1)
    {
        _left -= steps;
        if (_left < 0) throw Exceeded($"takes more than {limits.Steps} steps");
        if (++_sinceAsked < 4096) return;
        _sinceAsked = 0;
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>Takes account of characters that are read, copied or compared.</summary>
    public void Read(long characters) => Spend(1 + characters / CharactersAStep);

    /// <summary>A size that something is about to have, before memory is taken for it.</summary>
    public int Size(long size) => size <= limits.Size ? (int)Math.Max(size, 0)
        : throw Exceeded($"makes a text or a list of {size} items, and {limits.Size} is the most");

    /// <summary>Takes account of a search for one text in another, which at worst compares them at every place.</summary>
    public void Search(long characters, long sought)
    {
        Read(characters);
        Spend(characters / 1024 * sought);
    }

    /// <summary>Goes one level down; <see cref="Leave"/> comes back.</summary>
    public void Enter()
    {
        if (++_depth > limits.Depth) throw TooDeep();
        Guard();
    }

    public void Leave() => _depth--;

    /// <summary>For what recurses over values: ends where the stack would.</summary>
    public void Guard()
    {
        Spend();
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw TooDeep();
    }

    private static JinjaException TooDeep() => new(JinjaErrorKind.Recursion, "maximum recursion depth exceeded");

    private static JinjaException Exceeded(string what) => new(JinjaErrorKind.Limit, $"the template {what}");
}
