using System.Text.Json.Nodes;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>Programs as LeetCode has them: a class Solution, names that nobody imports, lists and trees of nodes.</summary>
[Collection(nameof(SandboxTests))]
public sealed class LeetCodeTests
{
    private static readonly CodeVerifier Verifier = new(new CodeOptions { TimeLimit = 2 });
    private static readonly CodeVerifier Strict = new(new CodeOptions { TimeLimit = 2, UsualImports = false });

    [Theory]
    [InlineData("class Solution:\n    def f(self, a: List[int]) -> Optional[int]:\n        return a[0]", "[[3]]", "3")]
    [InlineData("class Solution(object):\n    def f(self, a):\n        return Counter(a)[1]", "[[1, 1]]", "2")]
    [InlineData("def f(n):\n    return [heappush(h := [], n), h, inf > n, gcd(n, 6), sqrt(n)]", "[4]", "[null, [4], true, 2, 2]")]
    [InlineData("def f(n):\n    q = deque([n]); d = defaultdict(list); d[1].append(q.popleft())\n    return d", "[4]", "{\"1\": [4]}")]
    [InlineData("@lru_cache(None)\ndef f(n):\n    return 1 if n < 2 else n * f(n - 1)", "[5]", "120")]
    [InlineData("def f(n):\n    return [list(permutations([1, n])), list(accumulate([1, n])), reduce(lambda a, b: a + b, [1, n])]", "[2]", "[[[1, 2], [2, 1]], [1, 3], 3]")]
    [InlineData("def f(n):\n    return math.floor(n), collections.OrderedDict(a=1), itertools.count(n).__next__()", "[2]", "[2, {\"a\": 1}, 2]")]
    [InlineData("def f(n):\n    return bisect_left([1, 2, 3], n), bisect.bisect_right([1, 2, 3], n)", "[2]", "[1, 2]")]
    [InlineData("def f(n):\n    return bisect([1, 2, 3], n), copy([n])", "[2]", "[2, [2]]")]
    [InlineData("def f(n):\n    return copy.deepcopy([n]), datetime.date(2024, 1, n).isoformat()", "[2]", "[[2], \"2024-01-02\"]")]
    [InlineData("def f(n):\n    return datetime(2024, 1, n).day, string.ascii_lowercase[n], ascii_lowercase[n]", "[2]", "[2, \"c\", \"c\"]")]
    [InlineData("def f(n):\n    return re.sub('a', 'b', n), json.dumps([n]), Fraction(1, 2) == 0.5, Decimal('1') == 1", "[\"a\"]", "[\"b\", \"[\\\"a\\\"]\", true, true]")]
    [InlineData("def f(n):\n    return cmp_to_key(lambda a, b: a - b)(n) is not None and pow(3, n, 5)", "[2]", "4")]
    [InlineData("def f(n):\n    return sys.maxsize > n and maxsize > n", "[2]", "true")]
    public void Usual_names_need_no_import(string program, string arguments, string expected)
    {
        Assert.Equal((CodeOutcome.Passed, ""), Verify(Verifier, program, "f", arguments, expected));
        Assert.Contains("NameError", Verify(Strict, program, "f", arguments, expected).Reason, StringComparison.Ordinal);
    }

    /// <summary>What a program names itself, or finds missing, is as it would be anywhere.</summary>
    [Theory]
    [InlineData("Counter = 7\ndef f(n):\n    return Counter", "7")]
    [InlineData("def f(n):\n    global inf\n    inf = 3\n    return inf", "3")]
    [InlineData("class deque:\n    size = 3\ndef f(n):\n    return deque.size", "3")]
    [InlineData("def gcd(a, b):\n    return 7\ndef f(n):\n    return gcd(4, 2)", "7")]
    [InlineData("from math import *\nfrom cmath import sqrt\ndef f(n):\n    return sqrt(-1).imag", "1")]
    [InlineData("try:\n    from functools import reduce\nexcept ImportError:\n    pass\ndef f(n):\n    return 'reduce' in globals()", "true")]
    [InlineData("def f(n):\n    return sorted(name for name in globals() if not name.startswith('_'))", "[\"f\"]")]
    [InlineData("def f(n):\n    count = 5\n    return count", "5")]
    [InlineData("def f(n):\n    return pow(2, 3, 5), sum([1]), open.__module__ if False else abs(-1)", "[3, 1, 1]")]
    [InlineData("def f(n):\n    try:\n        return xrange\n    except NameError:\n        return 'no'", "\"no\"")]
    [InlineData("def f(n):\n    try:\n        return Solution\n    except NameError:\n        return 'no'", "\"no\"")]
    [InlineData("class ListNode:\n    mine = 4\ndef f(n):\n    return ListNode.mine", "4")]
    public void A_program_s_own_names_win(string program, string expected) =>
        Assert.Equal((CodeOutcome.Passed, ""), Verify(Verifier, program, "f", "[1]", expected));

