using System.Text.Json.Nodes;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

[Collection(nameof(SandboxTests))]
public sealed class PythonVerifierTests
{
    private static readonly CodeVerifier Verifier = new(new CodeOptions { TimeLimit = 1 });

    [Theory]
    [InlineData("def f(a, b):\n    return a + b", "f(1, 2)", "3", "passed", "")]
    [InlineData("def f(a, b):\n    return a - b", "f(1, 2)", "3", "failed", "f(1, 2): gave -1")]
    [InlineData("def f(a, b):\n    return a / 0", "f(1, 2)", "3", "error", "f(1, 2): ZeroDivisionError: division by zero")]
    [InlineData("def f(a, b)", "f(1, 2)", "3", "error", "SyntaxError: expected ':' (program.py, line 1)")]
    [InlineData("def g(a, b):\n    return 3", "f(1, 2)", "3", "error", "f(1, 2): NameError: the program has no 'f'")]
    [InlineData("f = lambda *a: (1, {2, 3})", "f()", "\"(1, {3, 2})\"", "passed", "")]
    [InlineData("f = lambda *a: [1, {2, 3}]", "f()", "\"(1, {3, 2})\"", "failed", "f(): gave [1, {2, 3}]")]
    [InlineData("f = lambda *a: (1, 2)", "f()", "[1, 2]", "passed", "")]
    [InlineData("f = lambda *a: 'text'", "f()", "\"text\"", "passed", "")]
    [InlineData("f = lambda *a: float('inf')", "f()", "1e999", "passed", "")]
    [InlineData("f = lambda *a: 1.0", "f()", "1e999", "failed", "f(): gave 1.0")]
    [InlineData("f = lambda *a: float('-inf')", "f()", "1e999", "failed", "f(): gave -inf")]
    [InlineData("f = lambda *a: 0.1 + 0.2", "f()", "0.3", "passed", "")]
    [InlineData("f = lambda *a: 1j", "f()", "\"1j\"", "passed", "")]
    [InlineData("f = lambda *a: 7 ** 6000 % 7 ** 5999", "f()", "0", "passed", "")]
    [InlineData("f = lambda *a: 10 ** 6000", "f()", "1", "failed", "f(): gave a value of type int")]
    [InlineData("\uFEFFf = lambda *a: 1", "f()", "1", "passed", "")]
    [InlineData("from __future__ import annotations\nimport dataclasses\n@dataclasses.dataclass\nclass P:\n    x: int\ndef f(): return P(1).x", "f()", "1", "passed", "")]
    [InlineData("f = lambda *a: True", "f()", "true", "passed", "")]
    [InlineData("f = lambda *a: None", "f()", "null", "passed", "")]
    [InlineData("f = lambda x, y: (x, y)", "f(7 ** 6000, {1: (2,)})[0] == 7 ** 6000", "true", "passed", "")]
    public void A_call_is_compared_with_its_value(string program, string call, string expected, string outcome, string reason)
    {
        var verdict = Verify(program, new CodeTest.Call(call, JsonNode.Parse(expected)));

        Assert.Equal((outcome, reason), (verdict.Outcome.ToString().ToLowerInvariant(), verdict.Reason));
    }

    [Theory]
    [InlineData("def f(a, b):\n    return a + b", "[1, 2]", "3", "passed", "")]
    [InlineData("class Solution:\n    def f(self, a, b):\n        return a + b", "[1, 2]", "3", "passed", "")]
    [InlineData("def f(a, b):\n    return a - b", "[1, 2]", "3", "failed", "f(1, 2): gave -1 instead of 3")]
    [InlineData("def f(a, b):\n    return str(a + b)", "[1, 2]", "3", "failed", "f(1, 2): gave \"3\" instead of 3")]
    [InlineData("def g(a, b):\n    return 3", "[1, 2]", "3", "error", "f(1, 2): NameError: the program has no function 'f'")]
    [InlineData("def f(a):\n    return a / 0", "[1]", "3", "error", "f(1): ZeroDivisionError: division by zero")]
    [InlineData("def f(a):\n    return (a[0], {'k': [None, True]})", "[[1.5]]", "[1.5, {\"k\": [null, true]}]", "passed", "")]
    [InlineData("def f(a):\n    return a", "[3]", "[3]", "passed", "")]
    [InlineData("def f(a):\n    return a", "[true]", "1", "passed", "")]
    [InlineData("def f():\n    return {1, 2}", "[]", "[1, 2]", "failed", "f(): gave {1, 2} instead of [1, 2]")]
    [InlineData("def f():\n    return -2 ** 100", "[]", "-1267650600228229401496703205376", "passed", "")]
    [InlineData("def f():\n    return float('-inf')", "[]", "-1e999", "passed", "")]
    [InlineData("def f():\n    return float('nan')", "[]", "null", "failed", "f(): gave nan instead of None")]
    [InlineData("def f():\n    return 0.30000000000000004", "[]", "0.3", "passed", "")]
    [InlineData("def f():\n    return 1.0", "[]", "1", "passed", "")]
    [InlineData("def f():\n    return object()", "[]", "1", "failed", "f(): gave an object instead of 1")]
    [InlineData("def f():\n    return chr(0xD800)", "[]", "1", "failed", "f(): gave \"\uFFFD\" instead of 1")]
    public void A_function_is_called_with_arguments(string program, string arguments, string expected, string outcome, string reason)
    {
        var verdict = Verify(program, new CodeTest.Arguments("f", (JsonArray)JsonNode.Parse(arguments)!, JsonNode.Parse(expected)));

        Assert.Equal((outcome, reason), (verdict.Outcome.ToString().ToLowerInvariant(), verdict.Reason));
    }

