using System.Collections.Frozen;
using System.Text;
using FlowRL.Verifiers.Mathematics.Values;

namespace FlowRL.Verifiers.Mathematics.Reading;

/// <summary>Answers in words: fixed phrases that are mathematics, and words that are compared as such.</summary>
internal static class Phrases
{
    private static readonly Answer Nothing = new Answer.Sequence('{', '}', []);

    private static readonly FrozenDictionary<string, Answer> Known = new (string Name, Answer Answer)[]
    {
        ("emptyset theemptyset nosolution nosolutions norealsolution norealsolutions norealroots norealroot thereisnosolution therearenosolutions "
            + "thereisnorealsolution therearenorealsolutions thereisnosuchsolution nosolutionexists nosolutionsexist norealsolutionexists "
            + "norealsolutionsexist none nullset 无解 空集 无实数解 方程无解", Nothing),
        ("allrealnumbers allreals anyrealnumber thesetofrealnumbers thesetofallrealnumbers allrealnumber everyrealnumber realnumbers allrealnumbersx "
            + "全体实数 一切实数 实数集 任意实数 所有实数", new Answer.NamedSet(Answer.NamedSet.Reals)),
        ("allintegers anyinteger thesetofintegers thesetofallintegers 全体整数 整数集", new Answer.NamedSet(Answer.NamedSet.Integers)),
        ("yes 是 是的", new Answer.Words("yes")),
        ("no 否 不是", new Answer.Words("no")),
        ("true 正确 真", new Answer.Words("true")),
        ("false 错误 假", new Answer.Words("false")),
        ("dne doesnotexist thelimitdoesnotexist limitdoesnotexist itdoesnotexist 不存在", new Answer.Words("doesnotexist")),
        ("undefined notdefined isundefined 无意义", new Answer.Words("undefined")),
        ("infinitelymany infinitelymanysolutions thereareinfinitelymanysolutions infinitenumberofsolutions 无数 无数个 无穷多 无穷多个",
            new Answer.Words("infinitelymany")),
        ("infinite infinity 无穷大", Answer.Value.Of(new Expression.Symbol(Expression.Infinity))),
    }.SelectMany(group => group.Name.Split(' ').Select(name => KeyValuePair.Create(name, group.Answer))).ToFrozenDictionary();

    /// <summary>The answer that consists of words; null where the tokens are mathematics, or might be.</summary>
    public static Answer? Of(IReadOnlyList<AnswerToken> tokens)
    {
        var signs = 0;
        foreach (var token in tokens)
        {
            if (token is { Kind: TokenKind.Sign, Text: "." or "-" or "'" or "!" or "?" }) signs++;
            else if (!token.IsWordy && token is not { Kind: TokenKind.Name, Text.Length: 1 }) return null;
        }
        var letters = Text(tokens);
        if (Known.TryGetValue(letters, out var known)) return known;
        var hasWords = tokens.Any(token => token is { Kind: TokenKind.Words, Text.Length: > 1 } or { Kind: TokenKind.Letters, Text.Length: > 6 });
        if (hasWords) return new Answer.Words(letters);
        var run = string.Concat(tokens.Where(token => token.Kind != TokenKind.Sign).Select(token => token.Text));
        if (signs > 0) return tokens.Any(token => token is { Kind: TokenKind.Letters, Text.Length: > 3 }) ? new Answer.Words(letters) : null;
        if (run.Length < 2 || !run.All(char.IsAsciiLetter) || Vocabulary.IsProduct(run)) return null;
        return new Answer.Words(letters, run.Length <= 4 ? Product(run) : null);
    }

    /// <summary>What is no mathematics as a whole, compared letter by letter; numbers and signs count.</summary>
    public static Answer.Words Mixed(IReadOnlyList<AnswerToken> tokens)
    {
        var text = new StringBuilder();
        foreach (var token in tokens)
        {
            if (token.IsWordy) text.Append(LettersOf(token.Text));
            else if (token.Text is not ("," or "." or "?")) text.Append(token.Text.ToLowerInvariant());
        }
        return new Answer.Words(text.ToString());
    }

    /// <summary>The content of one word of a list; null where it is rather a name or a product of names.</summary>
    public static Answer? OfWord(AnswerToken token)
    {
        if (!token.IsWordy) return null;
        var letters = LettersOf(token.Text);
        if (Known.TryGetValue(letters, out var known)) return known;
        if (token.Kind == TokenKind.Words) return token.Text.Length > 1 ? new Answer.Words(Text([token])) : null;
        return Vocabulary.IsProduct(token.Text) ? null : new Answer.Words(letters, token.Text.Length <= 4 ? Product(token.Text) : null);
    }

    public static Expression.Product Product(string letters) => new([.. letters.Select(letter => new Expression.Symbol(letter.ToString()))]);

    /// <summary>"All real numbers except 2"; null for others.</summary>
    public static (IReadOnlyList<AnswerToken> Excepted, Answer From)? Except(IReadOnlyList<AnswerToken> tokens)
    {
        var words = tokens.TakeWhile(token => token.IsWordy || token.Is(TokenKind.Name, "x")).ToList();
        if (words.Count == 0 || words.Count == tokens.Count) return null;
        var text = LettersOf(string.Concat(words.Select(token => token.Text)));
        if (words[^1].Kind == TokenKind.Name) words.RemoveAt(words.Count - 1); // except x = 2
        var isExcept = text is "allrealnumbersexceptx" or "allrealnumbersexcept" or "allrealnumbersexceptfor" or "allrealnumbersotherthan" or "allrealsexcept"
            or "allrealnumbersxexcept" or "allrealvaluesexcept";
        return isExcept ? ([.. tokens.Skip(words.Count)], new Answer.NamedSet(Answer.NamedSet.Reals)) : null;
    }

    /// <summary>The letters and digits, without articles.</summary>
    private static string Text(IReadOnlyList<AnswerToken> tokens)
    {
        var words = tokens.SelectMany(token => token.Text.Split(' ')).ToList();
        var bare = words.Where(word => word is not ("a" or "an" or "the" or "An" or "The")).ToList();
        return LettersOf(string.Concat(bare.Count > 0 ? bare : words));
    }

    private static string LettersOf(string text) => string.Concat(text.ToLowerInvariant().Where(char.IsLetterOrDigit));
}
