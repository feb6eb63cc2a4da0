using FlowRL.Configuration;
using System.CommandLine.Completions;

namespace FlowRL.Cli.Completion;

/// <summary>What may follow <c>--set</c>: keys section by section, as they are many, and values where a key allows few.</summary>
internal static class KeyCompletion
{
    /// <param name="recipe">Whose keys.</param>
    /// <param name="word">What is typed already: <c>training.opt</c>, or a key with an equals sign.</param>
    public static IEnumerable<CompletionItem> Of(Type recipe, string word)
    {
        var keys = Keys(recipe, "");
        return word.IndexOf('=', StringComparison.Ordinal) is >= 0 and var equals
            ? keys.Where(key => key.Path == word[..equals]).SelectMany(key => Values(key.Key.Value)).Distinct()
                .Select(value => new CompletionItem($"{word[..equals]}={value}"))
            : keys.Where(key => key.Path.StartsWith(word, StringComparison.Ordinal)).SelectMany(key => Next(key, word)).DistinctBy(item => item.Label);
    }

    // 'tr' goes on with 'training.' and that with 'training.steps='; a variant has a value and keys below it.
    private static IEnumerable<CompletionItem> Next(ListedKey key, string word)
    {
        var end = key.Path.IndexOf('.', word.Length);
        if (end >= 0) yield return new CompletionItem(key.Path[..(end + 1)]);
        else if (key.Key.Value.Kind is not (RecipeValueKind.Record or RecipeValueKind.Patch or RecipeValueKind.Map))
            yield return new CompletionItem($"{key.Path}=", detail: key.Key.Description);
    }

    private static IEnumerable<string> Values(OptionValue value) => value.Kind switch
    {
        RecipeValueKind.Boolean => ["true", "false"],
        RecipeValueKind.Choice => OptionNames.Choices(value.Type),
        RecipeValueKind.Variant => OptionVariants.BuiltIn.Of(value.Type).Keys,
        _ => [],
    };

    /// <summary>With those of the recipes inside a recipe: <c>train.training.steps</c> of a comparison.</summary>
    private static IEnumerable<ListedKey> Keys(Type recipe, string above) => OptionsKeys.Of(recipe, OptionVariants.BuiltIn)
        .Select(key => key with { Path = above + key.Path })
        .SelectMany(key => key.Key.Value.Kind == RecipeValueKind.Patch ? Keys(key.Key.Value.Patched, $"{key.Path}.").Prepend(key) : [key]);
}
