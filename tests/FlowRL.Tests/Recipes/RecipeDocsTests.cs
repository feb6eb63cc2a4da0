using FlowRL.Configuration;
using FlowRL.Lab.Comparison;
using FlowRL.Recipes;

namespace FlowRL.Tests.Recipes;

public sealed class RecipeDocsTests
{
    /// <summary>To bring docs/recipes.md up to date, replace its tables by what <c>flowrl schema train --markdown</c> and
    /// <c>flowrl schema sft --markdown</c> print.</summary>
    [Fact]
    public void The_page_holds_the_table_of_all_keys()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "recipes.md"));
        Assert.Equal(OptionsReference.Markdown<TrainRecipe>(), Table(page, "train"));
        Assert.Equal(OptionsReference.Markdown<SftRecipe>(), Table(page, "sft"));
        Assert.Equal(OptionsReference.Markdown<CompareRecipe>(), Table(page, "compare"));
    }

    private static string Table(string page, string name)
    {
        var (begin, end) = ($"<!-- flowrl schema {name} --markdown -->\n", "<!-- end -->");
        var start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        return page[start..page.IndexOf(end, start, StringComparison.Ordinal)];
    }
}
