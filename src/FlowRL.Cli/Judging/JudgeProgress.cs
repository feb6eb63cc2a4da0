using System.Globalization;
using FlowRL.Lab.Judging;

namespace FlowRL.Cli.Judging;

/// <summary>Says what a judge will be asked at most, and every few seconds how far it is.</summary>
internal sealed class JudgeProgress
{
    private readonly CliHost _host;
    private readonly ChatJudge _judge;
    private readonly int _problems;
    private readonly Lock _saying = new();
    private long _last;

    public JudgeProgress(CliHost host, ChatJudge judge, IReadOnlyList<JudgedProblem> problems, JudgeAsked asked)
    {
        (_host, _judge, _problems, _last) = (host, judge, problems.Count, host.Clock.GetTimestamp());
        var (pairs, ratings) = JudgeRun.Most(problems, asked);
        var answers = problems.Sum(problem => problem.Responses.Count);
        Say($"{_problems:N0} problems with {answers:N0} right answers: at most {pairs:N0} pairs and {ratings:N0} ratings");
    }

    /// <param name="done">Problems that are judged.</param>
    public void Done(int done)
    {
        lock (_saying)
        {
            var now = _host.Clock.GetTimestamp();
            if (_host.Clock.GetElapsedTime(_last, now) < PlainProgress.Interval) return;
            _last = now;
        }
        Say($"{done:N0} of {_problems:N0} problems, {_judge.Calls:N0} calls, {_judge.Cached:N0} answers known before");
    }

    private void Say(FormattableString text) => _host.Say(text.ToString(CultureInfo.InvariantCulture));
}
