using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Files;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>Calls functions of a program in its sandbox and compares what they give.</summary>
/// <param name="program">What is asked.</param>
/// <param name="wait">How long a call may take on the clock.</param>
/// <param name="tolerance">How far a float may be off.</param>
internal sealed class Caller(SandboxedProcess program, TimeSpan wait, double tolerance)
{
    /// <summary>What was wrong with a call.</summary>
    /// <param name="Outcome">Of what kind it is.</param>
    /// <param name="Reason">In words.</param>
    public sealed record Failure(CodeOutcome Outcome, string Reason)
    {
        /// <summary>Whether the program is no more, or wrote something that is no answer.</summary>
        public bool IsLost { get; init; }
    }

    /// <summary>Calls a test's function, or that method of a new <c>Solution</c>; null where it gives what it should.</summary>
    /// <param name="test">Which function it is, and what it should give.</param>
    /// <param name="arguments">What it is given, in the notation of peer.py.</param>
    public Failure? Call(CodeTest.Arguments test, JsonNode arguments)
    {
        var line = program.Ask(new JsonArray("invoke", test.Function, arguments).ToJsonString(), wait);
        if (line is null || !line.StartsWith('>')) return Lost();
        try
        {
            return StrictJson.Parse(line[1..]) switch
            {
                JsonArray { Count: 3 } answer when (string?)answer[0] == "=" => Compared(test.Expected, answer[1]),
                JsonArray { Count: 4 } answer when (string?)answer[0] == "!" => Raised($"{answer[1]}: {answer[2]}".TrimEnd(' ', ':')),
                _ => Lost(),
            };
        }
        catch (Exception forged) when (forged is JsonException or InvalidOperationException or FormatException)
        {
            return Raised("ValueError: what it gave cannot be read");
        }
    }

    private Failure? Compared(JsonNode? expected, JsonNode? value) => CrossedValue.Agrees(expected, value, tolerance) ? null
        : new Failure(CodeOutcome.Failed, $"gave {Shown.Cut(CrossedValue.Write(value))} instead of {Shown.Cut(CrossedValue.WriteJson(expected))}");

    private static Failure Raised(string exception) => new(EndOf.Outcome(exception), exception);

    private static Failure Lost() => new(CodeOutcome.Error, "") { IsLost = true };
}
