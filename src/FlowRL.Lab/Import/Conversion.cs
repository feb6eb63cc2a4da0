using System.Globalization;
using System.Text.RegularExpressions;
using FlowRL.Configuration;
using FlowRL.Recipes;

namespace FlowRL.Lab.Import;

/// <summary>
/// One conversion on its way: the settings that are left, the recipe so far, and what has to be said. Rules take settings by key; what no rule
/// takes goes by its row of the table.
/// </summary>
internal sealed partial class Conversion(string trainer, Settings settings, KeyTable keys, string home)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string[]> _sources = new(StringComparer.Ordinal);
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly HashSet<string> _converted = new(StringComparer.Ordinal);
    private readonly List<string> _assumed = [.. settings.Notes];
    private readonly List<string> _refused = [];
    private readonly List<string> _missing = [];
    private readonly OrderedDictionary<string, List<string>> _needless = [];

    public Draft Draft { get; } = new();

    public Settings Settings { get; } = settings;

    public void Assume(string sentence)
    {
        if (!_assumed.Contains(sentence)) _assumed.Add(sentence);
    }

    /// <summary>A setting that the recipe departs from.</summary>
    public void Refuse(string key, string why)
    {
        _converted.Remove(key);
        Say(_refused, key, why);
    }

    /// <summary>A setting that changes what is learnt and that nothing here does.</summary>
    public void Miss(string key, string why) => Say(_missing, key, why);

    /// <summary>A setting that changes nothing beside the others, there as here.</summary>
    public void Idle(string key, string why)
    {
        Remember(key);
        if (Settings.Find(key)?.ToString() is not { } sentence) return;
        if (!_needless.TryGetValue(why, out var settings)) _needless.Add(why, settings = []);
        if (!settings.Contains(sentence)) settings.Add(sentence);
    }

    /// <summary>The setting, if it is given and not nothing; a rule has seen it then.</summary>
    public Setting? Take(string key)
    {
        if (keys.Find(key) is not { Kind: KeyKind.Joined }) throw new InvalidOperationException($"{key} is read by a rule and no row of the table says so.");
        _taken.Add(key);
        return Settings.Find(key) is { Value: not YamlNode.Scalar { IsNull: true } } setting ? setting : null;
    }

    /// <summary>The value in a form, as text; null where it is not given, not known, or of another form, which is then said.</summary>
    public string? Value(string key, ValueForm form, string needed)
    {
        if (Take(key) is not { } setting) return null;
        if (setting.IsOpen) Refuse(key, $"{setting.Doubt}; left out");
        else if (form(setting.Value) is { } value)
        {
            Doubt(setting);
            return value;
        }
        else Refuse(key, $"is not {needed}; left out");
        return null;
    }

    public double? Number(string key) =>
        Value(key, Forms.Number, "a number") is { } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : null;

    /// <summary>A whole number that is 1 or more; null for those below, which stand for no limit or for a default.</summary>
    public long? Count(string key) => Whole(key) is > 0 and var count ? count : null;

    public long? Whole(string key) => Value(key, Forms.Whole, "a whole number") is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    public bool? Flag(string key) => Value(key, Forms.Flag, "true or false") is { } text ? text == "true" : null;

    /// <summary>A text, which may hold what is not known: the recipe has it as it was written then.</summary>
    public string? Text(string key)
    {
        if (Take(key) is not { } setting) return null;
        if (setting.Text is not { } text)
        {
            Refuse(key, "is not a text; left out");
            return null;
        }
        Doubt(setting);
        return text;
    }

    /// <summary>Texts: those of a list, or the one that stands there.</summary>
    public IReadOnlyList<string>? Texts(string key)
    {
        if (Take(key) is not { } setting) return null;
        Doubt(setting);
        return setting.Value is YamlNode.Sequence list ? [.. list.Items.OfType<YamlNode.Scalar>().Select(item => item.Text)]
            : setting.Text is { } one ? [one] : null;
    }

    /// <summary>A path with the home folder in place of <c>~</c>.</summary>
    public string Path(string written) => written == "~" || written.StartsWith("~/", StringComparison.Ordinal) ? home + written[1..] : written;

    /// <summary>Writes a key of the recipe.</summary>
    /// <param name="path">The key here.</param>
    /// <param name="value">As YAML has it.</param>
    /// <param name="comment">What to know beside its source.</param>
    /// <param name="sources">The keys there; those that are given count as converted.</param>
    public void Set(string path, string value, string comment, params string[] sources)
    {
        var given = sources.Where(source => Settings.Find(source) is not null).ToArray();
        foreach (var source in given) _converted.Add(source);
        _sources[path] = given;
        var from = given.Length > 0 ? string.Join(", ", given) : sources.Length > 0 ? $"{trainer}'s default" : "";
        Draft.Set(path, value, from == "" ? comment : comment == "" ? from : $"{from}: {comment}");
    }

    public void Set(string path, double value, string comment, params string[] sources) => Set(path, YamlNumbers.Write(value), comment, sources);

    public void SetText(string path, string value, string comment, params string[] sources) => Set(path, OptionsWriter.Text(value), comment, sources);

    /// <summary>A setting that the recipe says by what it leaves to a default.</summary>
    public void Said(string key)
    {
        if (Settings.Find(key) is not null) _converted.Add(key);
    }

    /// <summary>What no rule has taken, row by row, and what the other trainer takes when nothing is given.</summary>
    public void TakeRest()
    {
        foreach (var setting in Settings.All.Where(setting => _taken.Contains(setting.Key)).ToList())
        {
            if (_converted.Contains(setting.Key) || _said.Contains(setting.Key)) continue;
            // A rule has read it: the recipe says it by what it has or leaves out.
            if (setting.Value is YamlNode.Scalar { IsNull: true }) Idle(setting.Key, "set to nothing");
            else _converted.Add(setting.Key);
        }
        foreach (var setting in Settings.All.Where(setting => !_taken.Contains(setting.Key)).ToList()) Rest(setting);
        foreach (var row in keys.Rows)
            if (row is { Kind: KeyKind.Copied, Default: { } value } && !Draft.Has(row.Target)) Draft.Set(row.Target, value, $"{trainer}'s default");
    }

    /// <summary>The recipe as FlowRL reads it: what its reader refuses is left out and said.</summary>
    /// <exception cref="BadInputException">What is left is no recipe.</exception>
    public ConversionReport Finish(string made)
    {
        var needless = _needless.ToDictionary(reason => reason.Key, reason => (IReadOnlyList<string>)reason.Value);
        while (true)
        {
            var (text, paths) = Draft.Write(ConversionReport.Head(made,
                ("Refused: the run departs from these", _refused), ("Without counterpart: these would change what is learnt", _missing),
                ("Assumed", _assumed), ("Not needed: these change nothing here", ConversionReport.Sentences(needless))));
            try
            {
                _ = OptionsFile.Parse<TrainRecipe>(text, "recipe", variants: OptionVariants.BuiltIn);
                return new ConversionReport(text, Settings.All.Count(), [.. _converted], _assumed, _refused, _missing, needless);
            }
            catch (BadInputException wrong)
            {
                var lines = ErrorLine().Matches(wrong.Message).Select(line => (Path: paths.GetValueOrDefault(int.Parse(
                    line.Groups[1].Value, CultureInfo.InvariantCulture)), Reason: line.Groups[2].Value)).Where(line => line.Path is not null).ToList();
                if (lines.Count == 0) throw new BadInputException($"no recipe can be made of it: {wrong.Message}", wrong);
                foreach (var (path, reason) in lines) LeaveOut(path!, reason);
            }
        }
    }

    private void LeaveOut(string path, string reason)
    {
        if (!Draft.Has(path)) return;
        var sentence = $"left out, since FlowRL says: {Setting.OneLine(reason, 300)}";
        foreach (var source in _sources.GetValueOrDefault(path, [])) Refuse(source, sentence);
        if (_sources.GetValueOrDefault(path, []).Length == 0) _refused.Add($"{path}: {Draft.Find(path)} is {sentence}");
        Draft.Remove(path);
    }

    private void Rest(Setting setting)
    {
        var row = keys.Find(setting.Key);
        switch (row)
        {
            case null or { IsPattern: true } when Misspelt(setting.Key) is { } near:
                Say(_missing, setting.Key, $"no such key is known; '{near}' is");
                break;
            case null:
                Say(_missing, setting.Key, "no such key is known");
                break;
            case { Kind: KeyKind.Needless }:
                Idle(setting.Key, row.Word);
                break;
            case { Kind: KeyKind.Copied } when setting.Value is YamlNode.Scalar { IsNull: true }:
                Idle(setting.Key, "set to nothing");
                break;
            case { Kind: KeyKind.Copied } when setting.IsOpen:
                Refuse(setting.Key, $"{setting.Doubt}; left out");
                break;
            case { Kind: KeyKind.Copied, Form: { } form }:
                Doubt(setting);
                if (form(setting.Value) is { } value) Set(row.Target, value, row.Word, setting.Key);
                else Refuse(setting.Key, "has a value that cannot be read; left out");
                break;
            case { Kind: KeyKind.Joined }:
                Idle(setting.Key, "of no effect there beside the other settings");
                break;
            default:
                if ((row.CanBeOff && IsOff(setting)) || setting.Text == row.Default) Idle(setting.Key, "off, or as always here");
                else Say(_missing, setting.Key, row.Word);
                break;
        }
    }

    /// <summary>A thing that this library has not and the other trainer does not do either, because it or what it belongs to is switched off.</summary>
    private bool IsOff(Setting setting) =>
        Parents(setting.Key).Any(parent => Settings.Find($"{parent}.enable")?.Text?.ToUpperInvariant() == "FALSE")
            || setting.Value is YamlNode.Scalar { IsNull: true } or YamlNode.Sequence { Items.Count: 0 } or YamlNode.Mapping { Entries.Count: 0 }
            || setting.Text?.ToUpperInvariant() is "FALSE" or "NO" or "" or "DISABLED";

    /// <summary>A key of the table of which the other is a letter or two away.</summary>
    private string? Misspelt(string key) => keys.Rows.Where(row => !row.IsPattern && row.Kind is KeyKind.Copied or KeyKind.Joined)
        .Select(row => row.Source).FirstOrDefault(known => Math.Abs(known.Length - key.Length) <= 2 && Spelling.Distance(key, known) <= 2);

    private static IEnumerable<string> Parents(string key)
    {
        for (var dot = key.LastIndexOf('.'); dot > 0; dot = key.LastIndexOf('.', dot - 1)) yield return key[..dot];
    }

    private void Doubt(Setting setting)
    {
        if (setting.Doubt is { } doubt) Assume($"{setting}: {doubt}");
    }

    private void Say(List<string> sentences, string key, string why)
    {
        Remember(key);
        var setting = Settings.Find(key);
        var sentence = $"{setting?.ToString() ?? key}: {why}";
        if (!sentences.Contains(sentence)) sentences.Add(sentence);
    }

    private void Remember(string key)
    {
        _taken.Add(key);
        _said.Add(key);
    }

    [GeneratedRegex(@"^recipe:(\d+): (.*)$", RegexOptions.Multiline)]
    private static partial Regex ErrorLine();
}
