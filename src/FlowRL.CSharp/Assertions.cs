using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowRL.CSharp;

/// <summary>
/// Makes <c>Debug.Assert</c> and <c>Trace.Assert</c>, wherever they are called, an exception that nothing of the program's is asked about: it could
/// remove the listeners that fail, or have a class <c>Debug</c> of its own.
/// </summary>
internal sealed class Assertions : CSharpSyntaxRewriter
{
    /// <summary>The name of the exception's type.</summary>
    public const string Failure = "FlowRLAssertionException";

    /// <summary>What the calls need, to be compiled beside the program.</summary>
    public const string Source = $$"""
        internal sealed class {{Failure}}(string message) : System.Exception(message)
        {
            public static void Assert(
                bool condition, [System.Runtime.CompilerServices.CallerArgumentExpression("condition")] string message = "", params object[] details)
            {
                if (!condition) throw new {{Failure}}(message);
            }
        }
        """;

    private static readonly ExpressionSyntax Own = SyntaxFactory.ParseExpression($"global::{Failure}.Assert");

    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node) =>
        base.VisitInvocationExpression(
            node.Expression is MemberAccessExpressionSyntax { Name.Identifier.Text: "Assert" } called && IsAsserting(called.Expression)
            ? node.WithExpression(Own.WithTriviaFrom(called)) : node);

    private static bool IsAsserting(ExpressionSyntax type) => type switch
    {
        IdentifierNameSyntax name => name.Identifier.ValueText is "Debug" or "Trace",
        MemberAccessExpressionSyntax inner => inner.Name.Identifier.ValueText is "Debug" or "Trace",
        _ => false,
    };
}
