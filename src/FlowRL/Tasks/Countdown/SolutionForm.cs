using System.Text;
using static FlowRL.Tasks.Countdown.CountdownExpression;

namespace FlowRL.Tasks.Countdown;

/// <summary>
/// The identity of a solution. Two expressions have the same form exactly if one becomes the other by commuting and re-associating:
/// a maximal run of + and − is a multiset of signed terms (8−(3−2) and 2+8−3 are both {+2, +8, −3}), a maximal run of × and ÷ is a
/// multiset of factors, each inverted or not (a×b÷c and a÷(c÷b) are both {a, b, 1/c}). Nothing else is identified: distributing
/// (x(y+z)), moving a sign through a product ((a−b)(c−d) and (b−a)(d−c)), and x×1 for x÷1 give other forms.
/// </summary>
/// <remarks>The form is written as an expression: plain parts, then subtracted or inverted ones, each sorted by length, then
/// ordinally.</remarks>
internal static class SolutionForm
{
    public static string Of(CountdownExpression expression)
    {
        if (expression is not Operation operation) return expression.ToString();
        var isSum = operation.IsSum;
        List<string> plain = [], inverse = [];
        Flatten(operation, isSum, isInverse: false, plain, inverse);
        plain.Sort(Compare);
        inverse.Sort(Compare);
        var text = new StringBuilder().AppendJoin(isSum ? '+' : '*', plain);
        foreach (var part in inverse) text.Append(isSum ? '-' : '/').Append(part);
        return text.ToString();
    }

    private static void Flatten(CountdownExpression expression, bool isSum, bool isInverse, List<string> plain, List<string> inverse)
    {
        if (expression is Operation operation && operation.IsSum == isSum)
        {
            Flatten(operation.Left, isSum, isInverse, plain, inverse);
            Flatten(operation.Right, isSum, isInverse ^ (operation.Symbol is '-' or '/'), plain, inverse);
            return;
        }
        var form = Of(expression);
        (isInverse ? inverse : plain).Add(expression is Operation && !isSum ? $"({form})" : form);
    }

    private static int Compare(string a, string b) => a.Length != b.Length ? a.Length.CompareTo(b.Length) : string.CompareOrdinal(a, b);
}
