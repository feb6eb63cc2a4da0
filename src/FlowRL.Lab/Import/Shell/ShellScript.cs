using System.Text.RegularExpressions;

namespace FlowRL.Lab.Import.Shell;

/// <summary>One command of a script.</summary>
/// <param name="Words">As the program would be given them; the first is its name.</param>
/// <param name="Line">Where it begins.</param>
internal sealed record ShellCommand(IReadOnlyList<ShellWord> Words, int Line);

/// <summary>
/// The commands of a shell script, found by reading: nothing is run, no file but the script is opened. Variables, arrays, quotation marks,
/// continued lines, comments and arithmetic are understood; conditions and loops are not followed, so that every branch is read, and what
/// depends on one says so.
/// </summary>
internal sealed partial class ShellScript
{
    private const int MostCommands = 20000;
    private const int MostWords = 10000;
    private const int MostDepth = 4;

    private readonly ShellCursor _cursor;
    private readonly string _source;
    private readonly ShellVariables _variables;
    private readonly int _depth;
    private readonly List<ShellCommand> _commands;
    private readonly List<ShellWord> _words = [];
    private readonly List<string> _bodies = []; // the ends of texts that begin after this line: <<EOF
    private readonly Stack<int> _conditions = [];
    private readonly Action<string> _note;
    private bool _isContinued;
    private bool _isAssigning = true;

    private ShellScript(string text, int line, string source, ShellVariables variables, Action<string> note, int depth, List<ShellCommand> commands) =>
        (_cursor, _source, _variables, _note, _depth, _commands) = (new ShellCursor(text, line), source, variables, note, depth, commands);

    /// <param name="text">The script.</param>
    /// <param name="source">Its name, for messages.</param>
    /// <param name="variables">Those that are known before it; holds the script's own afterwards.</param>
    /// <param name="note">Is told what was taken for granted.</param>
    /// <exception cref="BadInputException">The script is larger than any that starts a training.</exception>
    public static IReadOnlyList<ShellCommand> Commands(string text, string source, ShellVariables variables, Action<string> note)
    {
        var commands = new List<ShellCommand>();
        new ShellScript(text, 1, source, variables, note, 0, commands).Run();
        return commands;
    }

    private int Condition => _conditions.TryPeek(out var line) ? line : 0;

    private void Run()
    {
        while (!_cursor.IsAtEnd) Next();
        End();
    }

    private void Next()
    {
        var next = _cursor.Peek();
        if (next == '\n')
        {
            _cursor.Take();
            EndLine();
        }
        else if (next == '\\' && (_cursor.Peek(1) == '\n' || _cursor.IsAt("\\\r\n")))
        {
            _cursor.Take(_cursor.Peek(1) == '\n' ? 2 : 3);
            _isContinued = _words.Count > 0;
        }
        else if (next == '\\' && BrokenEnd().Match(_cursor.Ahead(300)) is { Success: true } end)
        {
            _note($"{_source}:{_cursor.Line}: something stands behind the backslash; a shell ends the command there, here the lines after it are read too.");
            _cursor.Take(end.Length);
            _isContinued = _words.Count > 0;
        }
        else if (char.IsWhiteSpace(next)) _cursor.Take();
        else if (next == '#') Comment();
        else if (_cursor.IsAt("((") && _words.Count == 0)
        {
            _cursor.Take(2);
            _cursor.TakeBracketed('(', ')');
        }
        else if (Redirection().Match(_cursor.Ahead(16)) is { Success: true } found)
            Redirect(found.Value);
        else if (next is ';' or '&' or '|' or '(' or ')')
        {
            _cursor.Take();
            End();
        }
        else Word();
    }

    // A shell ends a command at a comment amid its continued lines; who wrote it meant to leave out that one line.
    private void Comment()
    {
        var line = _cursor.Line;
        _cursor.SkipLine();
        if (!_isContinued || !Argument().IsMatch(FollowingLine())) return;
        _note($"{_source}:{line}: a comment stands amid the lines of a command; a shell ends the command there, here the lines after it are read too.");
        _cursor.Take();
    }

    private string FollowingLine()
    {
        var rest = _cursor.Rest;
        var start = 0;
        while (start < rest.Length && (char.IsWhiteSpace(rest[start]) || rest[start] == '\\')) start++;
        return rest[start..Math.Min(rest.Length, start + 200)].ToString();
    }

    private void Redirect(string operation)
    {
        _cursor.Take(operation.Length);
        while (_cursor.Peek() is ' ' or '\t') _cursor.Take();
        var target = new ShellWords(_variables, Condition).Read(_cursor);
        if (operation.TrimStart('0', '1', '2') is "<<" or "<<-")
            _bodies.Add(target.Count > 0 ? target[0].Text : "");
    }

    private void Word()
    {
        if (_isAssigning && Assignment().Match(_cursor.Ahead(300)) is { Success: true } found)
        {
            Assign(found);
            return;
        }
        var reader = new ShellWords(_variables, Condition);
        var start = _cursor.At;
        var words = reader.Read(_cursor).ToArray();
        if (_cursor.At == start) _cursor.Take(); // nothing that a word can begin with
        if (_words.Count == 0 && words.Length == 1 && reader.IsBare && Reserved(words[0].Text)) return;
        _words.AddRange(words);
        _isContinued = false;
        _isAssigning = _isAssigning && (_words.Count == 0 || _words[0].Text is "export" or "declare" or "local" or "readonly" or "typeset" or "env");
        if (_words.Count > MostWords) throw new BadInputException($"{_source}:{_cursor.Line}: a command has more than {MostWords} words.");
    }

