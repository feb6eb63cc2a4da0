namespace FlowRL.Tokenization.Templates.Jinja.Syntax;

/// <summary>
/// Filters and tests that do not exist. They are errors of the template as a whole, except directly inside of an <c>if</c> or a
/// conditional expression, where they may stand for engines that know them and are an error only when they are reached.
/// </summary>
internal sealed class UnknownNames
{
    private readonly List<(int Level, JinjaException Error)> _found = [];
    private int _level;

    /// <summary>A place to give to <see cref="Excuse"/>.</summary>
    public int Mark => _found.Count;

    public void Add(JinjaException error) => _found.Add((_level, error));

    /// <summary>Enters a body with a scope of its own, whose unknown names no <c>if</c> around it excuses.</summary>
    public void Enter() => _level++;

    public void Leave() => _level--;

    /// <summary>Forgets what was found since a place, on this level.</summary>
    public void Excuse(int mark)
    {
        var kept = _found.Skip(mark).Where(found => found.Level != _level).ToList();
        _found.RemoveRange(mark, _found.Count - mark);
        _found.AddRange(kept);
    }

    public void Check()
    {
        if (_found.Count > 0) throw _found[0].Error;
    }
}
