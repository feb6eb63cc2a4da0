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
        Assert.Equal([$"{path}:2 not valid JSON", $"{path}:3 not an object", $"{path}:4 not UTF-8", $"{path}:5 not valid JSON", $"{path}:6 a key twice",
            $"{path}:7 not valid JSON"], _damaged);
    }

    [Theory]
    [InlineData("a.txt", "x", "a.txt: '.txt' files are not read; give .jsonl, .json, .csv, .tsv (these also .gz) or .parquet.")]
    [InlineData("a.json", "{\"a\":", "a.json: not valid JSON (Expected")]
    [InlineData("a.json", "", "a.json: is empty; give a file with rows.")]
    [InlineData("a.json", "[{\"a\":1,\"a\":2}]", "a.json: an object in it has a key twice; give each key once, or write JSON lines, where such rows can be left out.")]
    [InlineData("a.csv", "problem,answer,answer\n1,2,3\n", "a.csv:1: the header names 'answer' twice; give each column a name of its own.")]
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
    public void A_folder_is_no_file()
    {
        Directory.CreateDirectory(_folder.In("set.jsonl"));
        Assert.Equal($"{_folder.In("set.jsonl")}: is a folder; give the data files in it by name.",
            Assert.Throws<BadInputException>(() => DataReader.Read(_folder.In("set.jsonl"), Note).Count()).Message);
        File.WriteAllText(_folder.In("set.jsonl", "a.csv"), "");
        Assert.Equal($"{_folder.In("set.jsonl")}: is a folder; give the data files in it by name, such as a.csv.",
            Assert.Throws<BadInputException>(() => DataReader.Read(_folder.In("set.jsonl"), Note).Count()).Message);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused_with_their_place()
    {
        File.WriteAllBytes(_folder.In("a.json"), [.. "[{\"a\":\n\"x"u8, 0xC3, .. "\"}]"u8]);
        Assert.Equal($"{_folder.In("a.json")}: is not UTF-8 at line 2, byte 3; write it as UTF-8.",
            Assert.Throws<BadInputException>(() => DataReader.Read(_folder.In("a.json"), Note).Count()).Message);
    }

    [Fact]
    public void A_small_file_that_unpacks_to_a_thousand_times_its_size_is_refused_on_the_way()
    {
        var path = _folder.In("bomb.jsonl.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Optimal))
        {
            var megabyte = new byte[1 << 20];
            Array.Fill(megabyte, (byte)'\n');
            for (var i = 0; i < 200; i++) gzip.Write(megabyte);
        }
        Assert.Equal($"{path}: unpacks to more than 100 times its size, as data hardly does; unpack it yourself, if it is meant to be so.",
            Assert.Throws<BadInputException>(() => DataReader.Read(path, Note).Count()).Message);
    }

    [Fact]
    public async Task A_parquet_file_that_unpacks_to_a_thousand_times_its_size_is_refused_before_it_is_read()
    {
        var path = _folder.In("bomb.parquet");
        await using (var stream = File.Create(path))
            await ParquetSerializer.SerializeAsync(
                Enumerable.Range(0, 3000).Select(i => new Turn { role = $"{i}", content = new string('x', 40 << 10) + i }), stream,
                new Parquet.ParquetOptions { CompressionMethod = Parquet.CompressionMethod.Gzip });
        Assert.InRange(new FileInfo(path).Length, 0, 1 << 20);
        var error = Assert.Throws<BadInputException>(() => DataReader.Read(path, Note).Count());
        Assert.Equal($"{path}: unpacks to more than 100 times its size, as data hardly does; unpack it yourself, if it is meant to be so.", error.Message);
    }

    [Fact]
    public void A_gzipped_file_with_any_byte_changed_is_read_or_refused()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 300).Select(i => $"{{\"problem\":\"{i * 7919}\",\"answer\":\"{i}\"}}\n"))));
        var (whole, path, refused) = (packed.ToArray(), _folder.In("a.jsonl.gz"), 0);
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte[1, 255]).Sample((at, change) =>
        {
            byte[] bytes = [.. whole];
            bytes[at] ^= change;
            File.WriteAllBytes(path, bytes);
            try
            {
                _ = DataReader.Read(path, (_, _) => { }).Count();
            }
            catch (BadInputException damaged)
            {
                Assert.StartsWith($"{path}: damaged after row ", damaged.Message, StringComparison.Ordinal);
                refused++;
            }
        }, iter: 300, threads: 1);
        Assert.True(refused > 150, $"{refused} were refused: the sum at the end should show nearly every change");
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
