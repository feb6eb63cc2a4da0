using FlowRL.Verifiers.Planning;

namespace FlowRL.Tasks.Planning;

/// <summary>Breadth-first search for shortest plans of small problems: a state is a bit for each of at most 128 facts. Thread-safe.</summary>
internal sealed class PlanSearch
{
    private const int MostFacts = 128;
    private const int MostSteps = 1 << 12;
    private const int MostStates = 1 << 20;
    private readonly Dictionary<Fact, int> _facts = [];
    private readonly List<GroundStep> _steps = [];
    private readonly UInt128 _start, _reached, _avoided;
    private readonly bool _isSmall;

    private readonly record struct GroundStep(PlanStep Step, UInt128 Needs, UInt128 Forbids, UInt128 Removes, UInt128 Adds);

    public PlanSearch(PlanningProblem problem)
    {
        foreach (var fact in problem.Initial) Index(fact);
        var choices = problem.Domain.Actions.Values.SelectMany(action => Choices(problem, action, 0), (action, choice) => (action, choice));
        foreach (var (action, arguments) in choices)
        {
            if (_facts.Count > MostFacts || _steps.Count == MostSteps) return;
            UInt128 Mask(IEnumerable<Literal> literals, bool isPositive) => literals.Where(literal => literal.IsPositive == isPositive)
                .Aggregate(UInt128.Zero, (mask, literal) => mask | Bit(literal.Fact.With(action.Bind(arguments))));
            _steps.Add(new GroundStep(new PlanStep(action.Name, arguments), Mask(action.Precondition, true), Mask(action.Precondition, false),
                Mask(action.Effect, false), Mask(action.Effect, true)));
        }
        _start = problem.Initial.Aggregate(UInt128.Zero, (mask, fact) => mask | Bit(fact));
        _reached = problem.Goal.Where(literal => literal.IsPositive).Aggregate(UInt128.Zero, (mask, literal) => mask | Bit(literal.Fact));
        _avoided = problem.Goal.Where(literal => !literal.IsPositive).Aggregate(UInt128.Zero, (mask, literal) => mask | Bit(literal.Fact));
        _isSmall = _facts.Count <= MostFacts;
    }

    /// <summary>A shortest plan, one of them chosen by <paramref name="seed"/>; null where there is none, or the problem is too large.</summary>
    public IReadOnlyList<PlanStep>? Shortest(ulong seed)
    {
        if (!_isSmall) return null;
        var order = Seeds.Permutation(seed, _steps.Count);
        var reached = new Dictionary<UInt128, (UInt128 Before, int Step)> { [_start] = (_start, -1) };
        var waiting = new Queue<UInt128>([_start]);
        while (waiting.TryDequeue(out var state) && reached.Count < MostStates)
        {
            if ((state & _reached) == _reached && (state & _avoided) == 0) return Trace(reached, state);
            foreach (var index in order)
            {
                var step = _steps[index];
                if ((state & step.Needs) != step.Needs || (state & step.Forbids) != 0) continue;
                var next = (state & ~step.Removes) | step.Adds;
                if (reached.TryAdd(next, (state, index))) waiting.Enqueue(next);
            }
        }
        return null;
    }

    private List<PlanStep> Trace(Dictionary<UInt128, (UInt128 Before, int Step)> reached, UInt128 state)
    {
        var plan = new List<PlanStep>();
        for (var (before, step) = reached[state]; step >= 0; (before, step) = reached[before]) plan.Add(_steps[step].Step);
        plan.Reverse();
        return plan;
    }

    private UInt128 Bit(Fact fact) => UInt128.One << Index(fact);

    private int Index(Fact fact)
    {
        if (!_facts.TryGetValue(fact, out var index)) _facts[fact] = index = _facts.Count;
        return index;
    }

    private static IEnumerable<string[]> Choices(PlanningProblem problem, PlanAction action, int parameter) => parameter == action.Parameters.Count
        ? [[]]
        : problem.Objects.Where(thing => problem.Domain.IsKindOf(thing.Value, action.Parameters[parameter].Type))
            .SelectMany(_ => Choices(problem, action, parameter + 1), (thing, rest) => (string[])[thing.Key, .. rest]);
}
