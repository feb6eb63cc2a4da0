using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using FlowRL.Data;
using FlowRL.Tasks.Code;
using FlowRL.Tests.Support;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Tasks.Code;

public sealed class CodeLayoutTests
{
    [Theory]
    [InlineData("""{"problem":"p","tests":{"inputs":["1\n"],"outputs":["2"]}}""", "tests", "Whole 1\n 2")]
    [InlineData("""{"problem":"p","tests":"{\"inputs\":[\"1\"],\"outputs\":[\"2\"]}"}""", "tests", "Whole 1 2")]
    [InlineData("""{"problem":"p","tests":"[{\"type\":\"stdin_stdout\",\"input\":\"1\",\"output\":\"2\"}]"}""", "tests", "Whole 1 2")]
    [InlineData("""{"question":"p","tests":{"fn_name":"f","inputs":[[1,[2]]],"outputs":[[3]]}}""", "tests", "Arguments f [1,[2]] [3]")]
    [InlineData("""{"problem":"p","tests":"[{\"type\":\"function_call\",\"fn_name\":\"f\",\"input\":[1,\"a\"],\"output\":[2]}]"}""", "tests", "Arguments f [1,\"a\"] [2]")]
    [InlineData("""{"problem":"p","tests":[{"input":"1\n\"a\"","output":"2","testtype":"functional","metadata":{"func_name":"f"}}]}""", "tests", "Arguments f [1,\"a\"] 2")]
    [InlineData("""{"problem":"p","tests":[{"call":"f(1)","expected":"(1,)"}]}""", "tests", "Call f(1) \"(1,)\"")]
    [InlineData("""{"problem":"p","tests":"assert f(1) == 1"}""", "tests", "Script assert f(1) == 1")]
    [InlineData("""{"data_source":"x","prompt":[{"role":"user","content":"p"}],"reward_model":{"ground_truth":"{\"inputs\":[\"1\"],\"outputs\":[\"2\"]}"}}""", "verl_code", "Whole 1 2")]
    [InlineData("""{"question_content":"p","public_test_cases":"[{\"input\":\"1\",\"output\":\"2\",\"testtype\":\"stdin\"}]"}""", "livecodebench", "Whole 1 2")]
    [InlineData("""{"question_content":"p","metadata":"{\"func_name\":\"f\"}","public_test_cases":"[{\"input\":\"1\\n[2]\",\"output\":\"3\"}]"}""", "livecodebench", "Arguments f [1,[2]] 3")]
    [InlineData("""{"problem":"p","tests":{"fn_name":"","inputs":["1\n"],"outputs":["2"]}}""", "tests", "Whole 1\n 2")]
    [InlineData("""{"problem":"p","tests":{"fn_name":null,"inputs":["1\n"],"outputs":["2"]}}""", "tests", "Whole 1\n 2")]
    [InlineData("""{"problem":"p","tests":[{"fn_name":" ","input":"1","output":"2"}]}""", "tests", "Whole 1 2")]
    [InlineData("""{"problem":"p","tests":[{"input":"1","output":"2","metadata":{"func_name":""}}]}""", "tests", "Whole 1 2")]
    [InlineData("""{"problem":"p","tests":[{"fn_name":"","input":"1","output":"2","script":"","functional":""}]}""", "tests", "Whole 1 2")]
    [InlineData("""{"problem":"p","input_output":"{\"fn_name\":\"\",\"inputs\":[\"1\"],\"outputs\":[\"2\"]}"}""", "tests", "Whole 1 2")]
    [InlineData("""{"question_content":"p","metadata":"{\"func_name\":\"\"}","public_test_cases":"[{\"input\":\"1\",\"output\":\"2\"}]"}""", "livecodebench", "Whole 1 2")]
    [InlineData("""{"problem":"p","tests":{"functional":"def check(candidate): pass"}}""", "tests", "Script def check(candidate): pass")]
    [InlineData("""{"problem":"p","tests":"{\"functional\":\"def check(candidate): pass\"}"}""", "tests", "Script def check(candidate): pass")]
    [InlineData("""{"problem":"p","functional":"def check(candidate): pass"}""", "tests", "Script def check(candidate): pass")]
    [InlineData("""{"question":"p","test":"from solution import f","solution":"x"}""", "tests", "Script from solution import f")]
    [InlineData("""{"prompt":[{"role":"user","content":"p"}],"reward_model":{"ground_truth":"{\"functional\":\"def check(candidate): pass\"}"}}""", "verl_code", "Script def check(candidate): pass")]
    [InlineData("""{"problem_description":"p","prompt":"import math","entry_point":"Solution().f","test":"def check(candidate): pass"}""", "leetcode", "Script def check(candidate): pass")]
    public void Tests_are_read_whatever_their_layout(string row, string layout, string test)
    {
        var (found, content) = Read(row);

        Assert.Equal(layout, found);
        Assert.Equal("p", content!.Text);
        Assert.Equal(test, Shown(Assert.Single(content.Problem.Tests.Items)));
    }

