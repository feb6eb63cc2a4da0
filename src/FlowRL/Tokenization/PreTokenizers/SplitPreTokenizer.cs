using FlowRL.Tokenization.Patterns;

namespace FlowRL.Tokenization.PreTokenizers;

/// <summary>What becomes of what a pattern matches; the rest is always kept.</summary>
internal enum SplitBehavior
{
    /// <summary>A piece of its own.</summary>
    Isolated,

    /// <summary>Left out.</summary>
    Removed,

    /// <summary>The end of the piece before it.</summary>
    MergedWithPrevious,

    /// <summary>The beginning of the piece after it.</summary>
    MergedWithNext,

    /// <summary>A piece together with the matches that touch it.</summary>
    Contiguous,
}

/// <summary>Cuts a text where a pattern matches.</summary>
/// <param name="pattern">What is looked for.</param>
/// <param name="behavior">What becomes of it.</param>
/// <param name="isInverted">Whether the gaps between the matches count as the matches.</param>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool isInverted = false) : PreTokenizer
{
    /// <summary>A stretch of the text that matches, or that lies between matches.</summary>
    private readonly record struct Stretch(int Start, int End, bool IsMatch);

    public static SplitPreTokenizer ReadSplit(JsonPlace place)
    {
        var name = place["behavior"];
        var isKnown = Enum.TryParse<SplitBehavior>(name.Text, ignoreCase: false, out var behavior) && name.Text == behavior.ToString();
        return isKnown
            ? new SplitPreTokenizer(TextPattern.Read(place["pattern"]), behavior, place["invert"].Flag())
            : throw name.Wrong($"is {name.Text}, and only {string.Join(", ", Enum.GetNames<SplitBehavior>())} can be read");
    }

    public override void Split(ReadOnlySpan<char> text, bool isFirst, IPieceSink sink)
    {
        var cutter = new Cutter(behavior, text, isFirst, sink);
        var done = 0;
        foreach (var (start, end) in pattern.In(text))
        {
            if (start > done) cutter.Add(new Stretch(done, start, isInverted));
            cutter.Add(new Stretch(start, end, !isInverted));
            done = end;
        }
        if (done < text.Length) cutter.Add(new Stretch(done, text.Length, isInverted));
        cutter.Finish();
    }

    /// <summary>Holds back the last piece while the next stretch may still join it.</summary>
    private ref struct Cutter(SplitBehavior behavior, ReadOnlySpan<char> text, bool isFirst, IPieceSink sink)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private Stretch _held;

        public void Add(Stretch stretch)
        {
            var joins = behavior switch
            {
                SplitBehavior.MergedWithPrevious => stretch.IsMatch && !_held.IsMatch,
                SplitBehavior.MergedWithNext => _held.IsMatch && !stretch.IsMatch,
                SplitBehavior.Contiguous => _held.IsMatch == stretch.IsMatch,
                _ => false,
            };
            if (joins && _held.End > _held.Start)
            {
                _held = new Stretch(_held.Start, stretch.End, stretch.IsMatch);
                return;
            }
            Finish();
            _held = stretch;
        }

        public readonly void Finish()
        {
            if (_held.End > _held.Start && !(behavior == SplitBehavior.Removed && _held.IsMatch))
                sink.Take(_text[_held.Start.._held.End], isFirst && _held.Start == 0);
        }
    }
}
