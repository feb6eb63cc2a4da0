using FlowRL.Tokenization.Templates.Jinja.Library;
using FlowRL.Tokenization.Templates.Jinja.Syntax;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja;

/// <summary>Carries out a template's statements, once.</summary>
internal sealed class Interpreter
{
    private readonly Evaluator _evaluator;
    private readonly TracedBuilder _output;
    private readonly List<(int Start, int End)> _generated = [];

    public Interpreter(Budget budget)
    {
        (Budget, _output) = (budget, new TracedBuilder(budget));
        _evaluator = new Evaluator(this);
    }

    /// <summary>How a body ended.</summary>
    private enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public Budget Budget { get; }

    /// <summary>Where it stands, for errors.</summary>
    public Position At { get; set; } = new(1, 1);

    public RenderedText Render(IReadOnlyList<Statement> template, Scope variables)
    {
        Run(template, new Scope(variables), _output);
        return new RenderedText(_output.ToText(), _generated);
    }

    public Value ApplyFilter(string name, Value value, Arguments arguments, string ending) =>
        (Filters.All.Find(name) ?? throw new JinjaException(JinjaErrorKind.Runtime, $"No filter named '{name}'{ending}.")).Invoke(this, value, arguments);

    public bool ApplyTest(string name, Value value, Arguments arguments, string ending) =>
        (TestFunctions.All.Find(name) ?? throw new JinjaException(JinjaErrorKind.Runtime, $"No test named '{name}'{ending}."))
            .Invoke(this, value, arguments).IsTrue;

    public Value Call(Value callee, Arguments arguments)
    {
        Budget.Enter();
        var result = callee switch
        {
            FunctionValue function => function.Invoke(arguments),
            MacroValue macro => Captured(to => Run(macro.Definition.Body, MacroArguments.Bind(macro, arguments, this), to)),
            LoopValue { Recurse: { } recurse } when arguments.Positional is [var items] => recurse(items),
            LoopValue => throw JinjaException.Type("The loop must have the 'recursive' marker to be called recursively."),
            UndefinedValue undefined => throw undefined.Used(),
            _ => throw JinjaException.Type($"'{callee.TypeName}' object is not callable"),
        };
        Budget.Leave();
        return result;
    }

    public Value Evaluate(Expression expression, Scope scope) => _evaluator.Evaluate(expression, scope);

    private Value Captured(Action<TracedBuilder> write)
    {
        var text = new TracedBuilder(Budget);
        write(text);
        return Value.Of(text.ToText());
    }

    private Flow Run(IReadOnlyList<Statement> body, Scope scope, TracedBuilder to)
    {
        foreach (var statement in body)
        {
            Budget.Spend();
            At = statement.At;
            if (Run(statement, scope, to) is var flow and not Flow.Next) return flow;
        }
        return Flow.Next;
    }

    private Flow Run(Statement statement, Scope scope, TracedBuilder to)
    {
        switch (statement)
        {
            case Literal literal:
                to.Append(literal.Text);
                break;
            case Print print:
                to.Append(Representation.Of(Evaluate(print.Value, scope), Budget));
                break;
            case If branches:
                return Run(branches, scope, to);
            case For loop:
                return Run(loop, scope, to);
            case Set set:
                Assign(set.Target, Evaluate(set.Value, scope), scope);
                break;
            case SetBlock set:
                var written = Captured(text => Run(set.Body, new Scope(scope), text));
                Assign(set.Target, set.Filter is null ? written : Evaluate(set.Filter, new Scope(scope).Set(Scope.Captured, written)), scope);
                break;
            case FilterBlock filter:
                var inside = Captured(text => Run(filter.Body, new Scope(scope), text));
                to.Append(Representation.Of(Evaluate(filter.Filter, new Scope(scope).Set(Scope.Captured, inside)), Budget));
                break;
            case With with:
                var inner = new Scope(scope);
                foreach (var (target, value) in with.Names) Assign(target, Evaluate(value, scope), inner);
                return Run(with.Body, inner, to);
            case Block block:
                return Run(block.Body, new Scope(scope), to);
            case Generation generation:
                var start = to.Length;
                Run(generation.Body, new Scope(scope), to);
                if (ReferenceEquals(to, _output)) _generated.Add((start, to.Length));
                break;
            case Macro macro:
                scope.Set(macro.Definition.Name, new MacroValue(macro.Definition, scope));
                break;
            case CallBlock call:
                to.Append(Representation.Of(_evaluator.Call(call.Call, scope, new MacroValue(call.Caller, scope)), Budget));
                break;
            case Break:
                return Flow.Break;
            case Continue:
                return Flow.Continue;
            default:
                throw new ArgumentException($"There is no way to run {statement}.", nameof(statement));
        }
        return Flow.Next;
    }

