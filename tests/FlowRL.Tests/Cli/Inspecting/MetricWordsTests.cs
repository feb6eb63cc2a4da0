using System.Text.Json.Nodes;
using FlowRL.Cli.Inspecting;

namespace FlowRL.Tests.Cli.Inspecting;

public sealed class MetricWordsTests
{
    /// <summary>The logs that are kept in results/ have what runs of each kind write.</summary>
    [Fact]
    public void Every_number_that_runs_log_has_words()
    {
        var logs = Directory.GetFiles(Path.Combine(Repository.Root, "results"), "metrics.jsonl", SearchOption.AllDirectories);
        var names = logs.SelectMany(log => JsonNode.Parse(File.ReadLines(log).Last())!.AsObject().Select(pair => pair.Key)).Distinct().Where(name => name != "step").ToList();
        Assert.InRange(names.Count, 40, 1000);
        Assert.DoesNotContain(names, name => MetricWords.Of(name) is null);
    }

    [Fact]
    public void A_part_of_the_reward_is_named_and_what_is_not_known_stays_without_words()
    {
        Assert.Equal("what 'politeness' gives, mean over responses", MetricWords.Of("reward/politeness"));
        Assert.Null(MetricWords.Of("my_own"));
    }
}
