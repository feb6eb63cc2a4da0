using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FlowRL.Architecture;

/// <summary>What a piece of code names: by any of its names, or without one, as an operator, <c>new()</c> and <c>foreach</c> do.</summary>
internal static class NamedSymbols
{
    /// <summary>The symbols of this node alone, not of those inside it.</summary>
    public static IEnumerable<ISymbol> Of(SemanticModel model, SyntaxNode node) => Found(model, node).OfType<ISymbol>();

    /// <summary>Whether the node is a name that the compiler has to know: neither a word of the language nor the name that an alias gives.</summary>
    public static bool MustBeKnown(SyntaxNode node) => node is SimpleNameSyntax
    {
        Identifier.ValueText: not ("nameof" or "notnull" or "unmanaged"),
        Parent: not NameEqualsSyntax { Parent: UsingDirectiveSyntax },
    };

    /// <summary>In front of a name: a namespace is used where it stands alone, in a <c>using</c> or a <c>cref</c>; elsewhere the name says more.</summary>
    public static bool IsPartOfLongerName(SyntaxNode node) => node.Parent switch
    {
        QualifiedNameSyntax whole => whole.Left == node || IsPartOfLongerName(whole),
        AliasQualifiedNameSyntax whole => IsPartOfLongerName(whole),
        MemberAccessExpressionSyntax or QualifiedCrefSyntax or BaseNamespaceDeclarationSyntax => true,
        _ => false,
    };

    private static IEnumerable<ISymbol?> Found(SemanticModel model, SyntaxNode node) => node switch
    {
        ExpressionSyntax { Parent: InitializerExpressionSyntax { RawKind: (int)SyntaxKind.CollectionInitializerExpression } } added =>
            [.. OneOf(model.GetSymbolInfo(added)), .. OneOf(model.GetCollectionInitializerSymbolInfo(added))],
        AwaitExpressionSyntax awaited => [model.GetAwaitExpressionInfo(awaited).GetAwaiterMethod],
        AssignmentExpressionSyntax assignment => [.. OneOf(model.GetSymbolInfo(assignment)), .. OfDeconstruction(model.GetDeconstructionInfo(assignment))],
        NameSyntax or BinaryExpressionSyntax or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax or CastExpressionSyntax
            or ElementAccessExpressionSyntax or ElementBindingExpressionSyntax or ImplicitObjectCreationExpressionSyntax =>
            OneOf(model.GetSymbolInfo((ExpressionSyntax)node)),
        ForEachVariableStatementSyntax pairs =>
            [.. OfEnumeration(model.GetForEachStatementInfo(pairs)), .. OfDeconstruction(model.GetDeconstructionInfo(pairs))],
        ForEachStatementSyntax each => OfEnumeration(model.GetForEachStatementInfo(each)),
        QueryClauseSyntax clause => [model.GetQueryClauseInfo(clause).CastInfo.Symbol, model.GetQueryClauseInfo(clause).OperationInfo.Symbol],
        OrderingSyntax ordering => OneOf(model.GetSymbolInfo(ordering)),
        SelectOrGroupClauseSyntax end => OneOf(model.GetSymbolInfo(end)),
        ConstructorInitializerSyntax constructor => OneOf(model.GetSymbolInfo(constructor)),
        CrefSyntax cref => OneOf(model.GetSymbolInfo(cref)),
        _ => [],
    };

    /// <summary>Where the compiler hesitates between several, as in <c>nameof</c> and <c>cref</c>, all of them.</summary>
    private static ImmutableArray<ISymbol> OneOf(SymbolInfo info) => info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols;

    private static ISymbol?[] OfEnumeration(ForEachStatementInfo info) => [info.GetEnumeratorMethod, info.CurrentProperty];

    private static IEnumerable<ISymbol?> OfDeconstruction(DeconstructionInfo info) =>
        [info.Method, .. info.Nested.SelectMany(OfDeconstruction)];
}
