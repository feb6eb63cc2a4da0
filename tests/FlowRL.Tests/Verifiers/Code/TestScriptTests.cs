using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>Scripts of tests as people write them: with imports of the program, functions and classes that a runner of tests would find.</summary>
[Collection(nameof(SandboxTests))]
public sealed class TestScriptTests
{
    private const string Program = """
        LIMIT = 3
        class Stack:
            def __init__(self):
                self.items = []
            def push(self, item):
                self.items.append(item)
            def pop(self):
                if not self.items:
                    raise Empty("empty")
                return self.items.pop()
        class Empty(ValueError):
            pass
        def f(x):
            if x == "no":
                raise ValueError("no: x")
            return x
        async def later(x):
            return x
        def skips(x):
            import unittest
            raise unittest.SkipTest("all is well")
        """;

    private static readonly CodeVerifier Verifier = new(new CodeOptions { TimeLimit = 3 });

    [Theory]
    [InlineData("from solution import f\n\ndef test_a():\n    assert f(1) == 1\n\ndef test_b():\n    assert f(2) == 3", 1, 2)]
    [InlineData("from solution import f as g, LIMIT\nassert g(LIMIT) == 3", 1, 1)]
    [InlineData("from solution import *\nassert f(1) == 1", 1, 1)]
    [InlineData("import solution\nassert solution.f(1) == 1 and solution.LIMIT == 3", 1, 1)]
    [InlineData("import solution as s\ndef test_a():\n    assert s.f(1) == 1", 1, 1)]
    [InlineData("from main import f\nassert f(1) == 1", 1, 1)]
    [InlineData("from your_module import f\nassert f(1) == 1", 1, 1)]
    [InlineData("from src.solution import f\nassert f(1) == 1", 1, 1)]
    [InlineData("import src.solution\nassert src.solution.f(1) == 1", 1, 1)]
    [InlineData("import importlib\ndef test_a():\n    assert importlib.import_module('solution').f(1) == 1", 1, 1)]
    [InlineData("from .solution import f\nassert f(1) == 1", 1, 1)]
    [InlineData("from __main__ import f\nassert f(1) == 1", 1, 1)]
    [InlineData("def test_a():\n    from solution import f\n    assert f(1) == 1", 1, 1)]
    [InlineData("from solution import g\nassert g(1) == 1", 0, 1)]
    [InlineData("import numpy as np\nassert np.array([f(1)]) == 1", 0, 1)]
    [InlineData("from solution import Stack\ndef test_a():\n    s = Stack()\n    s.push(1)\n    assert s.pop() == 1", 1, 1)]
    [InlineData("from solution import Stack\ndef test_a():\n    assert isinstance(Stack(), Stack)\n\ndef test_b():\n    assert Stack().items == []", 1, 1)] // beside the program: one
    [InlineData("from solution import Stack\ndef test_a():\n    assert isinstance(Stack(), Stack)\n\ndef test_b():\n    assert Stack().items == [1]", 0, 1)]
    [InlineData("from main import Stack, Empty\nimport pytest\ndef test_a():\n    with pytest.raises(Empty):\n        Stack().pop()", 1, 1)]
    [InlineData("from main import Stack, Empty\nimport pytest\ndef test_a():\n    s = Stack()\n    s.push(1)\n    with pytest.raises(Empty):\n        s.pop()", 0, 1)]
    public void Tests_import_the_program(string script, int passed, int total) => AssertCounts(script, passed, total);