    [Theory]
    [InlineData("assert f(1) == 1\nassert f(2) == 2", 2, 2)]
    [InlineData("assert f(1) == 2\nassert f(2) == 2", 1, 2)]
    [InlineData("for i in range(5):\n    assert f(i) == i", 5, 5)]
    [InlineData("def check(g):\n    assert g(1) == 1\n    assert g(2) == 3\ncheck(f)", 1, 2)]
    [InlineData("def test_f():\n    assert f(1) == 1", 1, 1)]
    [InlineData("from math import isclose\nassert isclose(f(0.1), 0.1)", 1, 1)]
    [InlineData("assert math.isclose(f(0.1), 0.1)", 1, 1)]
    [InlineData("try:\n    fails()\n    assert False\nexcept ValueError as e:\n    assert str(e) == 'no'", 1, 1)]
    [InlineData("s = Stack()\ns.push((1, 2))\nassert len(s) == 1\nassert s.pop() == (1, 2)\nassert not s", 3, 3)]
    [InlineData("assert apply(lambda x: x * 2, [1, 2]) == [2, 4]", 1, 1)]
    [InlineData("a = [3, 1]\nsort(a)\nassert a == [1, 3]", 1, 1)]
    [InlineData("assert list(count(3)) == [0, 1, 2]", 1, 1)]
    [InlineData("try:\n    fails_its_own_way()\n    assert False\nexcept ValueError as e:\n    assert str(e) == 'no'", 1, 1)]
    [InlineData("class Own:\n    x = 3\nassert x_of(Own()) == 3", 1, 1)]
    [InlineData("assert all(map(lambda x: ends(x) == x, [1, 2]))", 0, 1)]
    [InlineData("assert len({Unit(1), Unit(1), Unit(2)}) == 2", 1, 1)]
    [InlineData("assert (Unit(7) % Unit(4)) == Unit(3)", 1, 1)]
    [InlineData("assert isinstance(Stack(), Stack)", 1, 1)]
    [InlineData("class Own(Stack):\n    pass\nassert len(Own()) == 1", 0, 1)]
    public void Assertions_are_counted_one_by_one(string script, int passed, int total)
    {
        const string Program = """
            class Stack:
                def __init__(self):
                    self.items = []
                def push(self, item):
                    self.items.append(item)
                def pop(self):
                    return self.items.pop()
                def __len__(self):
                    return len(self.items)
            def f(x):
                return x
            def fails():
                raise ValueError("no")
            class Unit:
                def __init__(self, size):
                    self.size = size
                def __eq__(self, other):
                    return self.size == other.size
                def __hash__(self):
                    return hash(self.size)
                def __mod__(self, other):
                    return Unit(self.size % other.size)
            class Own(ValueError):
                pass
            def fails_its_own_way():
                raise Own("no")
            def ends(x):
                raise StopIteration
            def x_of(thing):
                return thing.x
            def apply(g, items):
                return [g(item) for item in items]
            def sort(items):
                items.sort()
            def count(n):
                for i in range(n):
                    yield i
            """;

        var verdict = Verify(Program, new CodeTest.Script(script));

        Assert.Equal((passed, total), (verdict.Passed, verdict.Total));
        Assert.Equal(passed == total, verdict.IsCorrect);
    }

    [Theory]
    [InlineData("x = 1", "the tests never use the program")]
    [InlineData("assert f(1) ==", "the tests cannot be run: invalid syntax (line 1)")]
    public void Tests_that_test_nothing_are_no_pass(string script, string reason) =>
        Assert.Equal((CodeOutcome.Error, reason), Verify("def f(x): return x", new CodeTest.Script(script)) is var verdict ? (verdict.Outcome, verdict.Reason) : default);

