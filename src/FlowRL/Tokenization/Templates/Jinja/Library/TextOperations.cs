using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja.Library;

/// <summary>What filters and methods of texts share.</summary>
internal static class TextOperations
{
    public static TracedText Join(TracedText between, IEnumerable<TracedText> parts, Budget budget)
    {
        var builder = new TracedBuilder(budget);
        var isFirst = true;
        foreach (var part in parts)
        {
            if (!isFirst) builder.Append(between);
            builder.Append(part);
            isFirst = false;
        }
        return builder.ToText();
    }

    /// <param name="text">In which to replace.</param>
    /// <param name="old">What goes; where it is empty, the other comes before every character and at the end.</param>
    /// <param name="other">What comes.</param>
    /// <param name="most">How often at most; any number where negative.</param>
    /// <param name="budget">Bounds the result.</param>
    public static TracedText Replace(TracedText text, string old, TracedText other, int most, Budget budget)
    {
        if (most < 0) most = int.MaxValue;
        var builder = new TracedBuilder(budget);
        if (old.Length == 0)
        {
            foreach (var character in text.Characters())
            {
                if (most-- > 0) builder.Append(other);
                builder.Append(character);
            }
            return most > 0 ? builder.Append(other).ToText() : builder.ToText();
        }
        var done = 0;
        foreach (var at in Places(text.Plain, old, budget).Take(most))
        {
            builder.Append(text, done, at).Append(other);
            done = at + old.Length;
        }
        return done == 0 ? text : builder.Append(text, done, text.Plain.Length).ToText();
    }

    /// <summary>The parts between separators.</summary>
    public static Value Split(TracedText text, string separator, int most, bool isSafe, Budget budget)
    {
        if (separator.Length == 0) throw JinjaException.Value("empty separator");
        var (parts, done) = (new List<Value>(), 0);
        foreach (var at in Places(text.Plain, separator, budget).Take(most < 0 ? int.MaxValue : most))
        {
            parts.Add(new StringValue(text.Slice(done, at), isSafe));
            done = at + separator.Length;
        }
        parts.Add(new StringValue(text.Slice(done, text.Plain.Length), isSafe));
        return Bounded(parts, budget);
    }

    /// <summary>The same from the right.</summary>
    public static Value SplitFromRight(TracedText text, string separator, int most, bool isSafe, Budget budget)
    {
        if (separator.Length == 0) throw JinjaException.Value("empty separator");
        budget.Search(text.Plain.Length, separator.Length);
        var (parts, end) = (new List<Value>(), text.Plain.Length);
        while (most-- != 0 && end > 0 && text.Plain.LastIndexOf(separator, end - 1, StringComparison.Ordinal) is var at and >= 0)
        {
            budget.Spend(4);
            parts.Add(new StringValue(text.Slice(at + separator.Length, end), isSafe));
            end = at;
        }
        parts.Add(new StringValue(text.Slice(0, end), isSafe));
        parts.Reverse();
        return Bounded(parts, budget);
    }

    /// <summary>The parts between stretches of white space.</summary>
    public static Value Words(TracedText text, int most, bool isSafe, Budget budget)
    {
        var (plain, parts, at) = (text.Plain, new List<Value>(), 0);
        if (most < 0) most = int.MaxValue;
        while (true)
        {
            while (at < plain.Length && Characters.IsSpace(plain[at])) at++;
            if (at == plain.Length) break;
            if (parts.Count == most)
            {
                parts.Add(new StringValue(Characters.Strip(text.Slice(at, plain.Length), null, left: false, right: true), isSafe));
                break;
            }
            budget.Spend(4);
            var start = at;
            while (at < plain.Length && !Characters.IsSpace(plain[at])) at++;
            parts.Add(new StringValue(text.Slice(start, at), isSafe));
        }
        budget.Read(plain.Length);
        return Bounded(parts, budget);
    }

    public static IEnumerable<TracedText> Lines(TracedText text, bool keepsEnds = false) =>
        Characters.Lines(text.Plain).Select(line => text.Slice(line.Start, keepsEnds ? line.Next : line.End));

    /// <summary>A text with a sign repeated on its sides.</summary>
    public static TracedText Pad(TracedText text, int left, int right, TracedText with, Budget budget)
    {
        budget.Size((long)Math.Max(left, 0) + Math.Max(right, 0) + text.Plain.Length);
        var builder = new TracedBuilder(budget);
        for (var i = 0; i < left; i++) builder.Append(with);
        builder.Append(text);
        for (var i = 0; i < right; i++) builder.Append(with);
        return builder.ToText();
    }

    /// <summary>Where a text stands in another, without overlaps.</summary>
    public static IEnumerable<int> Places(string text, string sought, Budget budget)
    {
        budget.Search(text.Length, sought.Length);
        for (var at = text.IndexOf(sought, StringComparison.Ordinal); at >= 0; at = text.IndexOf(sought, at + sought.Length, StringComparison.Ordinal))
        {
            budget.Spend(4);
            yield return at;
        }
    }

    private static ListValue Bounded(List<Value> parts, Budget budget)
    {
        budget.Spend(budget.Size(parts.Count));
        return new ListValue(parts);
    }
}
