using System.Text.RegularExpressions;
using FlowRL.Configuration;

namespace FlowRL.Lab.Import;

/// <summary>
/// What <c>${data.max_response_length}</c>, <c>${oc.select:key,otherwise}</c> and <c>${oc.env:NAME,otherwise}</c> stand for in verl's settings. What is
/// not known stays as it was written.
/// </summary>
internal sealed partial class Interpolation(Settings settings, string home)
{
    private const int MostDepth = 8;
    private const int Longest = 4096;

    public void Resolve()
    {
        foreach (var setting in settings.All.ToList())
        {
            if (!Mark().IsMatch(setting.Text ?? OptionsWriter.Flow(setting.Value))) continue;
            var isOpen = false;
            var value = Node(setting.Value, setting.Key, ref isOpen);
            var doubt = isOpen ? setting.Doubt ?? "it refers to something that the file does not say" : setting.Doubt;
            settings.Put(setting with { Value = value, Doubt = doubt, IsOpen = setting.IsOpen || isOpen });
        }
    }

    private YamlNode Node(YamlNode node, string key, ref bool isOpen)
    {
        switch (node)
        {
            case YamlNode.Scalar scalar:
                return scalar.IsPlain || Mark().IsMatch(scalar.Text) ? HydraValue.Scalar(Text(scalar.Text, key, 0, ref isOpen), scalar.Place) : scalar;
            case YamlNode.Sequence list:
                var items = new List<YamlNode>();
                foreach (var item in list.Items) items.Add(Node(item, key, ref isOpen));
                return list with { Items = items };
            default:
                return node;
        }
    }

    private string Text(string text, string key, int depth, ref bool isOpen)
    {
        if (depth > MostDepth || text.Length > Longest)
        {
            isOpen = true;
            return text;
        }
        var result = text;
        foreach (Match mark in Mark().Matches(text))
        {
            if (Named(mark.Groups[1].Value.Trim(), key) is { } known)
                result = result.Replace(mark.Value, Text(known, key, depth + 1, ref isOpen), StringComparison.Ordinal);
            else isOpen = true;
        }
        if (result.Length <= Longest) return result;
        isOpen = true;
        return text;
    }

    private string? Named(string name, string key)
    {
        var (kind, rest) = name.Split(':', 2) is [var first, var second] ? (first, second) : ("", name);
        var comma = rest.IndexOf(',', StringComparison.Ordinal);
        var (wanted, otherwise) = comma < 0 ? (rest.Trim(), null) : (rest[..comma].Trim(), rest[(comma + 1)..].Trim(' ', '"', '\''));
        if (kind == "oc.env") return wanted == "HOME" ? home : otherwise;
        if (kind is not ("" or "oc.select")) return null;
        return settings.Find(Absolute(wanted, key)) is { Value: YamlNode.Scalar { Text: var text } } ? text : otherwise;
    }

    // .name is beside the key, ..name one level further up.
    private static string Absolute(string wanted, string key)
    {
        if (!wanted.StartsWith('.')) return wanted;
        var up = wanted.TakeWhile(c => c == '.').Count();
        var parents = key.Split('.').SkipLast(up);
        return string.Join('.', parents.Append(wanted[up..]));
    }

    [GeneratedRegex(@"\$\{([^{}$]{1,400})\}")]
    private static partial Regex Mark();
}
