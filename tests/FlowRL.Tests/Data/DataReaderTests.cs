using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Data;
using FlowRL.Tests.Support;
using Parquet.Serialization;

namespace FlowRL.Tests.Data;

public sealed class DataReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _damaged = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_same_rows_in_every_format() => Gen.Select(Gen.String[Gen.OneOf([.. "abc é\"',;\n\t{}\\"]), 1, 12], Gen.String[Gen.OneOf([.. "0123456789"]), 1, 5])
        .Array[1, 8].Sample(rows =>
    {
        var json = rows.Select(row => new JsonObject { ["problem"] = row.Item1, ["answer"] = row.Item2 }).ToList();
        var expected = rows.Select(row => (row.Item1, row.Item2)).ToList();
        Assert.Equal(expected, Read("a.jsonl", string.Join('\n', json.Select(row => row.ToJsonString()))));
        Assert.Equal(expected, Read("a.json", new JsonArray([.. json.Select(row => row.DeepClone())]).ToJsonString()));
        Assert.Equal(expected, Read("b.json", new JsonObject { ["version"] = 1, ["data"] = new JsonArray([.. json.Select(row => row.DeepClone())]) }.ToJsonString()));
        static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        Assert.Equal(expected, Read("a.csv", "problem,answer\r\n" + string.Concat(rows.Select(row => $"{Quoted(row.Item1)},{Quoted(row.Item2)}\r\n"))));
    }, iter: 50, threads: 1);

    [Fact]
    public async Task A_parquet_file_with_conversations_gives_nested_rows()
    {
        var path = _folder.In("verl.parquet");
        await using (var stream = File.Create(path))
        {
            await ParquetSerializer.SerializeAsync(
            [
                new VerlRow { data_source = "gsm8k", prompt = [new Turn { role = "user", content = "2+2?" }], reward_model = new Truth { style = "rule", ground_truth = "4" } },
                new VerlRow { data_source = "gsm8k", prompt = [new Turn { role = "system", content = "Think." }, new Turn { role = "user", content = "1+1?" }], reward_model = new Truth { ground_truth = "2" } },
            ], stream);
        }
        var rows = DataReader.Read(path, Note).ToList();
        Assert.Equal(["4", "2"], rows.Select(row => (string)row.At("reward_model.ground_truth")!));
        Assert.Equal(2, ((JsonArray)rows[1].At("prompt")!).Count);
        Assert.Equal("Think.", (string)rows[1].At("prompt")![0]!["content"]!);
        Assert.Equal($"{path}:2", rows[1].Place);
    }

    [Fact]
    public void A_gzipped_file_with_a_mark_and_windows_line_ends_is_read()
    {
        var path = _folder.In("a.jsonl.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            gzip.Write([.. Encoding.UTF8.Preamble, .. "{\"a\":1}\r\n\r\n{\"a\":2}"u8]);
        Assert.Equal([(1L, 1), (3L, 2)], DataReader.Read(path, Note).Select(row => (row.Number, (int)row.Fields["a"]!)));
        Assert.Empty(_damaged);
    }

    [Fact]
    public void Damaged_lines_are_named_and_the_others_are_read()
    {
        var path = _folder.In("a.jsonl");
        var deep = string.Concat(Enumerable.Repeat("[", 100));
        File.WriteAllBytes(path, [.. "{\"a\":1}\n{\"a\":\n[1]\n"u8, (byte)'{', (byte)'"', 0xFF, .. "\":1}\n"u8, .. Encoding.UTF8.GetBytes($"{{\"a\":{deep}\n"),
            .. "{\"a\":1,\"a\":2}\n\0\n"u8, .. "{\"a\":3}"u8]);
        Assert.Equal([1, 3], DataReader.Read(path, Note).Select(row => (int)row.Fields["a"]!));
        Assert.Equal([$"{path}:2 not valid JSON", $"{path}:3 not an object", $"{path}:4 not UTF-8", $"{path}:5 not valid JSON", $"{path}:6 not valid JSON",
            $"{path}:7 not valid JSON"], _damaged);
    }

    [Fact]
    public void A_line_too_long_to_hold_is_skipped_over()
    {
        using var stream = new MemoryStream([.. "short\n"u8, .. Enumerable.Repeat((byte)'x', 1 << 20), (byte)'\n', .. "last"u8]);
        Assert.Equal([(1L, "short"), (2L, null), (3L, "last")],
            ByteLines.Read(stream, 1 << 17).Select(line => (line.Number, line.Line is { } bytes ? Encoding.UTF8.GetString(bytes.Span) : null)).ToList());
    }

    [Fact]
    public void Lines_come_out_as_they_went_in() => Gen.String[Gen.OneOf([.. "abc"]), 0, 40].Array[1, 30].Sample(lines =>
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines)));
        var read = ByteLines.Read(stream, 1 << 16).Select(line => Encoding.UTF8.GetString(line.Line!.Value.Span)).ToList();
        Assert.Equal(lines[^1] == "" ? lines[..^1] : lines, read);
    });

    [Theory]
    [InlineData("a.txt", "x", "a.txt: '.txt' files are not read; give .jsonl, .json, .csv, .tsv (these also .gz) or .parquet.")]
    [InlineData("a.json", "{\"a\":", "a.json: not valid JSON (Expected")]
    [InlineData("a.json", "{\"a\":1}", "a.json: neither a JSON array nor an object that holds one; rows are objects in an array.")]
    [InlineData("a.parquet", "PAR1 and no more", "a.parquet: not a whole Parquet file (")]
    [InlineData("a.jsonl.gz", "no gzip", "a.jsonl.gz: damaged after row 0 (")]
    public void A_file_that_cannot_be_read_is_refused(string name, string content, string message)
    {
        File.WriteAllText(_folder.In(name), content);
        var error = Assert.Throws<BadInputException>(() => DataReader.Read(_folder.In(name), Note).Count());
        Assert.StartsWith(_folder.In(message), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_cut_is_refused_where_it_ends()
    {
        var path = _folder.In("cut.jsonl.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.NoCompression))
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"{{\"a\":{i}}}\n"))));
        var bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);
        var error = Assert.Throws<BadInputException>(() => DataReader.Read(path, (_, _) => { }).Count());
        Assert.Matches(@"cut\.jsonl\.gz: damaged after row \d{4,} \(", error.Message);
    }

    [Fact]
    public void A_csv_row_with_another_number_of_fields_is_named()
    {
        File.WriteAllText(_folder.In("a.csv"), "problem,answer\n1+1,2\n1,2,3\n2+2,4\n");
        Assert.Equal(2, DataReader.Read(_folder.In("a.csv"), Note).Count());
        Assert.Equal([$"{_folder.In("a.csv")}:3 3 fields, and the header has 2"], _damaged);
    }

    private void Note(string place, string reason) => _damaged.Add($"{place} {reason}");

    private List<(string, string)> Read(string name, string content)
    {
        File.WriteAllText(_folder.In(name), content);
        return [.. DataReader.Read(_folder.In(name), Note).Select(row => ((string)row.Fields["problem"]!, (string)row.Fields["answer"]!))];
    }

#pragma warning disable IDE1006, CA1707 // the names of the columns
    private sealed class VerlRow
    {
        public string? data_source { get; set; }

        public List<Turn>? prompt { get; set; }

        public Truth? reward_model { get; set; }
    }

    private sealed class Turn
    {
        public string? role { get; set; }

        public string? content { get; set; }
    }

    private sealed class Truth
    {
        public string? style { get; set; }

        public string? ground_truth { get; set; }
    }
#pragma warning restore IDE1006, CA1707
}
