using FlowRL.Lab.Benchmarking;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Lab.Benchmarking;

public sealed class BenchComparisonTests
{
    private const string Old = """
        {"machine": {"cpu_model": "A", "threads": 2, "vector_bits": 512}, "shapes": {"S": {"parameters": 1,
        "decode": {"tokens_per_second": 100, "speedup_over_tensor": 2, "peak_bytes": 10}, "train": {"tokens_per_second": 50, "speedup_over_tensor": null}},
        "M": {"decode": {"tokens_per_second": 7}}}}
        """;

    private const string New = """
        {"machine": {"cpu_model": "B", "threads": 2, "libtorch": "2"}, "shapes": {"S": {"parameters": 1,
        "decode": {"tokens_per_second": 150, "speedup_over_tensor": 3, "peak_bytes": 5}, "train": {"tokens_per_second": 25, "speedup_over_tensor": 1}}}}
        """;

    [Fact]
    public void Numbers_that_both_have_are_compared_and_machines_too()
    {
        using var folder = new TemporaryFolder();
        var comparison = BenchComparison.Of(folder.Write("old.json", Old), folder.Write("new.json", New));
        Assert.Equal([
            new("S", "decode", "tokens_per_second", 100, 150, 1.5), new("S", "decode", "speedup_over_tensor", 2, 3, 1.5),
            new("S", "decode", "peak_bytes", 10, 5, 0.5), new("S", "train", "tokens_per_second", 50, 25, 0.5)], comparison.Rows);
        Assert.Equal(["the machines differ: cpu_model was A, is B.", "only one file says 'vector_bits' of its machine.",
            "only one file says 'libtorch' of its machine."], comparison.Warnings);
    }

    [Theory]
    [InlineData("", "FILE: it is no JSON (line 1); give files that 'flowrl bench --out' wrote.")]
    [InlineData("{\"shapes\":\n{", "FILE: it is no JSON (line 2); give files that 'flowrl bench --out' wrote.")]
    [InlineData("[]", "FILE: it is no JSON object; give files that 'flowrl bench --out' wrote.")]
    [InlineData("{}", "FILE: it has no 'shapes'; give files that 'flowrl bench --out' wrote.")]
    [InlineData("{\"shapes\": {\"S\": 3}}", "FILE: 'shapes.S' is no object; give files that 'flowrl bench --out' wrote.")]
    [InlineData("{\"shapes\": {\"S\": {\"decode\": {\"tokens_per_second\": \"x\"}}}}",
        "FILE and GOOD measured no shape in common; there is nothing to compare.")]
    public void A_damaged_file_is_named(string content, string message)
    {
        using var folder = new TemporaryFolder();
        var (bad, good) = (folder.Write("bad.json", content), folder.Write("good.json", Old));
        var error = Assert.Throws<BadInputException>(() => BenchComparison.Of(bad, good));
        Assert.Equal(message.Replace("FILE", bad, StringComparison.Ordinal).Replace("GOOD", good, StringComparison.Ordinal), error.Message);
    }
}