    [Theory]
    [InlineData("""{"problem":"p","tests":{"functional":"t","entry_point":"f"}}""", "f")]
    [InlineData("""{"problem":"p","tests":{"functional":"t"},"entry_point":"Solution().f"}""", "Solution().f")]
    [InlineData("""{"problem":"p","tests":[{"functional":"t"}]}""", "")]
    public void The_function_that_a_check_is_about_is_read(string row, string function) => Assert.Equal(function, Read(row).Content!.Problem.Tests.Function);

    [Fact]
    public void A_leet_code_program_stands_behind_what_the_row_puts_before_all()
    {
        var (_, content) = Read("""{"problem_description":"p","prompt":"import math\n","entry_point":"Solution().f","test":"t","starter_code":"class Solution:"}""");

        Assert.Equal("p\n\nBegin with this code:\n```python\nclass Solution:\n```\n", content!.Text);
        Assert.Equal("import math\n\n\nfrom x import y\nclass Solution:\n    pass",
            ProgramAssembly.Of(content.Problem, "```python\nfrom x import y\nclass Solution:\n    pass\n```"));
    }

    [Theory]
    [InlineData("""{"problem":"p","tests":[]}""", "'tests' are empty, and every program would pass")]
    [InlineData("""{"problem":"p","tests":{"inputs":["1"],"outputs":[]}}""", "1 inputs and 0 outputs")]
    [InlineData("""{"problem":"p","tests":[{"input":"1"}]}""", "test 1: neither 'input' with 'output', 'call' with 'expected', nor 'script'")]
    [InlineData("""{"problem":"p","tests":[3]}""", "test 1: neither a text nor an object")]
    [InlineData("""{"problem":"p","tests":7}""", "no 'tests' that are a list, an object or a script")]
    [InlineData("""{"prompt":"p","code":"c","test_list":["assert f()"],"test":"assert g()"}""", "MBPP+ is read from the files of EvalPlus, which have 'base_input'; 'test_list' is not all of its tests")]
    [InlineData("""{"other":"p","tests":"assert f()"}""", "'problem' or 'question' or 'description' or 'prompt' is not what it should be")]
    public void Damaged_tests_are_named(string row, string problem)
    {
        _ = CodeLayout.Known.First(layout => layout.Fits(Row(row))).Read(Row(row), out var said);

        Assert.Equal(problem, said);
    }

