using FlowRL.Tasks;
using FlowRL.Tasks.Planning;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Tasks.Planning;

public sealed class PlanningFilesTests : IDisposable
{
    private const string Domain = "(define (domain walk) (:predicates (at ?p) (way ?a ?b))\n" +
        "(:action go :parameters (?a ?b) :precondition (and (at ?a) (way ?a ?b)) :effect (and (at ?b) (not (at ?a)))))";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Benchmarks' files often hold problems of one name.</summary>
    [Fact]
    public async Task Each_problem_is_checked_against_its_own_file()
    {
        var task = new PlanningTask(Options(["a", "b"], ["c"]));

        Assert.Equal(["a", "b"], task.Problems(Split.Train).Select(problem => Path.GetFileNameWithoutExtension(problem.Id)));
        foreach (var (problem, goal) in task.Problems(Split.Train).Concat(task.Problems(Split.Test)).Zip(["a", "b", "c"]))
        {
            foreach (var place in new[] { "a", "b", "c" })
            {
                var verdict = await task.VerifyAsync(problem, $"(go home {place})", TestContext.Current.CancellationToken);
                Assert.Equal(place == goal ? 1 : 0, Assert.IsType<Reward.Score>(verdict.Reward).Value);
            }
            Assert.Equal($"(go home {goal})", task.Demonstrate(problem, 1));
        }
    }

    [Fact]
    public void A_large_problem_is_not_searched_for_ever()
    {
        var options = Options(["a"], [], places: string.Join(' ', Enumerable.Range(0, 2000).Select(place => $"p{place}")));
        var task = new PlanningTask(options);

        var failure = Assert.Throws<BadInputException>(() => task.Demonstrate(task.Problems(Split.Train)[0], 1));

        Assert.Equal($"Problem '{_folder.In("a.pddl")}': no plan was found to demonstrate.", failure.Message);
    }

    [Fact]
    public void A_file_cannot_be_named_twice() => Assert.Equal(
        $"{_folder.In("a.pddl")}: the recipe names this file twice; leave one out.",
        Assert.Throws<BadInputException>(() => new PlanningTask(Options(["a"], ["a"]))).Message);

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var options = Options(["a"], []) with { Train = ["nowhere.pddl"] };

        Assert.StartsWith("nowhere.pddl: there is no such PDDL file; give a path from ",
            Assert.Throws<BadInputException>(() => new PlanningTask(options)).Message, StringComparison.Ordinal);
    }

    private PlanningOptions Options(string[] train, string[] test, string places = "a b c")
    {
        string File(string name, string text)
        {
            var path = _folder.In($"{name}.pddl");
            System.IO.File.WriteAllText(path, text);
            return path;
        }
        string Problem(string goal) => File(goal, $"(define (problem same) (:domain walk) (:objects home {places})\n" +
            $"(:init (at home) {string.Join(' ', places.Split(' ').Select(place => $"(way home {place})"))})\n(:goal (at {(places.Contains(goal) ? goal : "home")})))");
        return new PlanningOptions
        {
            Kind = PlanningKind.Files,
            Domain = File("domain", Domain),
            Train = [.. train.Select(Problem)],
            Test = [.. test.Select(Problem)],
        };
    }
}