    [Fact]
    public void Lines_in_messages_are_the_program_s() =>
        Assert.Equal("ZeroDivisionError: division by zero (line 3)", Verify(Verifier, "a: List[int] = []\nb = Counter()\n1 / 0", "f", "[1]", "1").Reason);

    [Theory]
    [InlineData("c = Counter(input())\nprint(c['a'], stdin.read())", "aab\nrest", "2 rest")]
    [InlineData("print(1)\nexit()\nprint(2)", "", "1")]
    [InlineData("def main():\n    print(gcd(*map(int, input().split())))\n    quit(0)\nif __name__ == '__main__':\n    main()", "4 6", "2")]
    public void Whole_programs_have_them_too(string program, string input, string output)
    {
        var verdict = Verifier.Verify(program, CodeLanguage.Python, new CodeTests([new CodeTest.Whole(input, output)]), TestContext.Current.CancellationToken);

        Assert.Equal((CodeOutcome.Passed, ""), (verdict.Outcome, verdict.Reason));
    }

    [Theory]
    [InlineData("class Solution:\n    def twoSum(self, a):\n        return a", "two_sum")]
    [InlineData("class Solution:\n    def two_sum(self, a):\n        return a", "twoSum")]
    [InlineData("def TwoSum(a):\n    return a", "two_sum")]
    [InlineData("class Solution:\n    def twoSum(self, a):\n        return a", "Solution().twoSum")]
    [InlineData("class Solution:\n    def twoSum(self, a):\n        return a", "Solution.twoSum")]
    [InlineData("class Solution:\n    @staticmethod\n    def twoSum(a):\n        return a", "twoSum")]
    [InlineData("class Base:\n    def twoSum(self, a):\n        return a\nclass Solution(Base):\n    pass", "twoSum")]
    [InlineData("def twoSum(a):\n    return a", "Solution().twoSum")]
    [InlineData("class Solution:\n    def __init__(self):\n        self.n = 0\n    def twoSum(self, a):\n        self.n += 1\n        return a if self.n == 1 else None", "twoSum")]
    public void The_function_is_found(string program, string name)
    {
        var tests = new CodeTests([.. Enumerable.Repeat(new CodeTest.Arguments(name, [5], 5), 2)]);
        var verdict = Verifier.Verify(program, CodeLanguage.Python, tests, TestContext.Current.CancellationToken);

        Assert.Equal((CodeOutcome.Passed, 2, ""), (verdict.Outcome, verdict.Passed, verdict.Reason));
    }

    [Theory]
    [InlineData("def two_sum(a): return a\ndef TWO_sum(a): return a")] // which of them is not said
    [InlineData("def f(a): return a")]
    [InlineData("twosum = 3")]
    public void Another_function_is_not_taken_for_it(string program) =>
        Assert.Equal((CodeOutcome.Error, "twoSum(1): NameError: the program has no function 'twoSum'"), Verify(Verifier, program, "twoSum", "[1]", "1"));

    private const string ListClass = "class ListNode:\n    def __init__(self, val=0, next=None):\n        self.val = val\n        self.next = next\n";
    private const string Reverse = "class Solution:\n    def f(self, head: Optional[ListNode]) -> Optional[ListNode]:\n        back = None\n        while head:\n" +
        "            head.next, back, head = back, head, head.next\n        return back\n";

    private const string TreeClass = "class TreeNode:\n    def __init__(self, val=0, left=None, right=None):\n        self.val, self.left, self.right = val, left, right\n";
    private const string Mirror = "class Solution:\n    def f(self, root: Optional['TreeNode']) -> Optional['TreeNode']:\n        if root:\n" +
        "            root.left, root.right = self.f(root.right), self.f(root.left)\n        return root\n";

