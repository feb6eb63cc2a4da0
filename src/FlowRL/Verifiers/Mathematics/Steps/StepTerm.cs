using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Steps;

/// <summary>A side of an equation that has been read, or a step as an operand of others.</summary>
/// <param name="Kind">What it is as written.</param>
/// <param name="Expression">Numbers and symbols of steps.</param>
/// <param name="Value">Exactly.</param>
/// <param name="Uses">The steps among its operands, once for each place.</param>
/// <param name="Size">Numbers in it once every step is put in place.</param>
/// <param name="Written">The text that it was read from, in one notation.</param>
internal sealed record StepTerm(TermKind Kind, Expression Expression, Rational Value, IReadOnlyList<int> Uses, int Size, string Written)
{
    /// <summary>n of n%, which may be meant as well; null for others.</summary>
    public Rational? Percent { get; init; }

    public bool Agrees(StepTerm other) => Value == other.Value || Percent == other.Value || Value == other.Percent;
}

/// <summary>What a side of an equation is.</summary>
internal enum TermKind
{
    /// <summary>A number, an earlier step's result, or a name.</summary>
    Number,

    /// <summary>A quotient in lowest terms, which may be a number or a calculation.</summary>
    Fraction,

    Calculation,
}
