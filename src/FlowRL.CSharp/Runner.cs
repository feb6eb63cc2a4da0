using System.Reflection;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;

namespace FlowRL.CSharp;

/// <summary>Runs one program. With an input, it reads that and prints to standard output; without, that it came to its end is proved.</summary>
internal static class Runner
{
    public static int Run(Stream input, Stream output)
    {
        var work = Lines.Read(input)!;
        var main = Load(Convert.FromBase64String((string)work["assembly"]!)).EntryPoint!;
        var given = (string?)work["input"];
        Console.SetIn(new StringReader(given ?? ""));
        if (given is null) Console.SetOut(TextWriter.Null);
        Lines.Write(output, "started");
        try
        {
            var status = Call(main) ?? 0;
            Console.Out.Flush();
            if (given is not null) return status;
            Lines.Write(output, "done");
            Lines.Write(output, "proof", (string?)Lines.Read(input)?["proof"] ?? "");
            return 0;
        }
        catch (Exception failure)
        {
            Console.Out.Flush();
            var kind = failure.GetType().Name;
            if (given is null) Lines.Write(output, "failed", kind == Assertions.Failure ? "AssertionError" : kind, failure.Message);
            else Console.Error.WriteLine($"{kind}: {failure.Message}");
            return 1;
        }
    }

    /// <summary>By a file: of bytes, the runtime would make memory that is shared and of no file, which the sandbox refuses.</summary>
    private static Assembly Load(byte[] assembly)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        File.WriteAllBytes(path, assembly);
        var loaded = AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
        File.Delete(path);
        return loaded;
    }

    private static int? Call(MethodInfo main)
    {
        try
        {
            return main.Invoke(null, main.GetParameters().Length == 0 ? null : [Array.Empty<string>()]) as int?;
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            return null;
        }
    }
}
