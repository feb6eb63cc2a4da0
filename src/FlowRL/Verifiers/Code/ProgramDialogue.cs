using System.Diagnostics;
using System.Text.Json;
using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>
/// Carries questions and answers between a program and its judge, who never share a sandbox, and counts what the judge says. Only the one that is
/// waited for has its clock running, and what a program is waited for counts for the test as a whole, however often it is asked; a test is an assertion
/// as it is written, so that one in a loop over what a program yields comes to an end.
/// </summary>
internal sealed class ProgramDialogue(SandboxedProcess program, SandboxedProcess judge, TimeSpan seconds, TestTally tally)
{
    // Tests may do work of their own, such as running a reference solution.
    private readonly TimeSpan _judgeSeconds = seconds * 4 + TimeSpan.FromSeconds(10);

    private TimeSpan _programLeft = Limits.Clock(seconds);

    public enum Result
    {
        /// <summary>The judge came to its end, or the program did.</summary>
        Done,

        /// <summary>The tests build on the program's own types, so they cannot be apart from it.</summary>
        NeedsOneProcess,
    }

    /// <summary>What ended the conversation before its time; null where it came to its end.</summary>
    public SandboxedProcess? Lost { get; private set; }

    public Result Run(CancellationToken cancellation)
    {
        judge.AllowProcessor(_judgeSeconds);
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var line = judge.Read(_judgeSeconds * 2);
            if (line is not null && line.StartsWith('>'))
            {
                if (!Ask(line)) return Result.Done;
                continue;
            }
            switch (Facts.Of(line))
            {
                case ["begins"]:
                    _programLeft = Limits.Clock(seconds);
                    program.AllowProcessor(seconds);
                    judge.AllowProcessor(_judgeSeconds);
                    break;
                case ["test", "True", ..]:
                    tally.Pass();
                    break;
                case ["test", _, var kind, var reason]:
                    tally.Fail(Outcome(kind), reason);
                    break;
                case ["together"]:
                    return Result.NeedsOneProcess;
                case ["unused"]:
                    tally.Fail(CodeOutcome.Error, "the tests never use the program");
                    break;
                case ["unreadable", var why]:
                    tally.Fail(CodeOutcome.Error, $"the tests cannot be run: {why}");
                    break;
                case ["observed", var seen]:
                    tally.Observed = seen;
                    break;
                case ["unfit", _]:
                    break;
                case ["end"]:
                    return Result.Done;
                default:
                    Lost = judge;
                    return Result.Done;
            }
        }
    }

    private bool Ask(string question)
    {
        var asked = Stopwatch.GetTimestamp();
        var answer = program.Ask(question[1..], _programLeft);
        _programLeft -= Stopwatch.GetElapsedTime(asked);
        if (answer is null || !answer.StartsWith('>'))
        {
            Lost = program;
            return false;
        }
        judge.Write(answer[1..], _judgeSeconds);
        return true;
    }

    private static CodeOutcome Outcome(string kind) => kind switch
    {
        "failed" => CodeOutcome.Failed,
        "memory" => CodeOutcome.Memory,
        _ => CodeOutcome.Error,
    };
}

/// <summary>The lines of our Python that are meant for this process.</summary>
internal static class Facts
{
    /// <summary>A line's facts as texts; empty for anything else, whatever a program may have written.</summary>
    public static string[] Of(string? line)
    {
        if (line is null || !line.StartsWith('#')) return [];
        try
        {
            return JsonSerializer.Deserialize<JsonElement[]>(line[1..]) is { } facts ? [.. facts.Select(fact => fact.ToString())] : [];
        }
        catch (Exception forged) when (forged is JsonException or InvalidOperationException)
        {
            return []; // also for half a surrogate pair
        }
    }
}
