// Makes the files of this folder from the data sets that NOTICE.md names:
//   dotnet run data/word-problems/prepare.cs -- GSM8K_FOLDER SVAMP.jsonl MAWPS.jsonl
// demonstrations.jsonl.gz is what a model is warmed up on: short problems with a solution, each once as it is and several times with other
// numbers, so that numbers have to be read off the text. A MAWPS problem has a solution where one calculation of its two numbers gives the answer.
// Each row: id, problem, answer, and where the source gives one a solution as a single arithmetic expression. GSM8K's calculator steps are
// folded into one by putting earlier results in; a solution is kept only if its value is the answer and it has no number from nowhere.
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

const int LongestShown = 240; // characters
const int Variants = 7;
if (args is not [var gsm8k, var svamp, var mawps])
{
    Console.Error.WriteLine("usage: dotnet run prepare.cs -- GSM8K_FOLDER SVAMP.jsonl MAWPS.jsonl");
    return 2;
}
var rows = new List<Row>();
foreach (var (i, row) in Read(svamp).Index())
{
    var text = $"{Text(row, "Body").TrimEnd('.', ' ', '?')}. {Text(row, "Question")}";
    rows.Add(Row.Of($"svamp-{i}", text, Number(row, "Answer"), Expression.Parse(Text(row, "Equation"))));
}
foreach (var (i, row) in Read(mawps).Index()) rows.Add(Row.Of($"mawps-{i}", Text(row, "input"), Number(row, "target"), Only(Text(row, "input"), Number(row, "target"))));
foreach (var (i, row) in Read(Path.Combine(gsm8k, "train.jsonl")).Index())
{
    var (worked, answer) = (Text(row, "answer"), Text(row, "answer").Split("#### ")[^1].Replace(",", "", StringComparison.Ordinal).Trim());
    rows.Add(Row.Of($"gsm8k-{i}", Text(row, "question"), decimal.Parse(answer, CultureInfo.InvariantCulture), Folded(worked)));
}

// One text, or one story with other numbers, never lies in two files.
var files = rows.DistinctBy(row => row.Problem).ToLookup(row => (row.IsWarmUp, row.Share) switch
{
    (true, _) => "gsm8k",
    (false, < 0.7) => "train",
    (false, < 0.8) => "validation",
    _ => "test",
});
var folder = Path.GetDirectoryName(Script())!;
foreach (var name in new[] { "train", "validation", "test" })
{
    File.WriteAllLines(Path.Combine(folder, $"{name}.jsonl"), files[name].Select(row => row.Json()));
    Console.WriteLine($"{name}: {files[name].Count()} problems; {string.Join(", ", files[name].CountBy(row => row.Id.Split('-')[0]).Select(pair => $"{pair.Key} {pair.Value}"))}");
}
var shown = files["gsm8k"].Concat(files["train"]).Where(row => row.Solution is not null && row.Problem.Length <= LongestShown).ToList();
var random = new Random(1);
using (var writer = new StreamWriter(new GZipStream(File.Create(Path.Combine(folder, "demonstrations.jsonl.gz")), CompressionLevel.SmallestSize)))
{
    var variants = shown.SelectMany(row => row.WithOtherNumbers(Variants, random)).ToList();
    foreach (var row in shown.Concat(variants)) writer.Write(row.Json() + "\n");
    Console.WriteLine($"demonstrations: {shown.Count} problems and {variants.Count} with other numbers; " +
        string.Join(", ", shown.CountBy(row => row.Id.Split('-')[0]).Select(pair => $"{pair.Key} {pair.Value}")));
}
return 0;