    [Theory]
    [InlineData(Reverse, "[[1, 2, 3]]", "[3, 2, 1]")]
    [InlineData(ListClass + Reverse, "[[1, 2, 3]]", "[3, 2, 1]")]
    [InlineData(Reverse, "[[]]", "[]")]
    [InlineData("from __future__ import annotations\n" + Reverse, "[[1, 2]]", "[2, 1]")]
    [InlineData(Mirror, "[[1, 2, null, 3]]", "[1, null, 2, null, 3]")]
    [InlineData(TreeClass + Mirror, "[[4, 2, 7, 1, 3, 6, 9]]", "[4, 7, 2, 9, 6, 3, 1]")]
    [InlineData("def f(root: TreeNode) -> int:\n    return 0 if root is None else 1 + max(f(root.left), f(root.right))", "[[3, 9, 20, null, null, 15, 7]]", "3")]
    [InlineData("def f(a: List[ListNode], k: int) -> List[int]:\n    return [n.val for n in a] + [k]", "[[[1, 2], [3]], 5]", "[1, 3, 5]")]
    [InlineData("def f(n: int) -> ListNode:\n    head = ListNode(n)\n    head.next = head\n    return head.val", "[2]", "2")]
    public void Nodes_are_made_from_lists_and_lists_from_nodes(string program, string arguments, string expected) =>
        Assert.Equal((CodeOutcome.Passed, ""), Verify(Verifier, program, "f", arguments, expected));

    [Theory]
    [InlineData("def f(d): return d[1]", "[{\"1\": 2}]", "2")] // JSON has made a text of the key
    [InlineData("def f(d): return d['1']", "[{\"1\": 2}]", "2")]
    [InlineData("def f(d): return {v: k for k, v in d.items()}", "[{\"1\": 2}]", "{\"2\": 1}")]
    [InlineData("def f(n): return {n: {n + 0.5: None, True: 1, None: (n,)}}", "[1]", "{\"1\": {\"1.5\": null, \"true\": 1, \"null\": [1]}}")]
    [InlineData("def f(n): return {(1, 2): n}", "[1]", "{\"(1, 2)\": 1}")]
    [InlineData("def f(d): return d['a']", "[{\"a\": 2}]", "2")]
    [InlineData("def f(d): return sorted(d)", "[{\"10\": 0, \"9\": 0}]", "[9, 10]")]
    [InlineData("def f(d): return [g[-1] for g in d]", "[[{\"-1\": 5}, {\"-1\": 6}]]", "[5, 6]")]
    public void Keys_that_json_made_texts_are_both(string program, string arguments, string expected) =>
        Assert.Equal((CodeOutcome.Passed, ""), Verify(Verifier, program, "f", arguments, expected));

    [Theory]
    [InlineData("def f(n): return {1: 1, '1': 2}", "[1]", "{\"1\": 2}", "f(1): gave {1: 1, \"1\": 2} instead of {\"1\": 2}")]
    [InlineData("def f(n): return {2: 1}", "[1]", "{\"1\": 1}", "f(1): gave {2: 1} instead of {\"1\": 1}")]
    [InlineData("def f(d): return d[1]", "[{\"01\": 2}]", "2", "f({\"01\": 2}): KeyError: 1")]
    [InlineData("def f(a, b, c, d): return [True, None, (1,), set()]", "[1, \"a\", [true, null], {}]", "7", "f(1, \"a\", [True, None], {}): gave [True, None, (1,), set()] instead of 7")]
    public void Values_are_shown_as_they_are(string program, string arguments, string expected, string reason) =>
        Assert.Equal(reason, Verify(Verifier, program, "f", arguments, expected).Reason);

    [Fact]
    public void Keys_are_texts_to_an_expression_s_value_too()
    {
        var tests = new CodeTests([new CodeTest.Call("f()", JsonNode.Parse("""{"1": {"2": [3]}, "a": 4}""")), new CodeTest.Call("f()", JsonNode.Parse("""{"1": {"3": [3]}, "a": 4}"""))]);
        var verdict = Verifier.Verify("def f(): return {1: {2: (3,)}, 'a': 4}", CodeLanguage.Python, tests, TestContext.Current.CancellationToken);

        Assert.Equal((1, 2, "f(): gave {1: {2: (3,)}, 'a': 4}"), (verdict.Passed, verdict.Total, verdict.Reason));
    }

    private static (CodeOutcome Outcome, string Reason) Verify(CodeVerifier verifier, string program, string function, string arguments, string expected)
    {
        var test = new CodeTest.Arguments(function, (JsonArray)JsonNode.Parse(arguments)!, JsonNode.Parse(expected));
        var verdict = verifier.Verify(program, CodeLanguage.Python, new CodeTests([test]), TestContext.Current.CancellationToken);
        return (verdict.Outcome, verdict.Reason);
    }
}
