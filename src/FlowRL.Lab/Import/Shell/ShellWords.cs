using System.Text;
using System.Text.RegularExpressions;

namespace FlowRL.Lab.Import.Shell;

/// <summary>One word as a program would be given it.</summary>
/// <param name="Text">Without quotation marks, variables replaced.</param>
/// <param name="Line">Where it begins.</param>
/// <param name="Doubt">Why it may be another one; null where it is certain.</param>
/// <param name="IsOpen">Whether a part of it is not known, and stands there as it was written.</param>
internal sealed record ShellWord(string Text, int Line, string? Doubt = null, bool IsOpen = false);

/// <summary>Reads words: quotation marks, backslashes, variables, lists from arrays.</summary>
internal sealed partial class ShellWords(ShellVariables variables, int condition, int depth = 0)
{
    private readonly StringBuilder _word = new();
    private readonly List<ShellWord> _done = [];
    private ShellCursor _cursor = new("");
    private string? _doubt;
    private bool _isOpen;
    private bool _isThere;
    private int _line;

    /// <summary>Whether the last word that was read stood there without quotation marks and variables: only such a one can be a word of the shell's.</summary>
    public bool IsBare { get; private set; }

    /// <summary>The word at the cursor: none where a variable is empty, several where it is a list.</summary>
    /// <param name="cursor">At the beginning of a word.</param>
    /// <param name="splits">Whether variables outside of quotation marks are cut at their spaces, as they are everywhere but in assignments.</param>
    public IReadOnlyList<ShellWord> Read(ShellCursor cursor, bool splits = true)
    {
        Begin(cursor);
        while (!_cursor.IsAtEnd && !IsEnd(_cursor.Peek())) Part(splits);
        End();
        return _done;
    }

    /// <summary>The words of an array, after its opening bracket; the closing one is passed.</summary>
    public ShellValue ReadArray(ShellCursor cursor)
    {
        var items = new List<ShellWord>();
        while (!cursor.IsAtEnd && cursor.Peek() != ')')
        {
            if (char.IsWhiteSpace(cursor.Peek())) cursor.Take();
            else if (cursor.Peek() == '#') cursor.SkipLine();
            else if (cursor.Peek() == '\\' && cursor.Peek(1) is '\n' or '\r') cursor.Take(2);
            else if (IsEnd(cursor.Peek())) cursor.Take();
            else items.AddRange(Read(cursor).ToArray());
        }
        cursor.Take();
        return new ShellValue([.. items.Select(item => new ShellText(item.Text, item.Doubt, item.IsOpen))]);
    }

    /// <summary>All of a text as one value, spaces included.</summary>
    public ShellValue Joined(string text)
    {
        Begin(new ShellCursor(text));
        while (!_cursor.IsAtEnd) Part(splits: false);
        return new ShellValue(_word.ToString(), _doubt, _isOpen);
    }

    private void Begin(ShellCursor cursor)
    {
        (_cursor, _line, IsBare) = (cursor, cursor.Line, true);
        _done.Clear();
        _word.Clear();
        (_doubt, _isOpen, _isThere) = (null, false, false);
        if (cursor.Peek() == '~' && cursor.Peek(1) is '/' or '\0' or '\n' or ' ')
        {
            cursor.Take();
            Add(variables.Home);
        }
    }

    private void Part(bool splits)
    {
        var next = _cursor.Take();
        switch (next)
        {
            case '\\' when _cursor.Peek() is '\n':
                _cursor.Take();
                break;
            case '\\' when _cursor.IsAt("\r\n"):
                _cursor.Take(2);
                break;
            case '\\':
                IsBare = false;
                Add(_cursor.IsAtEnd ? "\\" : _cursor.Take().ToString());
                break;
            case '\'':
                IsBare = false;
                Add(_cursor.TakeTo('\''));
                break;
            case '"':
                IsBare = false;
                _isThere = true;
                Quoted();
                break;
            case '$' when _cursor.Peek() == '\'':
                IsBare = false;
                _cursor.Take();
                Add(_cursor.TakeTo('\'').Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\t", "\t", StringComparison.Ordinal));
                break;
            case '$' or '`':
                IsBare = false;
                Value(Expanded(next), splits);
                break;
            case '<':
                // <YOUR_FOLDER>: what a reader of the script is to put there.
                Value(new ShellValue($"<{_cursor.TakeTo('>')}>", "it holds a place for you to fill", true), false);
                break;
            default:
                Add(next.ToString());
                break;
        }
    }

    private void Quoted()
    {
        while (!_cursor.IsAtEnd)
        {
            var next = _cursor.Take();
            if (next == '"') return;
            if (next == '\\' && _cursor.Peek() is '\n') _cursor.Take();
            else if (next == '\\' && _cursor.Peek() is '"' or '\\' or '$' or '`') Add(_cursor.Take().ToString());
            else if (next is '$' or '`') Listed(Expanded(next));
            else Add(next.ToString());
        }
    }

    private ShellValue Expanded(char first) =>
        first == '`' ? ShellExpansion.Backticks(_cursor) : new ShellExpansion(variables, condition, depth).Read(_cursor);

    private void Value(ShellValue value, bool splits)
    {
        if (!splits)
        {
            foreach (var item in value.Items) Note(item);
            Add(value.Text);
            return;
        }
        for (var i = 0; i < value.Items.Count; i++)
        {
            if (i > 0) End();
            Note(value.Items[i]);
            // What is not known is one word, whatever it would be cut into.
            string[] words = value.Items[i].IsOpen ? [value.Items[i].Text]
                : value.Items[i].Text.Split([' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries);
            for (var w = 0; w < words.Length; w++)
            {
                if (w > 0)
                {
                    End();
                    Note(value.Items[i]);
                }
                Add(words[w]);
            }
        }
    }

    // In quotation marks an array is as many words as it has items.
    private void Listed(ShellValue value)
    {
        for (var i = 0; i < value.Items.Count; i++)
        {
            if (i > 0) End();
            Note(value.Items[i]);
            Add(value.Items[i].Text);
        }
        if (value.Items.Count == 0 && _word.Length == 0) _isThere = false;
    }

    private void Note(ShellText value)
    {
        _doubt ??= value.Doubt;
        _isOpen |= value.IsOpen;
    }

    private void Add(string text)
    {
        variables.Spend(text.Length);
        _word.Append(text);
        _isThere = true;
    }

    private void End()
    {
        if (_isThere) _done.Add(new ShellWord(_word.ToString(), _line, _doubt, _isOpen));
        _word.Clear();
        (_doubt, _isOpen, _isThere) = (null, false, false);
    }

    private bool IsEnd(char next) => char.IsWhiteSpace(next) || next is ';' or '&' or '|' or '(' or ')' or '>'
        || (next == '<' && !Placeholder().IsMatch(_cursor.Rest));

    [GeneratedRegex(@"^<[A-Za-z][\w ./-]{0,60}>")]
    private static partial Regex Placeholder();
}
