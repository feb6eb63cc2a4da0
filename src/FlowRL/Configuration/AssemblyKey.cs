namespace FlowRL.Configuration;

/// <summary>
/// The key of a recipe that names assemblies. It is read before the recipe has a type, because it says which types there are. Files are relative to
/// the recipe's folder (to the working folder with --set) and become whole paths, so that a run goes on from anywhere.
/// </summary>
internal static class AssemblyKey
{
    /// <summary>Replaces the files by their whole paths, and loads them unless <paramref name="given"/> says what there is.</summary>
    /// <exception cref="BadInputException">A file cannot be used, or the user has not said that recipes may bring code.</exception>
    public static OptionVariants Load(ref YamlNode.Mapping written, Type recipe, OptionVariants? given)
    {
        if (OptionsShape.Of(recipe).Keys.FirstOrDefault(key => key.Property.IsDefined(typeof(AssembliesAttribute), false)) is not { } key
            || written.Find(key.Name) is not { } entry || Files(entry.Value) is not { } files)
            return given ?? OptionVariants.BuiltIn;
        YamlNode.Scalar[] whole = [.. files.Select(file => file with { Text = Whole(file), IsPlain = false })];
        var replaced = entry with { Value = new YamlNode.Sequence(entry.Place, whole) };
        written = written with { Entries = [.. written.Entries.Select(old => old == entry ? replaced : old)] };
        return given ?? (whole.Length == 0 ? OptionVariants.BuiltIn : Load(key.Name, entry.Place, whole));
    }

    private static OptionVariants Load(string key, YamlPlace place, YamlNode.Scalar[] files)
    {
        var errors = new OptionsErrors();
        if (!Programs.AreAllowed)
        {
            errors.Add(place, key, $"the recipe brings code ({string.Join(", ", files.Select(file => file.Text))}), which a recipe from elsewhere could " +
                "misuse; if you trust it, give --allow-programs, or name the file yourself with --assembly.");
            errors.ThrowIfAny();
        }
        try
        {
            return OptionVariants.FromFiles(files.Select(file => file.Text));
        }
        catch (BadInputException wrong)
        {
            errors.Add(place, key, wrong.Message);
            errors.ThrowIfAny();
            throw;
        }
    }

    /// <summary>One file or a list of files; null where something else is written, which the binder refuses.</summary>
    private static YamlNode.Scalar[]? Files(YamlNode node) => node switch
    {
        YamlNode.Scalar { IsNull: false } file => [file],
        YamlNode.Sequence list when list.Items.All(item => item is YamlNode.Scalar { IsNull: false }) => [.. list.Items.Cast<YamlNode.Scalar>()],
        _ => null,
    };

    private static string Whole(YamlNode.Scalar file) => file.Text == "" ? ""
        : File.Exists(file.Place.Source) ? Path.GetFullPath(file.Text, Path.GetDirectoryName(Path.GetFullPath(file.Place.Source))!)
        : Path.GetFullPath(file.Text);
}

/// <summary>Marks the key of a recipe that names assemblies: a list of files, or one.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AssembliesAttribute : Attribute
{
    /// <summary>What the key says of itself.</summary>
    public const string Description = "Assemblies of yours whose tasks, objectives, reward parts and output rules this recipe can name: a file or a list, " +
        "relative to the recipe. Loaded only with --allow-programs; --assembly on the command line replaces them, and needs no permission.";
}