    [Theory]
    [InlineData("def test_a():\n    assert f(1) == 1\ntest_a()", 1, 1)] // called once
    [InlineData("assert f(1) == 1\ndef test_a():\n    assert f(1) == 2", 1, 2)]
    [InlineData("def testA():\n    assert f(1) == 1", 1, 1)]
    [InlineData("def helper(x):\n    assert f(x) == x\ndef test_a():\n    helper(1)\n    helper(2)", 2, 2)]
    [InlineData("def test_helper(a, b):\n    assert f(a) == b\ntest_helper(1, 1)", 1, 1)]
    [InlineData("def test_a():\n    f(1)", 1, 1)] // that it runs is what it tests
    [InlineData("def test_a():\n    f('no')", 0, 1)]
    [InlineData("if __name__ == '__main__':\n    test_a()\ndef test_a():\n    assert f(1) == 1", 1, 1)]
    [InlineData("class TestF:\n    def setup_method(self):\n        self.x = 4\n    def test_a(self):\n        assert f(self.x) == 4\n    def test_b(self):\n        assert f(1) == 2", 1, 2)]
    [InlineData("def check(candidate):\n    assert candidate(1) == 1\n    assert candidate(x=2) == 3", 1, 2)]
    [InlineData("def check(candidate):\n    assert candidate(1) == 1\ncheck(f)", 1, 1)]
    [InlineData("async def test_a():\n    assert await later(1) == 1", 1, 1)]
    [InlineData("import asyncio\ndef test_a():\n    assert asyncio.run(later(1)) == 2", 0, 1)]
    [InlineData("from collections import Counter\nassert Counter([f(1), 1]) == Counter([1, 1]) and gcd(4, 6) == f(2)", 1, 1)]
    public void Tests_that_nobody_calls_are_called(string script, int passed, int total) => AssertCounts(script, passed, total, function: script.Contains("check", StringComparison.Ordinal) ? "f" : "");

    [Theory]
    [InlineData("import unittest\nclass T(unittest.TestCase):\n    def setUp(self):\n        self.x = 1\n    def test_a(self):\n        self.assertEqual(f(self.x), 1)\n    def test_b(self):\n        self.assertEqual(f(self.x), 2)\nif __name__ == '__main__':\n    unittest.main()", 1, 2)]
    [InlineData("import unittest\nfrom solution import f\nclass T(unittest.TestCase):\n    def test_a(self):\n        with self.assertRaises(ValueError):\n            f('no')\n        self.assertRaises(ValueError, f, 'no')\n    def test_b(self):\n        with self.assertRaises(ValueError):\n            f('yes')\nunittest.main()", 1, 2)]
    [InlineData("import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertTrue(f(1) == 1)\n        self.assertAlmostEqual(f(0.1) + 0.2, 0.3)\n        self.assertIsInstance(f(1), int)\n        self.assertListEqual(f([1]), [1])\nunittest.TextTestRunner().run(unittest.TestLoader().loadTestsFromTestCase(T))", 1, 1)]
    [InlineData("import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        for x in (1, 2):\n            with self.subTest(x=x):\n                self.assertEqual(f(x), 1)\nunittest.TextTestRunner().run(unittest.TestLoader().loadTestsFromTestCase(T))", 0, 1)]
    [InlineData("import unittest\nclass T(unittest.TestCase):\n    @unittest.skip('later')\n    def test_a(self):\n        self.fail()\n    def test_b(self):\n        self.assertEqual(f(1), 1)", 1, 1)]
    [InlineData("import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n        self.assertEqual(skips(1), 1)", 0, 1)] // the program has no test left out
    public void Classes_of_unittest_are_run(string script, int passed, int total) => AssertCounts(script, passed, total);

