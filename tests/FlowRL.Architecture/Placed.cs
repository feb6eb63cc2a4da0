using Microsoft.CodeAnalysis;

namespace FlowRL.Architecture;

/// <summary>Something of this house that code can name, and the room that holds it.</summary>
/// <param name="Room">By the file that declares it; by its name for a namespace, which has no file.</param>
/// <param name="What">The full name of the outermost type, or of the namespace.</param>
internal readonly record struct Placed(string Room, string What)
{
    /// <summary>The type that holds the symbol, or that it is, and the types of ours that its type arguments and elements name.</summary>
    public static IEnumerable<Placed> Of(ISymbol symbol) => symbol switch
    {
        IArrayTypeSymbol array => Of(array.ElementType),
        IPointerTypeSymbol pointer => Of(pointer.PointedAtType),
        INamespaceSymbol space => House.RoomOfNamespace(space.ToDisplayString()) is { } room ? [new Placed(room, space.ToDisplayString())] : [],
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.SelectMany(element => Of(element.Type)),
        INamedTypeSymbol type => [.. Declared(type), .. type.TypeArguments.SelectMany(Of)],
        IMethodSymbol or IPropertySymbol or IEventSymbol => Declared(symbol),
        IFieldSymbol { ContainingType.IsTupleType: false } => Declared(symbol),
        _ => [], // locals, parameters and the like lie where they are named
    };

    private static Placed[] Declared(ISymbol symbol)
    {
        var type = (symbol as INamedTypeSymbol ?? symbol.ContainingType)?.OriginalDefinition;
        while (type?.ContainingType is { } outer) type = outer;
        var place = symbol.OriginalDefinition.DeclaringSyntaxReferences.Concat(type?.DeclaringSyntaxReferences ?? []).FirstOrDefault();
        return type is null || place is null ? [] : [new Placed(House.RoomOf(place.SyntaxTree.FilePath), type.ToDisplayString(NameOnly))];
    }

    private static readonly SymbolDisplayFormat NameOnly =
        new(typeQualificationStyle: SymbolDisplayTypeQualificationStyle.NameAndContainingTypesAndNamespaces);
}
