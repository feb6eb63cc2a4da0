using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>Settings from YAML: keys below keys become dotted ones, lists stay lists.</summary>
internal static class YamlSettings
{
    /// <exception cref="BadInputException">The text is not YAML, or no list of keys.</exception>
    public static void Read(string text, string source, Settings settings)
    {
        var errors = new OptionsErrors();
        var document = YamlReader.Document(text, source, errors);
        errors.ThrowIfAny();
        foreach (var entry in document!.Entries) Put(settings, entry.Key, entry.Value, null, false);
    }

    /// <summary>One value, and what is below it.</summary>
    public static void Put(Settings settings, string key, YamlNode value, string? doubt, bool isOpen)
    {
        if (value is YamlNode.Mapping { Entries.Count: > 0 } mapping)
        {
            foreach (var entry in mapping.Entries) Put(settings, $"{key}.{entry.Key}", entry.Value, doubt, isOpen);
            return;
        }
        settings.Put(new Setting(key, value is YamlNode.Scalar { IsPlain: true } scalar ? HydraValue.Scalar(scalar.Text, scalar.Place) : value, doubt, isOpen));
    }
}
