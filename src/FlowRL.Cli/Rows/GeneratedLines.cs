using System.Globalization;
using FlowRL.Rollouts;
using FlowRL.Runs;

namespace FlowRL.Cli.Rows;

/// <summary>Writes responses as they come, and says every few seconds how far it is.</summary>
/// <param name="lines">Where responses go, each row's as soon as it is complete.</param>
/// <param name="error">Where progress goes.</param>
/// <param name="samples">Responses a row.</param>
/// <param name="kept">Rows that were answered before.</param>
/// <param name="clock">Says when a few seconds are over.</param>
internal sealed class GeneratedLines(TextWriter lines, TextWriter error, int samples, long kept, TimeProvider? clock = null) : IGenerationObserver
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private long _rows, _tokens, _begin, _last;

    public void Begin(long rows)
    {
        (_rows, _begin) = (rows, _clock.GetTimestamp());
        _last = _begin;
        Say($"{rows:N0} prompts × {samples:N0} samples{(kept > 0 ? $", {kept:N0} prompts answered already" : "")}");
    }

    public void Answered(long number, PromptRow row, IReadOnlyList<Response> responses)
    {
        foreach (var (index, response) in responses.Index()) lines.WriteLine(ResponseLine.Of(row, index, response));
        lines.Flush();
        _tokens += responses.Sum(response => (long)response.Length);
        var now = _clock.GetTimestamp();
        if (_clock.GetElapsedTime(_last, now) < PlainProgress.Interval || number + 1 == _rows) return;
        _last = now;
        Say($"{number + 1:N0} of {_rows:N0} prompts, {_tokens / _clock.GetElapsedTime(_begin, now).TotalSeconds:N0} tokens/s");
    }

    private void Say(FormattableString text) => error.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
