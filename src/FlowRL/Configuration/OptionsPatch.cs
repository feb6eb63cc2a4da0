namespace FlowRL.Configuration;

/// <summary>What patches of all recipes share.</summary>
public abstract class OptionsPatch
{
    private protected OptionsPatch(YamlNode.Mapping written) => Written = written;

    internal YamlNode.Mapping Written { get; }

    /// <summary>Reads a text; <paramref name="sourceName"/> stands for the file in error messages.</summary>
    /// <exception cref="BadInputException">The text is not YAML, or not a list of keys.</exception>
    public static OptionsPatch<T> Parse<T>(string text, string sourceName) where T : class
    {
        var errors = new OptionsErrors();
        var document = YamlReader.Document(text, sourceName, errors);
        errors.ThrowIfAny();
        return new OptionsPatch<T>(document!);
    }

    /// <summary>Keys of both: where both are mappings, key by key; otherwise the changed one.</summary>
    private protected static YamlNode.Mapping Merge(YamlNode.Mapping into, YamlNode.Mapping changes)
    {
        var kept = into.Entries.Select(old => changes.Find(old.Key) is { } change ? change with { Value = Merge(old.Value, change.Value) } : old);
        return into with { Entries = [.. kept, .. changes.Entries.Where(change => into.Find(change.Key) is null)] };
    }

    private static YamlNode Merge(YamlNode old, YamlNode change) => change is YamlNode.Mapping changes
        // Whoever names a type starts from its defaults: keys of the old type would mean nothing.
        && changes.Find(OptionVariants.TypeKey) is null && old is not YamlNode.Sequence
        ? Merge(OptionsOverrides.AsMapping(old), changes) : change;
}

/// <summary>
/// Some keys of a recipe of type <typeparamref name="T"/>, as they were written: a whole recipe, or changes to one. What they say is
/// checked when they become a recipe, with the places where they stand.
/// </summary>
public sealed class OptionsPatch<T> : OptionsPatch where T : class
{
    internal OptionsPatch(YamlNode.Mapping written) : base(written) { }

    /// <summary>These keys with <paramref name="changes"/> on top of them.</summary>
    public OptionsPatch<T> With(OptionsPatch<T> changes) => new(Merge(Written, changes.Written));

    /// <summary>The recipe that the keys make.</summary>
    /// <param name="variants">
    /// What <c>type:</c> can select. When null: this library's own and those of the assemblies that the keys name, if <see cref="Programs"/> are allowed.
    /// </param>
    /// <exception cref="BadInputException">Something in it is wrong.</exception>
    public T ToRecipe(OptionVariants? variants = null)
    {
        var errors = new OptionsErrors();
        var written = Written;
        var known = AssemblyKey.Load(ref written, typeof(T), variants);
        var recipe = (T)new OptionsBinder(known, errors).Bind(written, typeof(T));
        errors.ThrowIfAny();
        return recipe;
    }
}
