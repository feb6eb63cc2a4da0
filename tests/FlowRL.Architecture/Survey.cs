using Microsoft.CodeAnalysis;

namespace FlowRL.Architecture;

/// <summary>Which room uses which, as the compiler understands the source.</summary>
/// <param name="Uses">By path and line; what a room uses of itself is left out.</param>
/// <param name="Rooms">The rooms that hold files.</param>
/// <param name="Unknown">What the compiler could not understand, by path and line: a use may hide there.</param>
public sealed record Survey(IReadOnlyList<Use> Uses, IReadOnlyList<string> Rooms, IReadOnlyList<string> Unknown)
{
    /// <summary>The source of the repository whose root this is; seconds.</summary>
    /// <exception cref="FileNotFoundException">Its packages were not restored.</exception>
    public static Survey OfRepository(string root) => Of(SourceFile.Below(root, "src"), Libraries.OfRepository(root));

    /// <param name="files">Of any of the projects of src.</param>
    /// <param name="libraries">What they name of others.</param>
    public static Survey Of(IReadOnlyList<SourceFile> files, IReadOnlyList<MetadataReference> libraries)
    {
        var read = Compilations.Of(files, libraries)
            .SelectMany(one => one.SyntaxTrees.Where(tree => tree.FilePath != "").Select(tree => (Compilation: one, Tree: tree)))
            .AsParallel().AsOrdered().Select(one => Read(one.Tree, one.Compilation.GetSemanticModel(one.Tree))).ToList();
        return new Survey([.. read.SelectMany(one => one.Uses)], [.. files.Select(file => House.RoomOf(file.Path)).Distinct()],
            [.. read.SelectMany(one => one.Unknown)]);
    }

    private static (IReadOnlyList<Use> Uses, IReadOnlyList<string> Unknown) Read(SyntaxTree tree, SemanticModel model)
    {
        var (room, uses) = (House.RoomOf(tree.FilePath), new HashSet<Use>());
        var unknown = tree.GetDiagnostics().Where(found => found.Severity == DiagnosticSeverity.Error)
            .Select(found => $"{tree.FilePath}:{LineOf(found.Location)}: {found.GetMessage()}").ToList();
        foreach (var node in tree.GetRoot().DescendantNodes(descendIntoTrivia: true))
        {
            var symbols = NamedSymbols.Of(model, node).ToList();
            if (symbols.Count == 0 && NamedSymbols.MustBeKnown(node))
                unknown.Add($"{tree.FilePath}:{LineOf(node.GetLocation())}: nothing is known of '{node}'");
            uses.UnionWith(symbols.Where(symbol => symbol is not INamespaceSymbol || !NamedSymbols.IsPartOfLongerName(node)).SelectMany(Placed.Of)
                .Where(place => place.Room != room).Select(place => new Use(tree.FilePath, LineOf(node.GetLocation()), room, place.Room, place.What)));
        }
        return ([.. uses.OrderBy(use => use.Line)], unknown);
    }

    private static int LineOf(Location location) => location.GetLineSpan().StartLinePosition.Line + 1;
}
