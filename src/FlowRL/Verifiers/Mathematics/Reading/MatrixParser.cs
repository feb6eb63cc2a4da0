using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Reads matrices in every usual layout, also transposed or with a factor before them, systems of equations, and values by cases.</summary>
internal sealed class MatrixParser(TokenReader tokens, int nesting)
{
    private const int MostCells = 400;

    /// <summary>What stands in an environment, perhaps in brackets and with a minus sign; null where none begins here.</summary>
    public Answer? Read()
    {
        var start = tokens.At;
        var minus = tokens.TakeSign("-");
        var open = tokens.Peek() is { Kind: TokenKind.Open, Text: "(" or "[" or "|" or "«" or "{" } bracket && tokens.Peek(1).Kind == TokenKind.BeginMatrix
            ? bracket.Text : null;
        if (open is not null) tokens.Take();
        if (tokens.Peek().Kind != TokenKind.BeginMatrix)
        {
            tokens.At = start;
            return null;
        }
        var environment = tokens.Peek().Text;
        if (open == "|" || environment is "vmatrix" or "Vmatrix") throw TokenReader.Unreadable("a determinant is not computed");
        var rows = Rows();
        if (open is not null && tokens.Peek().Kind == TokenKind.Close) tokens.Take();
        var isTable = open == "«" || environment is "cases" or "dcases" or "rcases" or "aligned" or "align" or "gathered" or "split";
        Answer answer = isTable ? Table(rows, environment) : new Answer.Matrix([.. rows.Select(row => (IReadOnlyList<Answer>)[.. row.Select(Cell)])]);
        if (answer is Answer.Matrix matrix)
        {
            if (TakesTransposition()) answer = matrix = Transposed(matrix);
            if (minus) answer = Times(Expression.Integer(-1), matrix);
        }
        return answer;
    }

    /// <summary>Every entry times a number.</summary>
    /// <exception cref="UnreadableAnswerException">An entry is no value.</exception>
    public static Answer.Matrix Times(Expression factor, Answer.Matrix matrix)
    {
        Answer Entry(Answer entry) => entry is Answer.Value value ? value with { Expression = new Expression.Product([factor, value.Expression]) }
            : throw TokenReader.Unreadable("a factor stands before what is no matrix of values");
        return new([.. matrix.Rows.Select(row => (IReadOnlyList<Answer>)[.. row.Select(Entry)])]);
    }

    /// <summary>The tokens of each cell of each row.</summary>
    private List<List<IReadOnlyList<AnswerToken>>> Rows()
    {
        var (begin, end) = (tokens.At, tokens.Closing(tokens.At));
        if (end < 0) throw TokenReader.Unreadable("a matrix does not end");
        var rows = new List<List<IReadOnlyList<AnswerToken>>> { new() };
        var (cell, depth, cells) = (begin + 1, 0, 0);
        for (var i = begin + 1; i <= end; i++)
        {
            if (tokens[i].Kind is TokenKind.Open or TokenKind.BeginMatrix) depth++;
            if (tokens[i].Kind is TokenKind.Close or TokenKind.EndMatrix && i < end) depth--;
            var isBreak = depth == 0 && tokens[i].IsSign("\\");
            if (i < end && !isBreak && !(depth == 0 && tokens[i].IsSign("&"))) continue;
            if (++cells > MostCells) throw TokenReader.Unreadable("a matrix is too large");
            rows[^1].Add(tokens.Slice(cell, i));
            cell = i + 1;
            if (isBreak) rows.Add([]);
        }
        tokens.At = end + 1;
        rows.RemoveAll(row => row.All(one => one.Count == 0));
        return rows;
    }

    private Answer Cell(IReadOnlyList<AnswerToken> cell) => cell.Count == 0 ? new Answer.Words("") : AnswerParser.Parse(cell, nesting + 1);

    /// <summary>Values with conditions, or a system of equations.</summary>
    private Answer Table(List<List<IReadOnlyList<AnswerToken>>> rows, string environment)
    {
        var isAlignment = environment is "aligned" or "align" or "split" or "gathered";
        if (!isAlignment && rows.Count > 1 && rows.All(row => row.Count == 1 && Comma(row[0]) > 0))
            rows = [.. rows.Select(row => Split(row[0], Comma(row[0])))];
        if (isAlignment || rows.All(row => row.Count == 1) || rows.Any(row => row.Count > 2) || rows.Any(row => row.Count == 2 && BeginsWithSign(row[1])))
            return Gathering.Of([.. rows.SelectMany(row => Gathering.Items(AnswerParser.Parse([.. row.SelectMany(cell => cell)], nesting + 1)))], Joiner.And);
        return new Answer.Cases([.. rows.Select(row => (Cell(WithoutComma(row[0])), row.Count == 1 ? null : Condition(row[1])))]);
    }

    /// <summary>Where the comma of "2x, x > 0" or "2x, if x > 0" stands: a value before it, a condition behind; 0 where there is none.</summary>
    private static int Comma(IReadOnlyList<AnswerToken> cell)
    {
        var depth = 0;
        for (var i = 0; i < cell.Count - 1; i++)
        {
            if (cell[i].Kind == TokenKind.Open) depth++;
            if (cell[i].Kind == TokenKind.Close) depth--;
            if (depth == 0 && cell[i].IsRelation) return 0;
            if (depth == 0 && cell[i].IsSign(",")) return cell.Skip(i + 1).Any(token => token.IsRelation) || cell[i + 1].IsWordy ? i : 0;
        }
        return 0;
    }

    private static List<IReadOnlyList<AnswerToken>> Split(IReadOnlyList<AnswerToken> cell, int at) => [[.. cell.Take(at)], [.. cell.Skip(at + 1)]];

    private static bool BeginsWithSign(IReadOnlyList<AnswerToken> cell) => cell.Count > 0 && cell[0].IsRelation;

    private static IReadOnlyList<AnswerToken> WithoutComma(IReadOnlyList<AnswerToken> cell) =>
        cell.Count > 1 && cell[^1].IsSign(",") ? [.. cell.SkipLast(1)] : cell;

    private Answer? Condition(IReadOnlyList<AnswerToken> cell)
    {
        cell = [.. WithoutComma(cell).SkipWhile(token => token.IsWordy && Vocabulary.IsConditional(token.Text.ToLowerInvariant()) || token.IsSign(","))];
        if (cell.Count == 0 || (cell.Count == 1 && cell[0].IsWordy && cell[0].Text.ToLowerInvariant() is "otherwise" or "else")) return null;
        return AnswerParser.Parse(cell, nesting + 1);
    }

    private bool TakesTransposition()
    {
        if (!tokens.Peek().IsSign("^")) return false;
        var braced = tokens.Peek(1).Is(TokenKind.Open, "{");
        if (tokens.Peek(braced ? 2 : 1).Text is not ("T" or "top" or "intercal")) return false;
        tokens.At += braced ? 4 : 2;
        return true;
    }

    private static Answer.Matrix Transposed(Answer.Matrix matrix) => matrix.Rows.Any(row => row.Count != matrix.Rows[0].Count)
        ? throw TokenReader.Unreadable("a matrix has rows of several lengths")
        : new([.. Enumerable.Range(0, matrix.Rows[0].Count).Select(column => (IReadOnlyList<Answer>)[.. matrix.Rows.Select(row => row[column])])]);
}