    [Theory]
    [InlineData("print(int(input()) * 2)", "21\n", "42", "passed", "")]
    [InlineData("import sys\nprint(*sorted(sys.stdin.read().split()))", "b a\nc", "a b\nc\n", "passed", "")]
    [InlineData("print(41)", "21\n", "42", "failed", "test 1: printed '41' instead of '42'")]
    [InlineData("print(1 / int(input()))", "3", "0.33333333", "passed", "")]
    [InlineData("print(1 / int(input()))", "0", "0.3", "error", "test 1: ended with status 1: ZeroDivisionError: division by zero (line 1)")]
    [InlineData("if __name__ == '__main__':\n    print('main')", "", "main", "passed", "")]
    [InlineData("import sys\nprint(1)\nsys.exit(0)", "", "1", "passed", "")]
    [InlineData("import sys\nprint(1)\nsys.exit(3)", "", "1", "error", "test 1: ended with status 3")]
    [InlineData("import threading\nthreading.Thread(target=lambda: print(5)).start()", "", "5", "passed", "")]
    [InlineData("print(len(input()))", "äöü", "3", "passed", "")]
    [InlineData("import atexit, io, sys\nsys.stdout = io.StringIO()\natexit.register(lambda: sys.__stdout__.write(sys.stdout.getvalue()))\nprint(5)", "", "5", "passed", "")]
    [InlineData("import os, sys\nout = sys.stdout.fileno()\nsys.stdin = sys.stdout = None\nos.write(out, os.read(0, os.fstat(0).st_size))", "5", "5", "passed", "")]
    [InlineData("import pickle\nclass A:\n    x = 5\nprint(pickle.loads(pickle.dumps(A())).x)", "", "5", "passed", "")]
    public void A_whole_program_prints_what_it_should(string program, string input, string output, string outcome, string reason)
    {
        var verdict = Verify(program, new CodeTest.Whole(input, output));

        Assert.Equal((outcome, reason), (verdict.Outcome.ToString().ToLowerInvariant(), verdict.Reason));
    }

    /// <summary>It says that it is ready and answers before it is asked, so that the question is never read.</summary>
    [Fact]
    public void A_program_that_reads_nothing_is_ended()
    {
        const string Program = """
            import os, time
            for number in range(3, 64):
                try:
                    os.write(number, b'#["ready"]\n>["=", ["mine", 0], []]\n')
                except OSError:
                    pass
            time.sleep(1000)
            """;

        Assert.Equal(CodeOutcome.Timeout, Verify(Program, new CodeTest.Arguments("f", [new string('x', 1 << 20)], 1)).Outcome);
    }

    [Theory]
    [InlineData("yield 1")]
    [InlineData("time.sleep(0.1)\n        yield 1")]
    public void Assertions_about_what_never_ends_come_to_an_end(string step)
    {
        var verdict = Verify($"import time\ndef f():\n    while True:\n        {step}", new CodeTest.Script("for x in f():\n    assert x == 1"));

        Assert.Equal(CodeOutcome.Timeout, verdict.Outcome);
    }

    [Fact]
    public void Every_run_of_a_whole_program_is_fresh()
    {
        const string Program = "import os, builtins\nn = getattr(builtins, 'n', 0) + 1\nbuiltins.n = n\nprint(n)";

        Assert.True(Verify(Program, [.. Enumerable.Repeat(new CodeTest.Whole("", "1"), 3)]).IsCorrect);
    }

    [Fact]
    public void Verdicts_do_not_depend_on_the_machine()
    {
        const string Program = "import os, time\nprint(hash('a'), os.environ.get('LANG'), time.tzname[0], sorted({'a', 'b', 'c'}, key=hash), os.getcwd(), os.getuid())";
        const string Printed = "-8583428546553964429 C.UTF-8 UTC";

        var first = Verify(Program, new CodeTest.Whole("", Printed)).Reason;

        Assert.Equal(first, Verify(Program, new CodeTest.Whole("", Printed)).Reason);
        Assert.Contains("C.UTF-8 UTC", first, StringComparison.Ordinal);
        Assert.Contains("/tmp 65534", first, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "there is no program")]
    [InlineData("x = '\0'", "the program holds a zero byte")]
    public void Some_programs_are_not_run(string program, string reason) =>
        Assert.Equal(new CodeVerdict(CodeOutcome.Refused, 0, 1, reason), Verify(program, new CodeTest.Whole("", "")));

    [Fact]
    public void What_a_program_does_beside_its_tests_is_observed()
    {
        var verdict = Verify("def f(x): return max(x)", new CodeTest.Arguments("f", [new JsonArray(1, 2)], 2), new CodeTest.Observe(["f([3])", "f([])"]));

        Assert.Equal((CodeOutcome.Passed, 1, 1, "3; ValueError"), (verdict.Outcome, verdict.Passed, verdict.Total, verdict.Observed));
    }

    [Fact]
    public void A_judge_of_ones_own_says_what_is_right()
    {
        using var verifier = new CodeVerifier(new CodeOptions { Output = new AnyDivisor() });
        var tests = new CodeTests([new CodeTest.Whole("91", "7")]);

        Assert.True(verifier.Verify("print(13)", CodeLanguage.Python, tests, TestContext.Current.CancellationToken).IsCorrect);
        Assert.False(verifier.Verify("print(12)", CodeLanguage.Python, tests, TestContext.Current.CancellationToken).IsCorrect);
    }

    private sealed record AnyDivisor : OutputRuleOptions, IOutputJudge
    {
        public override IOutputJudge Create() => this;

        public bool Accepts(string input, string expected, string output) => int.TryParse(output, out var number) && int.Parse(input) % number == 0;
    }

    private static CodeVerdict Verify(string program, params CodeTest[] tests) =>
        Verifier.Verify(program, CodeLanguage.Python, new CodeTests(tests), TestContext.Current.CancellationToken);
}
