namespace FlowRL.Rewards.Code;

/// <summary>All that decides whether a program is right.</summary>
/// <param name="Items">The tests, in order.</param>
public sealed record CodeTests(IReadOnlyList<CodeTest> Items)
{
    /// <summary>What assertions may use beside the program: imports, helpers. Runs apart from the program.</summary>
    public string Prelude { get; init; } = "";

    /// <summary>The function that the tests are about; needed where it has the name of a built-in one. Empty where the tests say.</summary>
    public string Function { get; init; } = "";

    /// <summary>How far a float may be off, absolutely; relative to the expected value, 1e-7 is always allowed.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Seconds of processor time for one test; null takes the options'.</summary>
    public double? Seconds { get; init; }
}
