using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowRL.Architecture;

/// <summary>The projects of src as the compiler sees them, source and all: no build is asked for, and nothing is emitted.</summary>
internal static class Compilations
{
    /// <summary>Those of ImplicitUsings.</summary>
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.Latest, DocumentationMode.Parse);

    /// <summary>A compilation for each project that has files; each refers to those before it. A file without a path is none of the source's.</summary>
    public static IReadOnlyList<CSharpCompilation> Of(IReadOnlyList<SourceFile> files, IReadOnlyList<MetadataReference> libraries)
    {
        var compiled = new List<CSharpCompilation>();
        foreach (var project in House.Projects)
        {
            var trees = files.Where(file => file.Path.StartsWith($"src/{project}/", StringComparison.Ordinal))
                .AsParallel().AsOrdered().Select(file => CSharpSyntaxTree.ParseText(file.Text, Parsing, file.Path)).ToList();
            if (trees.Count == 0) continue;
            compiled.Add(CSharpCompilation.Create(project, trees.Append(CSharpSyntaxTree.ParseText(GlobalUsings + Friends(), Parsing)),
                [.. libraries, .. compiled.Select(one => one.ToMetadataReference())], OptionsOf(trees)));
        }
        return compiled;
    }

    /// <summary>Annotations: what may be null changes no name, so it is not followed through the code.</summary>
    private static CSharpCompilationOptions OptionsOf(List<SyntaxTree> trees) =>
        new(trees.Any(HasTopLevelStatements) ? OutputKind.ConsoleApplication : OutputKind.DynamicallyLinkedLibrary,
            allowUnsafe: true, nullableContextOptions: NullableContextOptions.Annotations);

    private static bool HasTopLevelStatements(SyntaxTree tree) => tree.GetRoot().ChildNodes().Any(node => node.IsKind(SyntaxKind.GlobalStatement));

    /// <summary>Whether a project may see what is internal to another is not the question here.</summary>
    private static string Friends() =>
        string.Concat(House.Projects.Select(project => $"\n[assembly: System.Runtime.CompilerServices.InternalsVisibleTo(\"{project}\")]"));
}