static string Script([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;
static IEnumerable<JsonNode> Read(string file) => File.ReadLines(file).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!);
static string Text(JsonNode row, string field) => (string)row[field]!;
static decimal Number(JsonNode row, string field) => (decimal)(double)row[field]!;

// The only calculation of the two numbers of a text that gives the answer; null where there are more, or other numbers.
static Expression? Only(string text, decimal answer)
{
    var numbers = Regex.Matches(text, @"\d+(\.\d+)?").Select(match => Expression.Parse(match.Value)!).ToList();
    if (numbers is not [var a, var b]) return null;
    var right = new[] { ('+', a, b), ('-', a, b), ('-', b, a), ('*', a, b), ('/', a, b), ('/', b, a) }
        .Select(one => new Expression(one.Item1, 0, one.Item2, one.Item3)).Where(one => one.Value() is { } value && Math.Abs(value - answer) < 1e-6m).ToList();
    return right is [var only] ? only : null;
}

static Expression? Folded(string worked)
{
    var results = new List<Expression>();
    foreach (Match step in Regex.Matches(worked, "<<(.+?)=(.+?)>>"))
    {
        if (Expression.Parse(step.Groups[1].Value) is not { } expression) return null;
        results.Add(expression.With(results));
    }
    return results.Count == 0 ? null : results[^1];
}

internal sealed record Row(string Id, string Problem, decimal Answer, string? Solution)
{
    /// <summary>
    /// The story with other numbers, of as many digits, wherever a number of the text is in the solution; a whole and positive answer stays one.
    /// None where a number of the solution does not stand in the text, for that may be a word of the story.
    /// </summary>
    public IEnumerable<Row> WithOtherNumbers(int count, Random random)
    {
        var used = Expression.Parse(Solution!)!.Numbers().Distinct().ToList();
        var given = Regex.Matches(Problem, @"(?<![\d.,])\d+(?![\d,]|\.\d)").Select(match => decimal.Parse(match.Value, CultureInfo.InvariantCulture)).ToHashSet();
        if (!used.All(given.Contains)) yield break;
        for (var (variant, tried) = (0, 0); variant < count && tried < 20 * count; tried++)
        {
            var other = given.ToDictionary(number => number, number =>
            {
                var digits = Expression.Digits(number).Length;
                return (decimal)random.NextInt64(digits == 1 ? 2 : (long)Math.Pow(10, digits - 1), (long)Math.Pow(10, digits));
            });
            var problem = Regex.Replace(Problem, @"(?<![\d.,])\d+(?![\d,]|\.\d)",
                match => Expression.Digits(other[decimal.Parse(match.Value, CultureInfo.InvariantCulture)]));
            var solution = Expression.Parse(Solution!)!.Replaced(other);
            if (solution.Value() is not { } answer || (Answer > 0 && answer <= 0) || (Answer == Math.Floor(Answer) && answer != Math.Floor(answer))) continue;
            yield return new Row($"{Id}-{++variant}", problem, answer, solution.Write(0));
        }
    }

    public static Row Of(string id, string problem, decimal answer, Expression? solution)
    {
        var text = Regex.Replace(problem, @"\s+", " ").Trim();
        var isRight = solution?.Value() is { } value && Math.Abs(value - answer) < 1e-6m && solution.Numbers().All(number => IsKnown(number, text));
        return new Row(id, text, answer, isRight ? solution!.Write(0) : null);
    }

    /// <summary>Problems that are only shown, not trained on by reward or tested.</summary>
    public bool IsWarmUp => Id.StartsWith("gsm8k", StringComparison.Ordinal);

    /// <summary>A number of the text, perhaps as a percentage, or one that a reader brings along: small, or of clock, calendar and money.</summary>
    private static bool IsKnown(decimal number, string text) =>
        number <= 12 || number is 24 or 25 or 30 or 50 or 52 or 60 or 75 or 100 or 365 or 1000
        || Regex.Matches(text.Replace(",", "", StringComparison.Ordinal), @"\d+(\.\d+)?")
            .Any(match => decimal.Parse(match.Value, CultureInfo.InvariantCulture) is var given && (given == number || given == 100 * number));

    /// <summary>Where the story falls between 0 and 1, whatever its numbers.</summary>
    public double Share
    {
        get
        {
            var story = Regex.Replace(Problem.ToLowerInvariant(), "[^a-z]+", " ");
            return BitConverter.ToUInt32(SHA256.HashData(Encoding.UTF8.GetBytes(story))) / (double)uint.MaxValue;
        }
    }

    public string Json()
    {
        var row = new JsonObject { ["id"] = Id, ["problem"] = Problem, ["answer"] = Expression.Digits(Answer) };
        if (Solution is not null) row["solution"] = Solution;
        return row.ToJsonString(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}

/// <summary>A number, or two expressions and what joins them.</summary>
internal sealed record Expression(char Sign, decimal Number, Expression? Left, Expression? Right)
{
    public static string Digits(decimal number) => number.ToString("0.############", CultureInfo.InvariantCulture);

    public static Expression? Parse(string text)
    {
        var at = 0;
        text = text.Replace(" ", "", StringComparison.Ordinal).Replace(",", "", StringComparison.Ordinal);
        var sum = Sum();
        return at == text.Length ? sum : null;

        Expression? Sum() => Chain("+-", () => Chain("*/", Factor));

        Expression? Chain(string signs, Func<Expression?> part)
        {
            var left = part();
            while (left is not null && at < text.Length && signs.Contains(text[at]))
            {
                var sign = text[at++];
                left = part() is { } right ? new Expression(sign, 0, left, right) : null;
            }
            return left;
        }

        Expression? Factor()
        {
            if (at < text.Length && text[at] == '(')
            {
                at++;
                var inner = Sum();
                return at < text.Length && text[at++] == ')' ? inner : null;
            }
            var start = at;
            while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.')) at++;
            return decimal.TryParse(text[start..at], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                ? new Expression('n', number, null, null) : null;
        }
    }

    /// <summary>With each number that is an earlier result replaced by what gave it.</summary>
    public Expression With(IReadOnlyList<Expression> results) => Sign == 'n'
        ? results.LastOrDefault(result => result.Value() == Number) ?? this
        : this with { Left = Left!.With(results), Right = Right!.With(results) };

    public Expression Replaced(IReadOnlyDictionary<decimal, decimal> numbers) => Sign == 'n'
        ? this with { Number = numbers.GetValueOrDefault(Number, Number) }
        : this with { Left = Left!.Replaced(numbers), Right = Right!.Replaced(numbers) };

    public IEnumerable<decimal> Numbers() => Sign == 'n' ? [Number] : Left!.Numbers().Concat(Right!.Numbers());

    public decimal? Value()
    {
        if (Sign == 'n') return Number;
        if (Left!.Value() is not { } a || Right!.Value() is not { } b || (Sign == '/' && b == 0)) return null;
        try
        {
            return Sign switch { '+' => a + b, '-' => a - b, '*' => a * b, _ => a / b };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    public string Write(int outer)
    {
        if (Sign == 'n') return Digits(Number);
        var own = Sign is '+' or '-' ? 1 : 2;
        var inner = $"{Left!.Write(own)}{Sign}{Right!.Write(Sign is '-' or '/' ? own + 1 : own)}";
        return own < outer ? $"({inner})" : inner;
    }
}
