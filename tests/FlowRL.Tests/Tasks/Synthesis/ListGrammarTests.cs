using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlowRL.Tasks.Synthesis;
using FlowRL.Tests.Verifiers.Code;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Tasks.Synthesis;

[Collection(nameof(SandboxTests))]
public sealed partial class ListGrammarTests
{
    private const int Tokens = 12;
    private static readonly IReadOnlyList<ListProgram> Programs = ListGrammar.Programs(Tokens);

    [Fact]
    public void No_expression_is_said_twice() => Assert.Equal(Programs.Count, Programs.DistinctBy(program => program.Text).Count());

    [Fact]
    public void Expressions_have_as_many_tokens_as_are_counted()
    {
        for (var tokens = 1; tokens <= Tokens; tokens++)
        {
            var size = tokens;
            var longest = ListGrammar.Programs(tokens).Skip(ListGrammar.Programs(tokens - 1).Count);
            Assert.All(longest, program => Assert.Equal((program.Text, size), (program.Text, PythonToken().Count(program.Text))));
        }
    }

    /// <summary>Python, in the sandbox, computes what the grammar says, and fails where it says so.</summary>
    [Theory]
    [InlineData("[5,0,9]")]
    [InlineData("[3,3,8,1,6]")]
    [InlineData("[7]")]
    [InlineData("[]")]
    public void Every_expression_means_what_python_makes_of_it(string input)
    {
        const string Program = """
            def value(text, x):
                try:
                    return eval(text, {'x': x})
                except (IndexError, ValueError):
                    return None
            def f(texts, x):
                return [value(text, x) for text in texts]
            """;
        int[] list = [.. JsonNode.Parse(input)!.AsArray().Select(item => item!.GetValue<int>())];
        using var verifier = new CodeVerifier(new CodeOptions());
        foreach (var some in Programs.Chunk(1000))
        {
            var texts = new JsonArray([.. some.Select(program => (JsonNode)program.Text)]);
            var values = new JsonArray([.. some.Select(program => program.Run(list) is { } value ? JsonNode.Parse(value.ToString()) : null)]);
            var test = new CodeTest.Arguments("f", [texts, JsonNode.Parse(input)], values);

            var verdict = verifier.Verify(Program, CodeLanguage.Python, new CodeTests([test]), TestContext.Current.CancellationToken);

            Assert.Equal(("", CodeOutcome.Passed), (verdict.Reason, verdict.Outcome));
        }
    }

    [GeneratedRegex(@"[a-z]+|\d+|[<>]=|\S")]
    private static partial Regex PythonToken();
}
