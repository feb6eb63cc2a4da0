using FlowRL.Tokenization.Templates.Jinja.Library;
using FlowRL.Tokenization.Templates.Jinja.Syntax;
using FlowRL.Tokenization.Templates.Jinja.Values;

namespace FlowRL.Tokenization.Templates.Jinja;

/// <summary>Computes a template's expressions.</summary>
internal sealed class Evaluator(Interpreter interpreter)
{
    private Budget Budget => interpreter.Budget;

    public Value Evaluate(Expression expression, Scope scope)
    {
        Budget.Guard();
        return expression switch
        {
            Const constant => constant.Value,
            Name name => scope.Find(name.Text) ?? new UndefinedValue($"'{name.Text}' is undefined"),
            AttributeOf attribute => At(attribute, Evaluate(attribute.Of, scope), of => Access.Attribute(of, attribute.Name, interpreter)),
            ItemOf item => Item(item, scope),
            Slice slice => new SliceValue(Bound(slice.Start, scope), Bound(slice.Stop, scope), Bound(slice.Step, scope)),
            Concat concat => Joined(concat, scope),
            Binary binary => Applied(binary, scope),
            Sign sign => At(sign, Evaluate(sign.Operand, scope), operand => Arithmetic.Negated(operand, sign.Text)),
            Compare comparison => Value.Of(Holds(comparison, scope)),
            Logical logical => Evaluate(logical.Left, scope) is var left && left.IsTrue == logical.IsAnd ? Evaluate(logical.Right, scope) : left,
            Not not => Value.Of(!Evaluate(not.Operand, scope).IsTrue),
            Conditional conditional => Chosen(conditional, scope),
            Call call => Call(call, scope),
            Filter filter => Filtered(filter, scope),
            Test test => Value.Of(Tested(test, scope)),
            ListDisplay list => new ListValue(All(list.Items, scope)),
            TupleDisplay tuple => new TupleValue(All(tuple.Items, scope)),
            DictDisplay dictionary => Dictionary(dictionary, scope),
            _ => throw new ArgumentException($"There is no way to compute {expression}.", nameof(expression)),
        };
    }

    /// <param name="call">A call.</param>
    /// <param name="scope">Where it stands.</param>
    /// <param name="caller">What a call block hands over besides.</param>
    public Value Call(Call call, Scope scope, MacroValue? caller = null)
    {
        var callee = Evaluate(call.Callee, scope);
        var arguments = Arguments(call.Arguments, scope);
        if (caller is not null) arguments = arguments with { Named = [.. arguments.Named, ("caller", caller)] };
        interpreter.At = call.At;
        return interpreter.Call(callee, arguments);
    }

    /// <summary>Does something at an expression's own place, behind its operands'.</summary>
    private Value At(Expression expression, Value operand, Func<Value, Value> apply)
    {
        interpreter.At = expression.At;
        return apply(operand);
    }

    private Value Item(ItemOf item, Scope scope)
    {
        var (of, key) = (Evaluate(item.Of, scope), Evaluate(item.Index, scope));
        return At(item, of, value => Access.Item(value, key, interpreter));
    }

    private Value Applied(Binary binary, Scope scope)
    {
        var (left, right) = (Evaluate(binary.Left, scope), Evaluate(binary.Right, scope));
        return At(binary, left, value => Arithmetic.Apply(binary.Sign, value, right, Budget));
    }

    private Value Joined(Concat concat, Scope scope)
    {
        var builder = new TracedBuilder(Budget);
        foreach (var part in concat.Parts)
            builder.Append(Representation.Of(Evaluate(part, scope), Budget));
        return Value.Of(builder.ToText());
    }

    private bool Holds(Compare comparison, Scope scope)
    {
        var left = Evaluate(comparison.First, scope);
        foreach (var (sign, operand) in comparison.Rest)
        {
            var right = Evaluate(operand, scope);
            interpreter.At = comparison.At;
            if (!Comparison.Holds(sign, left, right, Budget)) return false;
            left = right;
        }
        return true;
    }

    private Value Chosen(Conditional conditional, Scope scope)
    {
        if (Evaluate(conditional.Test, scope).IsTrue) return Evaluate(conditional.Then, scope);
        return conditional.Else is { } otherwise ? Evaluate(otherwise, scope) : new UndefinedValue(
            $"the inline if-expression on line {conditional.At.Line} evaluated to false and no else section was defined.");
    }

    private Value Filtered(Filter filter, Scope scope)
    {
        var (operand, arguments) = (Evaluate(filter.Operand, scope), Arguments(filter.Arguments, scope));
        return At(filter, operand, value => interpreter.ApplyFilter(filter.Name, value, arguments, " found"));
    }

    private bool Tested(Test test, Scope scope)
    {
        var (operand, arguments) = (Evaluate(test.Operand, scope), Arguments(test.Arguments, scope));
        interpreter.At = test.At;
        return interpreter.ApplyTest(test.Name, operand, arguments, " found");
    }

    private DictionaryValue Dictionary(DictDisplay dictionary, Scope scope)
    {
        var entries = dictionary.Entries.Select(entry => (Evaluate(entry.Key, scope), Evaluate(entry.Value, scope))).ToList();
        interpreter.At = dictionary.At;
        return DictionaryValue.From(entries, Budget);
    }

    private List<Value> All(IReadOnlyList<Expression> items, Scope scope) => [.. items.Select(item => Evaluate(item, scope))];

    private Value? Bound(Expression? bound, Scope scope) => bound is null ? null : Evaluate(bound, scope);

    private Arguments Arguments(CallArguments written, Scope scope)
    {
        if (ReferenceEquals(written, CallArguments.None)) return Values.Arguments.None;
        var positional = All(written.Positional, scope);
        var named = written.Named.Select(argument => (argument.Name, Evaluate(argument.Value, scope))).ToList();
        if (written.Star is { } star) positional.AddRange(Iteration.ToList(Evaluate(star, scope), Budget));
        if (written.DoubleStar is not { } doubleStar) return new Arguments(positional, named);
        if (Evaluate(doubleStar, scope) is not DictionaryValue dictionary) throw JinjaException.Type("argument after ** must be a mapping");
        named.AddRange(dictionary.Entries.Select(entry => entry.Key is StringValue name ? (name.Plain, entry.Value)
            : throw JinjaException.Type("keywords must be strings")));
        return new Arguments(positional, named);
    }
}
