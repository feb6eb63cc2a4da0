namespace FlowRL.Lab.Import.Shell;

/// <summary>A text of a script's.</summary>
/// <param name="Text">With variables replaced.</param>
/// <param name="Doubt">Why it may be another one; null where it is certain.</param>
/// <param name="IsOpen">Whether a part of it is not known, and stands there as it was written.</param>
internal sealed record ShellText(string Text, string? Doubt = null, bool IsOpen = false)
{
    public ShellText With(ShellText more) => new(Text + more.Text, Doubt ?? more.Doubt, IsOpen || more.IsOpen);
}

/// <summary>What a variable of a script holds.</summary>
/// <param name="Items">One text, or those of an array.</param>
internal sealed record ShellValue(IReadOnlyList<ShellText> Items)
{
    public ShellValue(string text, string? doubt = null, bool isOpen = false) : this([new ShellText(text, doubt, isOpen)]) { }

    public static ShellValue Nothing { get; } = new([]);

    public bool IsEmpty => Items.All(item => item.Text == "");

    public bool IsOpen => Items.Any(item => item.IsOpen);

    public string? Doubt => Items.FirstOrDefault(item => item.Doubt is not null)?.Doubt;

    /// <summary>All of it as one text.</summary>
    public string Text => string.Join(' ', Items.Select(item => item.Text));
}

/// <summary>
/// The variables of a script as far as its own text gives them. Of the environment only the home folder is known (and the working folder,
/// which is <c>.</c>): a recipe is not to hold what else is in there.
/// </summary>
internal sealed class ShellVariables
{
    private const int MostCharacters = 1 << 16;
    private const int MostInAll = 1 << 22;

    private readonly Dictionary<string, ShellValue> _values = [];
    private readonly string _source;
    private long _characters;

    /// <param name="source">The script, for messages.</param>
    /// <param name="home">What <c>~</c> and <c>$HOME</c> stand for.</param>
    public ShellVariables(string source, string home)
    {
        _source = source;
        _values["HOME"] = new ShellValue(home);
        _values["PWD"] = new ShellValue(".");
    }

    public string Home => _values["HOME"].Text;

    public ShellValue? Find(string name) => _values.GetValueOrDefault(name);

    /// <param name="name">Without a dollar.</param>
    /// <param name="value">What it holds from now on.</param>
    /// <param name="condition">The line of the condition under which this is said; 0 where there is none.</param>
    public void Set(string name, ShellValue value, int condition)
    {
        var old = Find(name);
        // Arguments of the script would stand there, or what a program prints; what is known is the better guess.
        if (condition > 0 && value.IsOpen && old is not null) return;
        if (condition > 0 && old is not null && old.Text != value.Text)
            value = new([.. value.Items.Select(item => item with { Doubt = item.Doubt ?? $"${name} is set under the condition in line {condition}" })]);
        _values[name] = Bounded(value);
    }

    public void Remove(string name) => _values.Remove(name);

    /// <summary>Counts what expansions make, so that a script of a few lines cannot fill the memory.</summary>
    /// <exception cref="BadInputException">It is too much.</exception>
    public void Spend(int characters)
    {
        if ((_characters += characters) > MostInAll) throw TooLong(MostInAll);
    }

    private ShellValue Bounded(ShellValue value) =>
        value.Items.Sum(item => (long)item.Text.Length + 1) > MostCharacters ? throw TooLong(MostCharacters) : value;

    private BadInputException TooLong(int limit) => new($"{_source}: its variables grow to more than {limit} characters; no script of a run needs that.");
}