    private Flow Run(If statement, Scope scope, TracedBuilder to)
    {
        foreach (var (test, body) in statement.Branches)
        {
            if (Evaluate(test, scope).IsTrue) return Run(body, scope, to);
        }
        return Run(statement.Else, scope, to);
    }

    private Flow Run(For statement, Scope scope, TracedBuilder to)
    {
        if (!statement.IsRecursive) return Run(statement, Evaluate(statement.Items, scope), 0, null, scope, to);
        to.Append(Representation.Of(Recurse(Evaluate(statement.Items, scope), 0), Budget));
        return Flow.Next;

        Value Recurse(Value items, int depth) => Captured(text => Run(statement, items, depth, deeper => Recurse(deeper, depth + 1), scope, text));
    }

    private Flow Run(For statement, Value iterable, int depth, Func<Value, Value>? recurse, Scope scope, TracedBuilder to)
    {
        var items = Iteration.Of(iterable, Budget);
        if (statement.Test is { } test)
        {
            items = items.Where(item =>
            {
                var tested = new Scope(scope);
                Assign(statement.Target, item, tested);
                return Evaluate(test, tested).IsTrue;
            });
        }
        var loop = new LoopValue(items, statement.Test is null ? Iteration.Count(iterable) : null, depth, Budget) { Recurse = recurse };
        var isEmpty = true;
        while (loop.MoveNext(out var item))
        {
            var round = new Scope(scope).Set("loop", loop);
            Assign(statement.Target, item, round);
            var flow = Run(statement.Body, round, to);
            if (flow == Flow.Break) break;
            // A round that was cut short does not count: the else is for loops of which none reached its end.
            if (flow == Flow.Next) isEmpty = false;
        }
        return isEmpty ? Run(statement.Else, new Scope(scope), to) : Flow.Next;
    }

    private void Assign(Expression target, Value value, Scope scope)
    {
        switch (target)
        {
            case Name name:
                scope.Set(name.Text, value);
                break;
            case NamespaceReference reference:
                At = reference.At;
                if (scope.Find(reference.Space) is not NamespaceValue space)
                    throw new JinjaException(JinjaErrorKind.Runtime, "cannot assign attribute on non-namespace object");
                space.Set(reference.Field, value);
                break;
            case TupleDisplay tuple:
                AssignAll(tuple.Items, value, scope);
                break;
        }
    }

    private void AssignAll(IReadOnlyList<Expression> targets, Value value, Scope scope)
    {
        if (!Iteration.IsIterable(value)) throw JinjaException.Type($"cannot unpack non-iterable {value.TypeName} object");
        var items = Iteration.ToList(value, Budget);
        if (items.Count > targets.Count) throw JinjaException.Value($"too many values to unpack (expected {targets.Count})");
        if (items.Count < targets.Count) throw JinjaException.Value($"not enough values to unpack (expected {targets.Count}, got {items.Count})");
        for (var i = 0; i < items.Count; i++)
            Assign(targets[i], items[i], scope);
    }
}
