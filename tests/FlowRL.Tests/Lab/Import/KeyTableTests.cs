using FlowRL.Configuration;
using FlowRL.Lab.Import;
using FlowRL.Recipes;

namespace FlowRL.Tests.Lab.Import;

/// <summary>The tables of keys are one with the code that converts, the recipes that FlowRL reads, and the page that shows them.</summary>
public sealed class KeyTableTests
{
    /// <summary>To bring docs/coming-from.md up to date, replace its tables by what <c>flowrl recipe --from trl --keys</c> and
    /// <c>flowrl recipe --from verl --keys</c> print.</summary>
    [Theory]
    [InlineData("trl")]
    [InlineData("verl")]
    public void The_page_holds_the_tables(string trainer)
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "coming-from.md"));
        var begin = $"<!-- flowrl recipe --from {trainer} --keys -->\n";
        var start = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.Equal(RecipeImport.Keys(trainer), page[start..page.IndexOf("<!-- end -->", start, StringComparison.Ordinal)]);
    }

    [Theory]
    [InlineData("trl")]
    [InlineData("verl")]
    public void Every_key_that_is_named_here_is_one_of_a_recipe(string trainer)
    {
        var known = OptionsReference.Markdown<TrainRecipe>().Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('`')[1]).Append("objective.type").ToHashSet();
        var rows = RecipeImport.Find(trainer).Keys.Rows.Where(row => row.Kind is KeyKind.Copied or KeyKind.Joined).ToList();

        Assert.True(rows.Count > 40);
        Assert.Equal([], rows.SelectMany(row => row.Target.Split(", ")).Where(target => !known.Contains(target)).ToList());
    }

    /// <summary>A rule that reads a key without a row ends the conversion, so that this finds the rows that no rule reads.</summary>
    [Theory]
    [InlineData("trl")]
    [InlineData("verl")]
    public void Every_row_says_a_word_or_copies_and_none_is_there_twice(string trainer)
    {
        var rows = RecipeImport.Find(trainer).Keys.Rows;
        Assert.DoesNotContain(rows, row => row.Kind is KeyKind.Missing or KeyKind.Needless && row.Word == "");
        Assert.DoesNotContain(rows, row => row.Kind == KeyKind.Copied && row.Form is null);
        Assert.Empty(rows.GroupBy(row => row.Source).Where(same => same.Count() > 1).Select(same => same.Key));
    }

    /// <summary>
    /// A recipe that has another trainer's key is told FlowRL's, by a table of names alone, which says the same as the one with meanings. Told otherwise
    /// are truncated sampling, which is for evaluations here, and pieces of an update, which are bounded by tokens; names of a critic or of validation
    /// are no names of their own.
    /// </summary>
    [Theory]
    [InlineData("trl", 40)]
    [InlineData("verl", 30)]
    public void What_a_misplaced_key_is_told_is_what_it_becomes(string trainer, int least)
    {
        string[] otherwise = ["gradient_accumulation_steps", "top_p", "top_k", "min_p"];
        var compared = 0;
        foreach (var row in RecipeImport.Find(trainer).Keys.Rows.Where(row => row.Kind is KeyKind.Copied or KeyKind.Joined))
        {
            var name = row.Source.Split('.')[^1];
            var told = ForeignKeys.Find(name).SelectMany(target => target.Keys).ToList();
            if (told.Count == 0 || otherwise.Contains(name) || row.Source.Contains("val_kwargs") || row.Source.StartsWith("critic.", StringComparison.Ordinal)) continue;
            compared++;
            Assert.True(row.Target.Split(", ").Any(target => told.Any(key => target == key || target.StartsWith($"{key}.", StringComparison.Ordinal))),
                $"{row.Source} becomes {row.Target}, and is told {string.Join(", ", told)}");
        }
        Assert.True(compared >= least, $"{compared} names are in both tables");
    }
}
