using System.Globalization;

namespace FlowRL.Tasks.Countdown;

/// <summary>An arithmetic expression as a binary tree. Its text has only the parentheses that keep the tree, so reading it back gives
/// an equal tree.</summary>
internal abstract record CountdownExpression
{
    private CountdownExpression() { }

    /// <summary>A given number.</summary>
    public sealed record Number(int Value) : CountdownExpression
    {
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Two operands and one of <c>+ - * /</c>.</summary>
    public sealed record Operation(char Symbol, CountdownExpression Left, CountdownExpression Right) : CountdownExpression
    {
        public bool IsSum => Symbol is '+' or '-';

        public override string ToString() => $"{Operand(Left, isRight: false)}{Symbol}{Operand(Right, isRight: true)}";

        // The grammar associates to the left, so only a right operand of equal precedence needs parentheses.
        private string Operand(CountdownExpression operand, bool isRight)
        {
            var binds = operand is not Operation inner || (IsSum && !inner.IsSum) || (IsSum == inner.IsSum && !isRight);
            return binds ? operand.ToString() : $"({operand})";
        }
    }

    /// <summary>The given numbers, left to right.</summary>
    public IEnumerable<int> Numbers() => this switch
    {
        Number number => [number.Value],
        Operation operation => operation.Left.Numbers().Concat(operation.Right.Numbers()),
        _ => throw new NotSupportedException(),
    };

    /// <summary>The exact value; null where something is divided by zero or an intermediate value exceeds 64 bits.</summary>
    public Rational64? Evaluate()
    {
        if (this is Number number) return new Rational64(number.Value);
        var operation = (Operation)this;
        return operation.Left.Evaluate() is { } left && operation.Right.Evaluate() is { } right
            ? Rational64.Apply(operation.Symbol, left, right)
            : null;
    }
}

/// <summary>One claim of a chain, such as <c>8/2=4</c>.</summary>
internal readonly record struct Step(char Symbol, Rational64 Left, Rational64 Right, Rational64 Result)
{
    public bool IsTrue => Rational64.Apply(Symbol, Left, Right) == Result;

    public override string ToString() => $"{Left.Notation}{Symbol}{Right.Notation}={Result.Notation}";
}
