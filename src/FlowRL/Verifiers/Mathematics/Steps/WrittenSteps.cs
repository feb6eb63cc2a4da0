using FlowRL.Verifiers.Mathematics.Reading;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Steps;

/// <summary>
/// The true steps of a text, in their order. Each is an expression whose operands are numbers or, as symbols, earlier steps: a number is the latest step before
/// that gave it, a name what it was last said to be. A step that is written again is the same step, where its operands would lead back to it.
/// </summary>
internal sealed class WrittenSteps
{
    private const int MostSides = 1500; // that are read
    private const int MostBits = 512; // of a value
    private const int TooLarge = 1 << 20; // of an expression's size

    private readonly List<StepTerm> _steps = [];
    private readonly Dictionary<Rational, int> _latest = [];
    private readonly Dictionary<Rational, int> _percentages = []; // by n of n%
    private readonly Dictionary<string, int> _first = []; // by what is written
    private readonly Dictionary<string, AnswerToken> _names = [];
    private readonly Dictionary<string, Rational> _values = []; // by symbol
    private readonly Valuation _valuation;
    private int _sides;

    public WrittenSteps() => _valuation = new Valuation(_values);

    public bool IsName(string name) => _names.ContainsKey(name);

    /// <summary>
    /// Takes in a chain of equations. Of sides in a row that have one value the first calculation is the step; what differs from its neighbours is not used. A
    /// name with a calculation and nothing else says what the name is.
    /// </summary>
    public void Add(IReadOnlyList<StepSide> sides)
    {
        if (sides.Count < 2 || (_sides += sides.Count) > MostSides) return;
        var terms = sides.Select(side => side.Tokens is null ? null : Read(side.Tokens)).ToList();
        var names = sides.Select(side => side.Name).OfType<string>().ToList();
        AnswerToken? meaning = null;
        for (var start = 0; start < terms.Count; start++)
        {
            if (terms[start] is not { } first) continue;
            List<StepTerm> run = [first];
            while (start + 1 < terms.Count && terms[start + 1] is { } next && next.Agrees(run[^1]))
            {
                run.Add(next);
                start++;
            }
            if (run.Count > 1 || (names.Count > 0 && terms.Count(term => term is not null) == 1)) meaning = Add(run) ?? meaning;
        }
        foreach (var name in names)
        {
            if (meaning is { } known) _names[name] = known;
            else _names.Remove(name);
        }
    }

    /// <summary>Reads one side; null where it is no calculation with an exact value.</summary>
    public StepTerm? Read(IReadOnlyList<AnswerToken> tokens)
    {
        var side = new StepOperands(tokens, value => _latest.TryGetValue(value, out var step) ? step : null,
            name => _names.TryGetValue(name, out var meaning) ? meaning : null);
        if (!side.Read()) return null;
        try
        {
            var reader = new TokenReader(side.Tokens);
            var expression = new ExpressionParser(reader).Sum();
            if (!reader.IsAtEnd || _valuation.Exact(expression) is not { } value) return null;
            if (value.Numerator.GetBitLength() > MostBits || value.Denominator.GetBitLength() > MostBits) return null;
            var size = Math.Min(TooLarge, side.Numbers + side.Uses.Sum(step => (long)_steps[step].Size));
            return new StepTerm(side.Kind, expression, value, side.Uses, (int)size, side.Written)
            {
                Percent = side.IsPercent ? Rational.Multiply(value, (Rational)100) : null,
            };
        }
        catch (UnreadableAnswerException)
        {
            return null;
        }
    }

    /// <summary>The latest step with that result, or else with so many percent; null where there is none.</summary>
    public StepTerm? Latest(Rational value) => _latest.TryGetValue(value, out var step) || _percentages.TryGetValue(value, out step) ? _steps[step] : null;

    /// <summary>The expression with every step put in the place of its symbol; the work grows with its size.</summary>
    public Expression Substituted(Expression expression) => expression.Replaced(part =>
        part is Expression.Symbol symbol && StepOperands.StepOf(symbol.Name) is { } step ? Substituted(_steps[step].Expression) : null);

    /// <summary>Adds the step that sides of one value are, if they are one; returns what a name for them stands for.</summary>
    private AnswerToken? Add(List<StepTerm> run)
    {
        var isCalculated = run.Exists(side => side.Kind == TermKind.Number); // 3/4 = 0.75, and not 3/4 that is just stated
        var term = run.Find(side => side.Kind == TermKind.Calculation)
            ?? run.Find(side => side.Kind == TermKind.Fraction && (isCalculated || side.Uses.Count > 0));
        if (term is null) return run[0].Uses is [var used] ? Symbol(used) : Number(run[0]);
        var isAgain = _first.TryGetValue(term.Written, out var step) && _steps[step].Value == term.Value && LeadTo(term.Uses, term.Written);
        if (!isAgain)
        {
            step = _steps.Count;
            _steps.Add(term);
            _values[StepOperands.NameOf(step)] = term.Value;
            _first.TryAdd(term.Written, step);
        }
        _latest[term.Value] = step;
        foreach (var percent in run.Select(side => side.Percent).OfType<Rational>()) _percentages[percent] = step;
        return Symbol(step);
    }

    private static AnswerToken Symbol(int step) => new(TokenKind.Name, StepOperands.NameOf(step));

    private static AnswerToken? Number(StepTerm term) =>
        term is { Expression: Expression.Number { Value: { IsInteger: true, Sign: >= 0 } value } } ? new(TokenKind.Number, $"{value}") : null;

    private bool LeadTo(IEnumerable<int> steps, string written)
    {
        var seen = new HashSet<int>();
        var open = new Stack<int>(steps);
        while (open.TryPop(out var step))
        {
            if (_steps[step].Written == written) return true;
            if (!seen.Add(step)) continue;
            foreach (var earlier in _steps[step].Uses) open.Push(earlier);
        }
        return false;
    }
}
