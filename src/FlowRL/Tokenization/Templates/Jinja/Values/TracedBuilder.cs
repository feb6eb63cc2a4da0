using System.Text;

namespace FlowRL.Tokenization.Templates.Jinja.Values;

/// <summary>Puts a traced text together, within a budget.</summary>
internal sealed class TracedBuilder(Budget budget)
{
    private readonly StringBuilder _plain = new();
    private readonly List<Run> _runs = [];

    public int Length => _plain.Length;

    public TracedBuilder Append(string plain, Origin? origin = null)
    {
        Take(plain.Length);
        _plain.Append(plain);
        Mark(origin);
        return this;
    }

    public TracedBuilder Append(TracedText text, int start, int end) => Append(text.Slice(start, end));

    public TracedBuilder Append(TracedText text)
    {
        Take(text.Plain.Length);
        var before = _plain.Length;
        _plain.Append(text.Plain);
        foreach (var run in text.Runs)
        {
            budget.Spend();
            Mark(run.Origin, before + run.End);
        }
        return this;
    }

    public TracedText ToText() => _plain.Length == 0 ? TracedText.Empty : new TracedText(_plain.ToString(), [.. _runs]);

    private void Take(int characters)
    {
        budget.Size((long)_plain.Length + characters);
        budget.Read(characters);
    }

    private void Mark(Origin? origin, int? end = null)
    {
        var run = new Run(end ?? _plain.Length, origin);
        if (_runs.Count > 0 && run.End == _runs[^1].End) return;
        if (_runs.Count > 0 && _runs[^1].Origin == origin) _runs[^1] = run;
        else _runs.Add(run);
    }
}
