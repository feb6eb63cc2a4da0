using FlowRL.Data;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Data;

public sealed class JsonRowsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""[{"problem":"1+1","answer":"2"},{"problem":"2+2","answer":"4"}]""")]
    [InlineData("""{"version":1,"data":[{"problem":"1+1","answer":"2"},{"problem":"2+2","answer":"4"}]}""")]
    [InlineData("""{"train":[{"problem":"1+1","answer":"2"},{"problem":"2+2","answer":"4"}],"test":[{"problem":"3+3","answer":"6"}]}""")]
    [InlineData("""{"problem":["1+1","2+2"],"answer":["2","4"]}""")] // to_dict(orient="list")
    [InlineData("""{"problem":{"0":"1+1","1":"2+2"},"answer":{"0":"2","1":"4"}}""")] // to_json()
    [InlineData("""{"0":{"problem":"1+1","answer":"2"},"1":{"problem":"2+2","answer":"4"}}""")] // orient="index"
    [InlineData("""{"columns":["problem","answer"],"index":[0,1],"data":[["1+1","2"],["2+2","4"]]}""")] // orient="split"
    public void Rows_are_found_in_every_usual_shape(string json) =>
        Assert.Equal([(1L, "1+1", "2"), (2L, "2+2", "4")],
            Read(json).Select(row => (row.Number, (string)row.Fields["problem"]!, (string)row.Fields["answer"]!)));

    [Fact]
    public void Columns_may_hold_conversations_and_objects()
    {
        var row = Assert.Single(Read("""{"prompt":[[{"role":"user","content":"1+1?"}]],"reward_model":[{"ground_truth":"2"}]}"""));
        Assert.Equal(("user", "2"), ((string)row.At("prompt")![0]!["role"]!, (string)row.At("reward_model.ground_truth")!));
    }

    [Theory]
    [InlineData("""{"problem":["a","b"],"answer":["2"]}""",
        "is a table of columns that differ in length ('problem' has 2 values, 'answer' 1); give rows, objects in an array.")]
    [InlineData("""{"columns":["a","a"],"data":[["1","2"]]}""", "'columns' is no list of different names; give rows, objects in an array.")]
    [InlineData("""{"train":{"problem":"a"},"test":{"problem":"b"}}""", "neither a JSON array nor an object that holds one; rows are objects in an array.")]
    [InlineData("7", "neither a JSON array nor an object that holds one; rows are objects in an array.")]
    public void What_is_no_table_is_refused(string json, string message) =>
        Assert.Equal($"{_folder.In("a.json")}: {message}", Assert.Throws<BadInputException>(() => Read(json)).Message);

    [Fact]
    public void An_object_that_is_kept_as_text_is_looked_into()
    {
        var row = Assert.Single(Read("""[{"reward_model":"{\"ground_truth\": 4}","other":"{not JSON}"}]"""));
        Assert.Equal(4, (int)row.At("reward_model.ground_truth")!);
        Assert.Null(row.At("other.ground_truth"));
    }

    private List<DataRow> Read(string json) =>
        [.. DataReader.Read(_folder.Write("a.json", json), (place, reason) => Assert.Fail($"{place} {reason}"))];
}