    [Theory]
    [InlineData("import pytest\n@pytest.mark.parametrize('x,y', [(1, 1), (2, 3), pytest.param(3, 3)])\ndef test_a(x, y):\n    assert f(x) == y", 2, 3)]
    [InlineData("import pytest\n@pytest.mark.parametrize('x', [1, (2,)])\n@pytest.mark.parametrize('y', [3, 4])\ndef test_a(x, y):\n    assert f((x, y)) == (x, y)", 4, 4)]
    [InlineData("import pytest\n@pytest.fixture\ndef x():\n    return 1\n@pytest.fixture()\ndef y(x):\n    yield x + 1\ndef test_a(x, y):\n    assert f(x) == 1 and f(y) == 2", 1, 1)]
    [InlineData("import pytest\ndef test_a():\n    with pytest.raises(ValueError, match='no'):\n        f('no')", 1, 1)]
    [InlineData("import pytest\ndef test_a():\n    with pytest.raises(ValueError, match='yes'):\n        f('no')", 0, 1)]
    [InlineData("import pytest\ndef test_a():\n    with pytest.raises(ValueError):\n        f('yes')", 0, 1)]
    [InlineData("import pytest\ndef test_a():\n    with pytest.raises(ValueError) as e:\n        f('no')\n    assert str(e.value) == 'no: x'", 1, 1)]
    [InlineData("import pytest\ndef test_a():\n    with pytest.raises(TypeError):\n        f('no')", 0, 1)]
    [InlineData("import pytest\ndef test_a():\n    assert f(0.1) + 0.2 == pytest.approx(0.3) and f([0.30000000000000004]) == pytest.approx([0.3])", 1, 1)]
    [InlineData("import pytest\ndef test_a():\n    assert f(0.31) == pytest.approx(0.3)", 0, 1)]
    [InlineData("from pytest import approx, mark\n@mark.slow\ndef test_a():\n    assert f(0.31) == approx(0.3, abs=0.1)", 1, 1)]
    [InlineData("import pytest\n@pytest.mark.skip(reason='later')\ndef test_a():\n    assert f(1) == 2\ndef test_b():\n    assert f(1) == 1", 1, 1)]
    public void What_tests_take_of_pytest_is_there(string script, int passed, int total) => AssertCounts(script, passed, total);

    /// <summary>The function that a check is about, where no name is given: that which the others only help.</summary>
    [Theory]
    [InlineData("def helper(x):\n    return x\ndef f(x):\n    return helper(x)")]
    [InlineData("def f(x):\n    return _helper(x)\ndef _helper(x):\n    return x")]
    [InlineData("def f(x):\n    return helper(x)\ndef helper(x):\n    return x")]
    [InlineData("class Solution:\n    def f(self, x):\n        def inner():\n            return self.helper(x)\n        return inner()\n    def helper(self, x):\n        return x")]
    [InlineData("from math import gcd\ndef f(x):\n    return x")]
    public void A_candidate_is_found_without_its_name(string program)
    {
        var script = new CodeTest.Script("def check(candidate):\n    assert candidate(1) == 1");
        var verdict = Verifier.Verify(program, CodeLanguage.Python, new CodeTests([script]), TestContext.Current.CancellationToken);

        Assert.Equal((CodeOutcome.Passed, 1, ""), (verdict.Outcome, verdict.Passed, verdict.Reason));
    }

    /// <summary>Arguments may have any name, also those that we use.</summary>
    [Fact]
    public void Arguments_by_name_arrive()
    {
        var script = new CodeTest.Script("assert f(target=1, self=2, name=3, operation=4, remote=5, args=6, kwargs=7) == 28");
        var verdict = Verifier.Verify("def f(target, self, name, operation, remote, args, kwargs):\n    return target + self + name + operation + remote + args + kwargs",
            CodeLanguage.Python, new CodeTests([script]), TestContext.Current.CancellationToken);

        Assert.Equal((CodeOutcome.Passed, ""), (verdict.Outcome, verdict.Reason));
    }

    [Fact]
    public void Nodes_of_leet_code_are_there_for_scripts()
    {
        var script = new CodeTest.Script("def check(candidate):\n    assert is_same_list(candidate(list_node([1, 2])), list_node([1, 2]))\n    assert is_same_tree(tree_node([1]), tree_node([1]))");
        CodeVerdict Verdict(string program) => Verifier.Verify(program, CodeLanguage.Python, new CodeTests([script]), TestContext.Current.CancellationToken);

        Assert.True(Verdict("class Solution:\n    def f(self, head: ListNode) -> ListNode:\n        return head").IsCorrect);
        Assert.Equal(CodeOutcome.Failed, Verdict("class Solution:\n    def f(self, head: ListNode) -> ListNode:\n        return head.next").Outcome);
    }

    private static void AssertCounts(string script, int passed, int total, string function = "")
    {
        var tests = new CodeTests([new CodeTest.Script(script)]) { Function = function };
        var verdict = Verifier.Verify(Program, CodeLanguage.Python, tests, TestContext.Current.CancellationToken);

        Assert.Equal((passed, total), (verdict.Passed, verdict.Total));
        Assert.Equal(passed == total, verdict.IsCorrect);
    }
}
