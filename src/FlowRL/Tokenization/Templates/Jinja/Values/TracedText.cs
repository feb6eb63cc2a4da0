using System.Text;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>
/// A text that knows of each character who wrote it. What is taken out of it or put together keeps that knowledge. Places are UTF-16
/// units, except where a method says code points, in which Python counts.
/// </summary>
internal sealed class TracedText
{
    /// <summary>Neighbours differ in origin, and the last ends at the text's end; none at all where the template wrote everything.</summary>
    private readonly Run[] _runs;

    private int _codePoints = -1;

    internal TracedText(string plain, Run[] runs) => (Plain, _runs) = (plain, runs is [{ Origin: null }] ? [] : runs);

    public static TracedText Empty { get; } = new("", []);

    public string Plain { get; }

    /// <summary>In code points.</summary>
    public int Length => _codePoints >= 0 ? _codePoints : _codePoints = Plain.Length - Plain.Count(char.IsLowSurrogate);

    /// <summary>The first part of the input that wrote anything here.</summary>
    public Origin? AnyOrigin => Array.Find(_runs, run => run.Origin is not null).Origin;

    public IEnumerable<(int Start, int End, Origin? Origin)> Runs
    {
        get
        {
            var start = 0;
            foreach (var run in _runs.Length > 0 ? _runs : Plain.Length > 0 ? [new Run(Plain.Length, null)] : [])
            {
                yield return (start, run.End, run.Origin);
                start = run.End;
            }
        }
    }

    public static TracedText Of(string plain, Origin? origin = null) =>
        plain.Length == 0 ? Empty : new TracedText(plain, origin is null ? [] : [new Run(plain.Length, origin)]);

    /// <summary>The same characters, all written by one.</summary>
    public TracedText By(Origin? origin) => Of(Plain, origin);

    public Origin? OriginAt(int at) => _runs.Length == 0 ? null : _runs[RunAt(at)].Origin;

    /// <summary>Whether one alone wrote all of a stretch.</summary>
    public bool IsOf(Origin? origin, int start, int end)
    {
        if (start >= end || _runs.Length == 0) return start >= end || origin is null;
        var run = RunAt(start);
        return _runs[run].Origin == origin && _runs[run].End >= end;
    }

    public TracedText Slice(int start, int end)
    {
        if (start >= end) return Empty;
        if (start == 0 && end == Plain.Length) return this;
        var plain = Plain[start..end];
        if (_runs.Length == 0) return new TracedText(plain, []);
        var (first, last) = (RunAt(start), RunAt(end - 1));
        var runs = new Run[last - first + 1];
        for (var i = first; i <= last; i++)
            runs[i - first] = new Run(Math.Min(_runs[i].End, end) - start, _runs[i].Origin);
        return new TracedText(plain, runs);
    }

    /// <summary>The place of a code point; one behind the last is the text's end.</summary>
    public int PlaceOf(int codePoint)
    {
        if (Length == Plain.Length) return codePoint;
        var at = 0;
        for (; codePoint > 0; codePoint--)
            at += char.IsHighSurrogate(Plain[at]) && at + 1 < Plain.Length && char.IsLowSurrogate(Plain[at + 1]) ? 2 : 1;
        return at;
    }

    /// <summary>The code points before a place.</summary>
    public int CodePointAt(int place) => Length == Plain.Length ? place : place - Plain.Take(place).Count(char.IsLowSurrogate);

    /// <summary>Each code point as a text.</summary>
    public IEnumerable<TracedText> Characters()
    {
        for (var at = 0; at < Plain.Length;)
        {
            var end = at + Rune.GetRuneAt(Plain, at).Utf16SequenceLength;
            yield return Slice(at, end);
            at = end;
        }
    }

    private int RunAt(int at)
    {
        var (low, high) = (0, _runs.Length - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_runs[middle].End <= at) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
