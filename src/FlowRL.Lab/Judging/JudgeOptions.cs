namespace FlowRL.Lab.Judging;

/// <summary>How a judge is asked.</summary>
public sealed record JudgeOptions
{
    /// <summary>The judge's name: sent with every question, and a part of the key of every answer that is kept.</summary>
    public required string Model { get; init; }

    /// <summary>Sampling temperature; null leaves it to the judge's server, as some models demand.</summary>
    public float? Temperature { get; init; } = 0;

    /// <summary>Tokens of an answer, 1 or more. A word is enough for most judges; one that thinks aloud needs room for that.</summary>
    public int MaxOutputTokens { get; init; } = 512;

    /// <summary>How often a question is put whose answers are malformed, 1 or more. After that it is undecided.</summary>
    public int Asks { get; init; } = 3;

    /// <summary>Tries after the first where the client fails in a way that may pass; waits between them are 1, 2, 4, … seconds.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>How long an answer may take before the try counts as failed.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Characters that the judge is shown of a text, 16 or more; of a longer one the beginning and the end.</summary>
    public int LongestText { get; init; } = 4000;

    /// <summary>Characters that it is shown of all solutions together where it rates them.</summary>
    public int LongestGroup { get; init; } = 32_000;

    /// <summary>What a failure of the client means; whatever is not known may pass.</summary>
    public Func<Exception, JudgeFailure> Failure { get; init; } = e => new JudgeFailure(JudgeFailureKind.Passing, JudgeFailure.Line(e.Message));
}

/// <summary>What a failure of a judge's client is.</summary>
/// <param name="Kind">What is done about it.</param>
/// <param name="Words">Why, as a clause that ends without a full stop: "the server answers with status 503".</param>
public sealed record JudgeFailure(JudgeFailureKind Kind, string Words)
{
    private const int LongestWords = 300;

    /// <summary>How long the server asks to wait; null where it does not say.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>Tries after the first, where fewer than <see cref="JudgeOptions.Retries"/> are enough.</summary>
    public int? Retries { get; init; }

    /// <summary>The first line of a message, of bounded length and without its full stop.</summary>
    public static string Line(string message)
    {
        var line = message.AsSpan().Trim();
        if (line.IndexOfAny('\r', '\n') is >= 0 and var end) line = line[..end];
        return (line.Length > LongestWords ? $"{line[..LongestWords]}…" : line.ToString()).TrimEnd('.', ' ');
    }
}

/// <summary>What is done about a failure.</summary>
public enum JudgeFailureKind
{
    /// <summary>Asked again after a while.</summary>
    Passing,

    /// <summary>This one question is refused, as where it is too long for the judge: it is undecided, and the others go on.</summary>
    OfQuestion,

    /// <summary>No question will be answered.</summary>
    Final,
}

/// <summary>A judge that gives no answers. The message is a sentence with what to do.</summary>
public sealed class JudgeException : Exception
{
    public JudgeException(string message) : base(message) { }

    public JudgeException(string message, Exception inner) : base(message, inner) { }
}
