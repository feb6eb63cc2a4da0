using System.Globalization;
using System.Text;
using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>One setting of another trainer, as it was written.</summary>
/// <param name="Key">Dotted, without what Hydra writes before it.</param>
/// <param name="Value">What it is set to.</param>
/// <param name="Doubt">Why the value may be another one; null where it is certain.</param>
/// <param name="IsOpen">Whether a part of the value is not known, and stands there as it was written.</param>
internal sealed record Setting(string Key, YamlNode Value, string? Doubt = null, bool IsOpen = false)
{
    private const int LongestKey = 120;
    private const int LongestValue = 80;

    public YamlPlace Place => Value.Place;

    /// <summary>Its text; null for a list or keys below it.</summary>
    public string? Text => (Value as YamlNode.Scalar)?.Text;

    /// <summary>For people: <c>key=value</c> on one line.</summary>
    public override string ToString() => $"{OneLine(Key, LongestKey)}={OneLine(Value is YamlNode.Scalar s ? s.Text : OptionsWriter.Flow(Value), LongestValue)}";

    /// <summary>A text that somebody else wrote, on one line, bounded, without what would move a terminal's cursor or turn its text around.</summary>
    public static string OneLine(string text, int longest)
    {
        var line = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= longest) return line.Append("...").ToString();
            line.Append(Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned ? " " : rune.ToString());
        }
        return line.ToString();
    }
}

/// <summary>The settings of one training run of another trainer; of those that are given twice the last counts.</summary>
internal sealed class Settings
{
    /// <summary>More than any run has, and few enough for their names to fit into a recipe's comments.</summary>
    public const int Most = 1000;

    private readonly OrderedDictionary<string, Setting> _all = new(StringComparer.Ordinal);
    private readonly List<string> _notes = [];

    public IEnumerable<Setting> All => _all.Values;

    /// <summary>What the readers took for granted, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What is started, such as <c>verl.trainer.main_ppo</c> or <c>grpo</c>; empty where the file does not say.</summary>
    public string Program { get; set; } = "";

    public Setting? Find(string key) => _all.GetValueOrDefault(key);

    public void Note(string sentence)
    {
        if (!_notes.Contains(sentence)) _notes.Add(sentence);
    }

    /// <exception cref="BadInputException">There are too many.</exception>
    public void Put(Setting setting)
    {
        _all.Remove(setting.Key);
        _all.Add(setting.Key, setting);
        if (_all.Count > Most)
            throw new BadInputException($"{setting.Place}has more than {Most} settings; give the file of one run.");
    }

    /// <summary>Takes away a key and all that is below it.</summary>
    public void Remove(string key)
    {
        foreach (var below in _all.Keys.Where(one => one == key || one.StartsWith($"{key}.", StringComparison.Ordinal)).ToList()) _all.Remove(below);
    }
}
