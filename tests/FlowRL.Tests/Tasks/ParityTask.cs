using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using FlowRL.Configuration;
using FlowRL.Tasks;

namespace FlowRL.Tests.Tasks;

/// <summary>Is a number odd or even?</summary>
[Variant("parity")]
public sealed record ParityOptions : TaskOptions
{
    [Description("Numbers below this are asked for.")]
    [Range(10, 1_000_000)]
    public int Limit { get; init; } = 1000;

    public override ITask Create() => new ParityTask(Limit);
}

public sealed class ParityTask(int limit) : ITask
{
    public string Name => "parity";

    // Every tenth number is for validation, every tenth for the test.
    public IReadOnlyList<Problem> Problems(Split split) =>
    [
        .. from number in Enumerable.Range(0, limit)
           where (number % 10) switch { 3 => Split.Validation, 8 => Split.Test, _ => Split.Train } == split
           select new Problem($"{number}", $"{number} is ", number % 2 == 0 ? "even" : "odd"),
    ];

    public ValueTask<Verdict> VerifyAsync(Problem problem, string response, CancellationToken cancellation)
    {
        var answer = response.Trim() is "even" or "odd" ? response.Trim() : null;
        var isCorrect = answer == problem.Reference;
        return ValueTask.FromResult(new Verdict(new Reward.Score(isCorrect ? 1 : 0), answer, isCorrect ? answer : null));
    }

    public int? CountSolutions(Problem problem) => 1;
}
