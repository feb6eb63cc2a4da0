using System.Diagnostics;

namespace FlowRL.Verifiers.Code;

/// <summary>Counts tests while a program runs and keeps what went wrong first.</summary>
internal sealed class TestTally
{
    private CodeOutcome _outcome = CodeOutcome.Passed;
    private string _reason = "";
    private long _last = Stopwatch.GetTimestamp();
    private TimeSpan _longest;

    public int Passed { get; private set; }

    public int Total { get; private set; }

    public bool HasFailed => _outcome != CodeOutcome.Passed;

    /// <summary>What the program was seen to do, beside its tests.</summary>
    public string? Observed { get; set; }

    /// <summary>Called when the program has loaded: what counts as a test's time begins.</summary>
    public void Begin() => _last = Stopwatch.GetTimestamp();

    public void Pass()
    {
        Count();
        Passed++;
    }

    public void Fail(CodeOutcome outcome, string reason)
    {
        Count();
        Note(outcome, reason);
    }

    /// <summary>A failure of the program as a whole, which is no test.</summary>
    public void Note(CodeOutcome outcome, string reason)
    {
        if (!HasFailed) (_outcome, _reason) = (outcome, reason);
    }

    /// <param name="atLeast">Tests that there are, whether or not they were reached.</param>
    public CodeVerdict Verdict(int atLeast)
    {
        var total = Math.Max(Total, atLeast);
        if (!HasFailed && (Passed < total || total == 0)) Note(CodeOutcome.Error, "the tests ended early");
        return new CodeVerdict(_outcome, Passed, total, _reason) { Observed = Observed, Longest = _longest };
    }

    private void Count()
    {
        Total++;
        var now = Stopwatch.GetTimestamp();
        var took = Stopwatch.GetElapsedTime(_last, now);
        (_last, _longest) = (now, took > _longest ? took : _longest);
    }
}

/// <summary>Values of programs in messages.</summary>
internal static class Shown
{
    private const int Longest = 80;

    /// <summary>A text in quotes on one line, cut where it is long.</summary>
    public static string Of(string text) => $"'{Cut(text)}'";

    /// <summary>A text, or a value that is written already, on one line, cut where it is long.</summary>
    public static string Cut(string text)
    {
        var line = text.Trim().ReplaceLineEndings("\\n");
        return line.Length > Longest ? line[..Longest] + "..." : line;
    }
}
