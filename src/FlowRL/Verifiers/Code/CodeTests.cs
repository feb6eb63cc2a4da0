using System.Text.Json.Nodes;

namespace FlowRL.Verifiers.Code;

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

/// <summary>One test of a program. What is expected never enters the program's sandbox.</summary>
public abstract record CodeTest
{
    private CodeTest() { }

    /// <summary>The whole program, run once: what it prints for an input.</summary>
    public sealed record Whole(string Input, string Output) : CodeTest;

    /// <summary>An expression of the program's language and its value: JSON, where a text may also be a Python literal.</summary>
    public sealed record Call(string Expression, JsonNode? Expected) : CodeTest;

    /// <summary>Arguments of a function, or of that method of a class <c>Solution</c>, and the value: JSON, where lists stand for tuples too.</summary>
    public sealed record Arguments(string Function, JsonArray Values, JsonNode? Expected) : CodeTest;

    /// <summary>Statements with assertions.</summary>
    public sealed record Script(string Text) : CodeTest;

    /// <summary>No test: expressions whose values are noted, as <see cref="CodeVerdict.Observed"/>.</summary>
    public sealed record Observe(IReadOnlyList<string> Expressions) : CodeTest;

    /// <summary>Inputs of a function whose right outputs are those of a reference solution.</summary>
    /// <param name="Solution">The reference, a program that defines the function.</param>
    /// <param name="Inputs">Each a list of arguments, as JSON.</param>
    /// <param name="Examples">Assertions of the first inputs in the language itself, from which the types are learnt that JSON does not know.</param>
    /// <param name="Agreement">When two outputs agree.</param>
    public sealed record Reference(string Solution, JsonArray Inputs, string Examples, Agreement Agreement) : CodeTest;
}

/// <summary>When an output agrees with the reference's. Most problems have one right output; these rules are for those that have several.</summary>
public enum Agreement
{
    /// <summary>Equal, floats within the tolerance.</summary>
    Value,

    /// <summary>The same elements in any order and number.</summary>
    Set,

    /// <summary>Both there, or both None: what they are is not defined.</summary>
    Presence,

    /// <summary>Any root of the polynomial whose coefficients are the first argument.</summary>
    Root,
}
