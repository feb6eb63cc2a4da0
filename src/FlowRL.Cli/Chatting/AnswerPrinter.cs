using System.Globalization;
using System.Text;
using FlowRL.Runs;

namespace FlowRL.Cli.Chatting;

/// <summary>Writes answers one after another while all of them are sampled: one is streamed, and those behind it wait for their turn.</summary>
/// <param name="output">Where they go.</param>
/// <param name="answers">How many; more than one are numbered.</param>
internal sealed class AnswerPrinter(TextWriter output, int answers) : IAnswerObserver
{
    private readonly StringBuilder[] _waiting = [.. Enumerable.Range(0, answers).Select(_ => new StringBuilder())];
    private readonly bool[] _hasEnded = new bool[answers];
    private int _shown = -1;

    public void OnText(int answer, string text)
    {
        _waiting[answer].Append(text);
        Advance();
    }

    public void OnEnd(int answer)
    {
        _hasEnded[answer] = true;
        Advance();
    }

    private void Advance()
    {
        while (_shown < answers)
        {
            if (_shown < 0) Show(0);
            output.Write(_waiting[_shown].ToString());
            _waiting[_shown].Clear();
            if (!_hasEnded[_shown]) break;
            output.WriteLine();
            Show(_shown + 1);
        }
        output.Flush();
    }

    private void Show(int answer)
    {
        _shown = answer;
        if (answers > 1 && answer < answers) output.Write(string.Create(CultureInfo.InvariantCulture, $"[{answer + 1}] "));
    }
}