    private void Assign(Match found)
    {
        _cursor.Take(found.Length);
        var name = found.Groups[1].Value;
        var words = new ShellWords(_variables, Condition);
        ShellValue value;
        var isArray = _cursor.Peek() == '(';
        if (isArray)
        {
            _cursor.Take();
            value = words.ReadArray(_cursor);
        }
        else
        {
            var read = words.Read(_cursor, splits: false) is [var only, ..] ? only : new ShellWord("", 0);
            value = new ShellValue([new ShellText(read.Text, read.Doubt, read.IsOpen)]);
        }
        if (found.Groups[2].Success) return; // one item of an array
        if (found.Groups[3].Success && _variables.Find(name) is { } old)
        {
            value = value with
            {
                Items = old.Items is [var before] && value.Items is [var after] && !isArray ? [before.With(after)] : [.. old.Items, .. value.Items],
            };
        }
        _variables.Set(name, value, Condition);
    }

    /// <summary>Words that begin or end what may not happen; false for words that are none of the shell's.</summary>
    private bool Reserved(string word)
    {
        switch (word)
        {
            case "if" or "while" or "until" or "case" or "select":
                _conditions.Push(_cursor.Line);
                return true;
            case "for":
                _conditions.Push(_cursor.Line);
                Loop();
                return true;
            case "fi" or "done" or "esac":
                _conditions.TryPop(out _);
                return true;
            default:
                return word is "then" or "else" or "elif" or "do" or "{" or "}" or "!" or "time" or "function" or "exec" or "nohup";
        }
    }

    // for NAME in first second: the first stands for all.
    private void Loop()
    {
        var words = new List<ShellWord>();
        while (_cursor.Peek() is ' ' or '\t') _cursor.Take();
        while (!_cursor.IsAtEnd && _cursor.Peek() is not (';' or '\n' or '(' or '&' or '|' or ')'))
        {
            if (char.IsWhiteSpace(_cursor.Peek()) || _cursor.Peek() is '<' or '>') _cursor.Take();
            else words.AddRange(new ShellWords(_variables, Condition).Read(_cursor));
        }
        if (words is [var name, { Text: "in" }, var first, ..])
        {
            var doubt = words.Count > 3 ? $"${name.Text} goes through {words.Count - 2} values in line {name.Line}, of which this is the first" : first.Doubt;
            _variables.Set(name.Text, new ShellValue([new ShellText(first.Text, doubt, first.IsOpen)]), 0);
        }
    }

    private void EndLine()
    {
        var program = _words.Count > 0 ? _words[0].Text : "";
        End();
        foreach (var end in _bodies)
        {
            var (line, body) = (_cursor.Line, new List<string>());
            while (!_cursor.IsAtEnd)
            {
                var read = _cursor.TakeTo('\n').TrimEnd('\r');
                if (read.TrimStart('\t') == end) break;
                body.Add(read);
            }
            if (Shells().IsMatch(program)) Inner(string.Join('\n', body).Replace("\\$", "$", StringComparison.Ordinal), line);
        }
        _bodies.Clear();
    }

    private void End()
    {
        _isAssigning = true;
        _isContinued = false;
        if (_words.Count == 0) return;
        var command = new ShellCommand([.. _words], _words[0].Line);
        _words.Clear();
        if (_commands.Count >= MostCommands) throw new BadInputException($"{_source}: has more than {MostCommands} commands; give the script of one run.");
        if (command.Words[0].Text == "eval")
        {
            Inner(string.Join(' ', command.Words.Skip(1).Select(word => word.Text)), command.Line);
            return;
        }
        _commands.Add(command);
        if (command.Words[0].Text is "source" or "." && command.Words.Count > 1)
            _note($"{_source}:{command.Line}: what {Setting.OneLine(command.Words[1].Text, 80)} sets is not read; only the script itself is.");
        // sh -c "...", ssh host "..." and the like: a whole command in one word.
        for (var i = 1; i < command.Words.Count; i++)
        {
            var isCommand = i > 1 && command.Words[i - 1].Text is "-c" or "-lc" or "-xc" or "-ec" && Shells().IsMatch(command.Words[i - 2].Text);
            if (isCommand || Whole().IsMatch(command.Words[i].Text)) Inner(command.Words[i].Text, command.Words[i].Line);
        }
    }

    private void Inner(string text, int line)
    {
        if (_depth < MostDepth) new ShellScript(text, line, _source, _variables, _note, _depth + 1, _commands).Run();
    }

    [GeneratedRegex(@"^([A-Za-z_]\w{0,200})(\[[^\]\n]*\])?(\+)?=")]
    private static partial Regex Assignment();

    [GeneratedRegex(@"^(\d*(<<<|<<-|<<|>>|>\||<>|>&|<&|>|<(?![A-Za-z(]))|&>>?)")]
    private static partial Regex Redirection();

    /// <summary>A backslash that was to continue a line and has blanks or a comment behind it.</summary>
    [GeneratedRegex(@"^\\[ \t]+(#[^\n]*)?\r?\n")]
    private static partial Regex BrokenEnd();

    /// <summary>What a further line of a trainer's command begins with.</summary>
    [GeneratedRegex(@"^([+~]{0,2}[A-Za-z_]\w*(\.[\w@]+)+=|--?[A-Za-z]|""?\$)")]
    private static partial Regex Argument();

    [GeneratedRegex(@"^(\S*/)?(sbatch|srun|qsub|bsub|ba|z|da|k)?(sh|sbatch|srun|qsub|bsub)$")]
    private static partial Regex Shells();

    [GeneratedRegex(@"^\s*(cd \S+\s*(&&|;)\s*)?([A-Z_]\w*=\S*\s+)*(python3?|accelerate|torchrun|trl|deepspeed|ray)\s\S")]
    private static partial Regex Whole();
}
