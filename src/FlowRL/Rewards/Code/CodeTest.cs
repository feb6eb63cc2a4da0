using System.Text.Json.Nodes;

namespace FlowRL.Rewards.Code;

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
