using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowRL.CSharp;

/// <summary>Turns source into an assembly, without running anything of it.</summary>
internal static class Compiler
{
    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest, preprocessorSymbols: ["DEBUG"]); // assertions count
    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.ConsoleApplication, optimizationLevel: OptimizationLevel.Release,
        nullableContextOptions: NullableContextOptions.Disable, deterministic: true);

    // The framework without this host and what compiles here: all of it lies in one folder where the application is self-contained.
    private static readonly List<PortableExecutableReference> References =
        [.. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => !Path.GetFileName(path).StartsWith("FlowRL.", StringComparison.Ordinal)
                && !Path.GetFileName(path).StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path))];

    private static readonly SyntaxTree Given = CSharpSyntaxTree.ParseText(string.Concat(
        new[] { "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Text" }.Select(name => $"global using {name};")) +
        Assertions.Source, Language);

    public static void Serve(Stream input, Stream output)
    {
        Lines.Write(output, "started");
        while (Lines.Read(input) is { } work)
        {
            try
            {
                Lines.Write(output, Compile((string)work["source"]!));
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Lines.Write(output, "broken", failure.Message);
            }
        }
    }

    private static object[] Compile(string source)
    {
        var program = CSharpSyntaxTree.ParseText(source, Language);
        program = program.WithRootAndOptions(new Assertions().Visit(program.GetRoot()), Language);
        var compilation = CSharpCompilation.Create("program", [program, Given], References, Options);
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        var error = result.Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        return result.Success ? ["compiled", Convert.ToBase64String(assembly.ToArray())]
            : ["broken", $"{error?.GetMessage()} (line {error?.Location.GetLineSpan().StartLinePosition.Line + 1})"];
    }
}
