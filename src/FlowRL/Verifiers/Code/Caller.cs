using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowRL.Files;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>Calls functions of a program in its sandbox, as a judge would.</summary>
/// <param name="program">What is asked.</param>
/// <param name="wait">How long a call may take on the clock, with all that it is asked for it.</param>
internal sealed class Caller(SandboxedProcess program, TimeSpan wait)
{
    private TimeSpan _left;

    private readonly Dictionary<string, (int Number, string? Exception)> _functions = [];

    /// <param name="Value">What came back, in the notation of peer.py.</param>
    /// <param name="Exception">What was raised instead; null where nothing was.</param>
    /// <param name="IsLost">Whether the program is no more, or wrote something else.</param>
    public readonly record struct Answer(JsonNode? Value, string? Exception, bool IsLost);

    /// <summary>Calls a function, or that method of a new <c>Solution</c>.</summary>
    public Answer Call(string function, JsonArray arguments)
    {
        _left = wait;
        if (!_functions.TryGetValue(function, out var found))
        {
            var (number, failure) = Find(function);
            if (failure is { IsLost: true }) return failure.Value;
            _functions[function] = found = (number, failure?.Exception);
        }
        return found.Exception is { } exception ? new Answer(null, exception, false)
            : Ask(new JsonArray("call", found.Number, new JsonArray([.. arguments.Select(CrossedValue.Of)]), new JsonObject()));
    }

    private (int Number, Answer? Failure) Find(string function)
    {
        var named = Ask(new JsonArray("name", function));
        if (Reference(named) is { } number) return (number, null);
        if (named.IsLost) return (0, named);
        if (Reference(Ask(new JsonArray("name", "Solution"))) is { } type &&
            Reference(Ask(new JsonArray("call", type, new JsonArray(), new JsonObject()))) is { } solution &&
            Reference(Ask(new JsonArray("getattr", solution, new JsonArray(function), new JsonObject()))) is { } method) return (method, null);
        return (0, new Answer(null, $"NameError: the program has no function '{function}'", false));
    }

    private static int? Reference(Answer answer) =>
        answer.Value is JsonArray { Count: 2 } pair && pair[0] is JsonValue tag && tag.TryGetValue<string>(out var word) && word == "mine" &&
        pair[1] is JsonValue value && value.TryGetValue<int>(out var number) ? number : null;

    private Answer Ask(JsonArray question)
    {
        var asked = Stopwatch.GetTimestamp();
        var line = program.Ask(question.ToJsonString(), _left);
        _left -= Stopwatch.GetElapsedTime(asked);
        if (line is null || !line.StartsWith('>')) return new Answer(null, null, true);
        try
        {
            return StrictJson.Parse(line[1..]) switch
            {
                JsonArray { Count: 3 } answer when (string?)answer[0] == "=" => new Answer(answer[1]?.DeepClone(), null, false),
                JsonArray { Count: 4 } answer when (string?)answer[0] == "!" => new Answer(null, $"{answer[1]}: {answer[2]}".TrimEnd(' ', ':'), false),
                _ => new Answer(null, null, true),
            };
        }
        catch (Exception forged) when (forged is JsonException or InvalidOperationException or FormatException)
        {
            return new Answer(null, "ValueError: what it gave cannot be read", false);
        }
    }
}