    [Fact]
    public void The_sanitized_mbpp_imports_what_its_tests_need()
    {
        var (layout, content) = Read("""{"prompt":"p","code":"def f(): pass","test_imports":["import math"],"test_list":["assert math.isclose(f(), 1)"]}""");

        Assert.Equal("mbpp", layout);
        Assert.StartsWith("p\n", content!.Text, StringComparison.Ordinal);
        Assert.Contains("import math\nassert math.isclose(f(), 1)\n", Shown(Assert.Single(content.Problem.Tests.Items)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_with_anything_anywhere_is_read_or_named() => OddRows.Of(Rows).Sample(row =>
    {
        foreach (var layout in CodeLayout.Known.Where(layout => layout.Fits(row)))
        {
            var read = layout.Read(row, out var said);
            Assert.Equal(read is null, said != "");
        }
    }, iter: 20_000);

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Packed_tests_are_unpacked_without_running_them(int protocol)
    {
        const string Tests = """[{"input":"ü","output":"2"}]""";
        var bytes = Encoding.UTF8.GetBytes(Tests);
        byte[] pickle = [0x80, (byte)protocol, 0x95, 0, 0, 0, 0, 0, 0, 0, 0, 0x8C, (byte)bytes.Length, .. bytes, 0x94, (byte)'.'];

        var (_, content) = Read(new JsonObject { ["question_content"] = "p", ["public_test_cases"] = "[]", ["private_test_cases"] = Pack(pickle) }.ToJsonString());

        Assert.Equal("Whole ü 2", Shown(Assert.Single(content!.Problem.Tests.Items)));
    }

    [Fact]
    public void A_pickle_that_is_more_than_a_text_is_refused()
    {
        var call = "\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093\u008c\u0002ls\u0085R."u8.ToArray();
        byte[] raw = [0x80, 4, 0x8C, 2, (byte)'o', (byte)'s', 0x8C, 6, .. "system"u8, 0x93, 0x8C, 2, .. "ls"u8, 0x85, (byte)'R', (byte)'.'];

        Assert.All(new[] { call, raw, [0x80, 4], [], [0x80, 4, 0x8D, 255, 255, 255, 255, 255, 255, 255, 127] }, pickle => Assert.Null(PackedText.Read(Pack(pickle))));
        Assert.Null(PackedText.Read("no base64 at all!"));
    }

    [Fact]
    public void A_small_text_that_unpacks_to_a_huge_one_is_refused()
    {
        var length = 10_000_000;
        byte[] head = [0x80, 4, (byte)'X', 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(3), length);
        var packed = Pack([.. head, .. Enumerable.Repeat((byte)'x', length), (byte)'.']);

        Assert.InRange(packed.Length, 0, length / 50);
        Assert.Equal(length, PackedText.Read(packed)?.Length);
        Assert.Null(PackedText.Read(packed, most: 1 << 20));
    }

    private static readonly string[] Rows =
    [
        """{"problem":"p","tests":{"inputs":["1\n"],"outputs":["2"]}}""",
        """{"question":"p","tests":"{\"fn_name\":\"f\",\"inputs\":[[1,[2]]],\"outputs\":[[3]]}","solutions":["x"]}""",
        """{"problem":"p","tests":[{"input":"1\n\"a\"","output":"2","testtype":"functional","metadata":{"func_name":"f"}},{"call":"f(1)","expected":"(1,)"},{"script":["a"]}]}""",
        """{"prompt":[{"role":"user","content":"p"}],"reward_model":{"ground_truth":"{\"inputs\":[\"1\"],\"outputs\":[\"2\"]}"},"extra_info":{"index":1}}""",
        """{"question_content":"p","metadata":"{\"func_name\":\"f\"}","public_test_cases":"[{\"input\":\"1\\n[2]\",\"output\":\"3\"}]","private_test_cases":"[]","starter_code":"s"}""",
        """{"task_id":"a/1","prompt":"def f():","entry_point":"f","canonical_solution":" return 1","base_input":[[1]],"plus_input":[[2]],"atol":0,"assertion":"assert f(1)"}""",
        """{"task_id":"a/1","prompt":"def f():","entry_point":"f","canonical_solution":" return 1","test":"def check(f): assert f()"}""",
        """{"task_id":1,"text":"t","code":"def f(): pass","test_list":["assert f()"],"test_setup_code":""}""",
        """{"task_id":1,"prompt":"t","code":"def f(): pass","test_list":["assert f()"],"test_imports":["import math"]}""",
        """{"name":"n","language":"cs","prompt":"class P {","tests":"}"}""",
        """{"problem":"p","tests":{"functional":"def check(candidate): pass","entry_point":"f"},"entry_point":"f"}""",
        """{"problem_description":"p","prompt":"import math","entry_point":"Solution().f","test":"t","starter_code":"s","completion":"c","task_id":"1"}""",
    ];

    private static string Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(bytes);
        return Convert.ToBase64String(packed.ToArray());
    }

    private static DataRow Row(string json) => new("rows.jsonl", 1, (JsonObject)JsonNode.Parse(json)!);

    private static (string Layout, CodeRow? Content) Read(string json)
    {
        var layout = CodeLayout.Known.First(known => known.Fits(Row(json)));
        return (layout.Name, layout.Read(Row(json), out _));
    }

    private static string Shown(CodeTest test) => test switch
    {
        CodeTest.Whole whole => $"Whole {whole.Input} {whole.Output}",
        CodeTest.Arguments arguments => $"Arguments {arguments.Function} {arguments.Values.ToJsonString()} {arguments.Expected?.ToJsonString()}",
        CodeTest.Call call => $"Call {call.Expression} {call.Expected?.ToJsonString()}",
        CodeTest.Script script => $"Script {script.Text}",
        _ => test.ToString(),
    };
}
