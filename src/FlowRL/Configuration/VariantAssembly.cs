using System.Collections.Concurrent;
using System.Reflection;

namespace FlowRL.Configuration;

/// <summary>
/// Assemblies of users, loaded once each. What they need comes from the running program where it has that, so that a task there is a task here, and
/// otherwise from beside them. Whatever is wrong is said before anything of them runs.
/// </summary>
internal static class VariantAssembly
{
    private const int MembersTold = 3;

    private static readonly ConcurrentDictionary<string, Lazy<Assembly>> Loaded = new();

    private static readonly string Version = typeof(VariantAssembly).Assembly.GetName().Version!.ToString(3);

    /// <summary>The assembly in a file.</summary>
    /// <exception cref="BadInputException">It cannot be used; the message begins with the path as it was given.</exception>
    public static Assembly Load(string path)
    {
        RequireFile(path);
        // A failure is not kept: the file may have been mended since.
        var full = Path.GetFullPath(path);
        var one = Loaded.GetOrAdd(full, file => new Lazy<Assembly>(() => LoadFrom(path, file)));
        try
        {
            return one.Value;
        }
        catch (BadInputException)
        {
            Loaded.TryRemove(KeyValuePair.Create(full, one));
            throw;
        }
    }

    /// <summary>Where an assembly lies, for messages.</summary>
    public static string FileOf(Assembly assembly) => assembly.Location == "" ? assembly.GetName().Name! : assembly.Location;

    private static void RequireFile(string path)
    {
        if (path == "") throw new BadInputException("An assembly is named by its file; the name is empty.");
        if (Directory.Exists(path)) throw new BadInputException($"{path}: is a folder; give the .dll in it.");
        if (!File.Exists(path))
            throw new BadInputException($"{path}: there is no such file; build your project (dotnet build -c Release) and give the .dll that it makes.");
    }

    private static Assembly LoadFrom(string path, string file)
    {
        RequireMatch(path, file);
        var context = new VariantContext(file);
        var assembly = Guarded(path, () => context.LoadFromAssemblyPath(file));
        RequireWhole(path, context, assembly, []);
        if (!Guarded(path, () => OptionVariants.In(assembly).Any()))
        {
            throw new BadInputException($"{path}: defines nothing that a recipe can name; put [Variant(\"name\")] on an options record, such as one that " +
                "derives from TaskOptions or ObjectiveOptions.");
        }
        return assembly;
    }

    /// <summary>That everything which it needs, and which that needs in turn, is there; the program's own is not asked.</summary>
    private static void RequireWhole(string path, VariantContext context, Assembly assembly, HashSet<Assembly> seen)
    {
        if (!context.Assemblies.Contains(assembly) || !seen.Add(assembly)) return;
        foreach (var reference in assembly.GetReferencedAssemblies())
            RequireWhole(path, context, Guarded(path, () => context.LoadFromAssemblyName(reference)), seen);
        var missing = MissingMembers.Of(assembly);
        if (missing.Count == 0) return;
        var more = missing.Count > MembersTold ? $" and {missing.Count - MembersTold} more" : "";
        throw Mismatch(path, $"another FlowRL than this one, which has no {string.Join(", ", missing.Take(MembersTold))}{more}");
    }

    /// <summary>Reads the name and the references, before anything is loaded.</summary>
    private static void RequireMatch(string path, string file)
    {
        var own = typeof(VariantAssembly).Assembly.GetName();
        var (name, references) = Guarded(path, () => MissingMembers.NameAndReferences(file));
        if (VariantContext.IsShared(name))
            throw new BadInputException($"{path}: is a part of FlowRL, which has it already; give the .dll of your own project.");
        var asked = references.FirstOrDefault(reference => reference.Name == own.Name)
            ?? throw new BadInputException(
                $"{path}: defines nothing that a recipe can name, because it does not use FlowRL; give the .dll of the project that does.");
        if (asked.Version > own.Version) throw Mismatch(path, $"FlowRL {asked.Version!.ToString(3)}, which is newer than this one");
    }

    private static BadInputException Mismatch(string path, string found) =>
        new($"{path}: was built against {found}; build it again against FlowRL {Version}.");

    private static T Guarded<T>(string path, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (BadImageFormatException broken)
        {
            throw new BadInputException($"{path}: is no .NET assembly, or a damaged one; give the .dll that building your project makes.", broken);
        }
        catch (ReflectionTypeLoadException lacking)
        {
            throw Mismatch(path, $"another FlowRL than this one ({lacking.LoaderExceptions.OfType<Exception>().First().Message.TrimEnd('.')})");
        }
        catch (FileNotFoundException lacking)
        {
            throw new BadInputException($"{path}: needs {Short(lacking.FileName)}, which is not beside it; put " +
                "<EnableDynamicLoading>true</EnableDynamicLoading> into its project, so that the build copies what it needs.", lacking);
        }
        catch (FileLoadException lacking)
        {
            throw new BadInputException($"{path}: needs {Short(lacking.FileName)}, which cannot be loaded here ({lacking.Message.TrimEnd('.')}).", lacking);
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read: {unread.Message}", unread);
        }
    }

    // 'Newtonsoft.Json, Version=13.0.0.0, Culture=neutral, PublicKeyToken=...' or a path.
    private static string Short(string? name) =>
        string.Join(',', (name ?? "another assembly").Split(',').Take(2)).Replace(", Version=", " ", StringComparison.Ordinal);
}
