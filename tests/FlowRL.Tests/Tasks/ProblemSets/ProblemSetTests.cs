using CsCheck;
using FlowRL.Configuration;
using FlowRL.Recipes;
using FlowRL.Tasks;
using FlowRL.Tasks.ProblemSets;
using FlowRL.Tests.Support;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Tasks.ProblemSets;

public sealed class ProblemSetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"question":"Q?","answer":"Work.\n#### 1,234"}""", "Q?", "1234")]
    [InlineData("""{"problem":"P","solution":"So \\boxed{\\frac{1}{2}}.","level":"Level 3"}""", "P", @"\frac{1}{2}")]
    [InlineData("""{"problem":"P","answer":142.0,"difficulty":2.0}""", "P", "142")]
    [InlineData("""{"Body":"Two and three","Question":"How many?","Answer":5.0,"Equation":"( 2.0 + 3.0 )","ID":"chal-1"}""", "Two and three How many?", "5")]
    [InlineData("""{"input":"I","target":9.43}""", "I", "9.43")]
    [InlineData("""{"id":1606,"question":"Q","final_answer":["2","3"],"context":null}""", "Q", "2, 3")]
    [InlineData("""{"data_source":"x","prompt":[{"role":"user","content":"U"}],"ability":"math","reward_model":{"style":"rule","ground_truth":"4"},"extra_info":{}}""", "user: U", "4")]
    public void Known_layouts_are_recognised(string row, string prompt, string answer)
    {
        var problem = Load(row)[Split.Test][0].Problem;
        Assert.Equal((prompt, answer), (problem.Prompt.Text, problem.Reference));
    }

    [Fact]
    public void A_row_with_anything_anywhere_is_read_or_named() => OddRows.Of(
    [
        """{"question":"Q?","answer":"Work.\n#### 1,234"}""",
        """{"problem":"P","solution":"So \\boxed{\\frac{1}{2}}.","level":"Level 3","id":1}""",
        """{"Body":"Two and three","Question":"How many?","Answer":5.0,"Equation":"( 2.0 + 3.0 )","ID":"chal-1"}""",
        """{"id":1606,"question":"Q","final_answer":["2","3"],"context":null}""",
        """{"prompt":[{"role":"user","content":"U"}],"reward_model":{"ground_truth":"4"}}""",
    ]).Where(row => RowLayout.Of([row]) is not null).Sample(row =>
    {
        var reader = new AnswerRows(new DataOptions());
        reader.Open([row]);
        var read = reader.Read(row, out var said);
        Assert.Equal(read is null, said != "");
    }, iter: 10_000);

    // Data sets often have a file a topic, with the same names in every folder; solutions are kept by id.
    [Fact]
    public void Files_of_one_name_in_two_folders_have_problems_of_different_ids()
    {
        Directory.CreateDirectory(_folder.In("algebra"));
        Directory.CreateDirectory(_folder.In("geometry"));
        string Row(string text) => $$"""{"problem":"{{text}}","solution":"So \\boxed{1}."}""" + "\n";
        var set = ProblemSet.Load(new DataOptions
        {
            Train = [_folder.Write("algebra/data.jsonl", Row("a")), _folder.Write("geometry/data.jsonl", Row("b"))],
            Test = [_folder.Write("data.jsonl", Row("c") + Row("d"))],
            ValidationShare = 0,
            Shuffle = 0,
        });
        Assert.Equal(["data.jsonl:1", "data.jsonl:2"], set[Split.Test].Select(row => row.Problem.Id));
        Assert.Equal([$"{_folder.In("algebra/data.jsonl")}:1", $"{_folder.In("geometry/data.jsonl")}:1"], set[Split.Train].Select(row => row.Problem.Id));
    }

    [Fact]
    public void Other_layouts_are_mapped()
    {
        var options = new DataOptions { Fields = new FieldMapping { Problem = "in.text", Answer = "out", AnswerSource = AnswerSource.Hashes, Solution = "out", Id = "key" } };
        var row = Load("""{"in":{"text":"Q"},"out":"2 and 2\n#### 4","key":"k7"}""", options)[Split.Test][0];
        Assert.Equal(("k7", "Q", "4", "2 and 2\n#### 4"), (row.Problem.Id, row.Problem.Prompt.Text, row.Problem.Reference, row.Solution));
    }

    // Also where the odd row would be of another layout: a worked solution with a box, and no answer.
    [Theory]
    [InlineData("""{"problem":"a","answer":null}""", """{"problem":"b","answer":"2"}""", "no answer")]
    [InlineData("""{"prompt":[{"role":"user","content":"a"}],"reward_model":{"ground_truth":null}}""",
        """{"prompt":[{"role":"user","content":"b"}],"reward_model":{"ground_truth":"2"}}""", "no reward_model.ground_truth")]
    [InlineData("""{"problem":"a","solution":"\\boxed{3}","answer":null}""", """{"problem":"b","solution":"So it is.","answer":"2"}""", "no answer")]
    [InlineData("""{"question":"a","answer":"No mark."}""", """{"question":"b","answer":"1+1\n#### 2"}""", "no answer in answer")]
    [InlineData("""{"note":"about this file"}""", """{"problem":"b","answer":"2"}""", "no problem")]
    public void A_first_row_that_is_odd_decides_nothing(string first, string other, string reason)
    {
        var file = _folder.Write("test.jsonl", $"{first}\n{other}\n");
        var set = ProblemSet.Load(new DataOptions { Test = [file], Damaged = DamagedRows.Skip });
        Assert.Equal("2", Assert.Single(set[Split.Test]).Problem.Reference);
        Assert.Equal([$"1 left out ({reason}): {file}:1"], set.Report.Lines());
        Assert.Equal($"{file}:1: {reason}; correct the row, or set task.data.damaged to skip.",
            Assert.Throws<BadInputException>(() => ProblemSet.Load(new DataOptions { Test = [file] })).Message);
    }

    [Fact]
    public void Many_first_rows_without_an_answer_are_left_out_too()
    {
        var rows = Enumerable.Range(0, 40).Select(i => $$"""{"question":"q{{i}}","answer":{{(i < 39 ? "null" : "\"7\"")}}}""");
        var set = ProblemSet.Load(new DataOptions { Test = [_folder.Write("test.jsonl", string.Join('\n', rows))], Damaged = DamagedRows.Skip });
        Assert.Equal("7", Assert.Single(set[Split.Test]).Problem.Reference);
    }

    [Fact]
    public void A_conversation_that_is_kept_as_text_is_a_conversation()
    {
        var text = """[{\"role\": \"user\", \"content\": \"1+1?\"}]""";
        Assert.Equal("user: 1+1?", Load($$"""{"prompt":"{{text}}","answer":"2"}""")[Split.Test][0].Problem.Prompt.Text);
        Assert.Equal("user: 1+1?", Load($$$"""{"prompt":"{{{text}}}","reward_model":"{\"ground_truth\": \"2\"}"}""")[Split.Test][0].Problem.Prompt.Text);
        // Lists that are no conversations are problems as they stand.
        Assert.Equal("[1, 2, 3]", Load("""{"problem":"[1, 2, 3]","answer":"6"}""")[Split.Test][0].Problem.Prompt.Text);
        Assert.Equal($"{_folder.In("test.jsonl")}:1: prompt is a conversation in Python's notation, not in JSON's; correct the row, or set task.data.damaged to skip.",
            Assert.Throws<BadInputException>(() => Load("""{"prompt":"[{'role': 'user', 'content': '1+1?'}]","answer":"2"}""")).Message);
    }

    [Theory]
    [InlineData("test.jsonl", "", "is empty")]
    [InlineData("test.jsonl", "\n \n", "holds no rows")]
    [InlineData("test.csv", "problem,answer\n", "holds no rows")]
    [InlineData("test.json", "[]", "holds no rows")]
    public void A_file_without_rows_is_named(string name, string content, string problem)
    {
        var file = _folder.Write(name, content);
        Assert.Equal($"{file}: {problem}; give a file with problems.",
            Assert.Throws<BadInputException>(() => ProblemSet.Load(new DataOptions { Test = [file], Damaged = DamagedRows.Skip })).Message);
    }

    [Fact]
    public void Rows_with_a_problem_alone_are_told_what_is_missing() => Assert.Equal(
        $"{_folder.In("test.jsonl")}:1: has a problem ('prompt') and no answer, and responses are checked against one; name its field in task.data.fields.answer. " +
        "Where reward.parts alone are to score, any text will do as an answer.",
        Assert.Throws<BadInputException>(() => Load("""{"prompt":"1+1?"}""")).Message);

    [Fact]
    public void Fields_of_no_known_layout_are_named() => Assert.Equal(
        $"{_folder.In("test.jsonl")}:1: the fields 'a', 'b' are no known layout; name the fields in task.data.fields (problem, answer), or one of the layouts in task.data.layout.",
        Assert.Throws<BadInputException>(() => Load("""{"a":1,"b":2}""")).Message);

    [Fact]
    public void A_prompt_is_made_as_the_recipe_says()
    {
        Prompt Of(PromptOptions prompt) => Load("""{"problem":"P","answer":"1"}""", new DataOptions { Prompt = prompt })[Split.Test][0].Problem.Prompt;
        Assert.Equal("P", Of(new PromptOptions()));
        Assert.Equal("P\n=", Of(new PromptOptions { Template = "{problem}\n=" }));
        Assert.Equal(new Prompt.Chat([new ChatMessage("system", "S"), new ChatMessage("user", "P!")]), Of(new PromptOptions { Template = "{problem}!", Chat = true, System = "S" }));
    }

    [Fact]
    public void A_conversation_stays_as_it_is_unless_told_otherwise()
    {
        const string row = """{"prompt":[{"role":"system","content":"S"},{"role":"user","content":"U"}],"reward_model":{"ground_truth":"4"}}""";
        Prompt Of(PromptOptions prompt) => Load(row, new DataOptions { Prompt = prompt })[Split.Test][0].Problem.Prompt;
        Assert.Equal(new Prompt.Chat([new ChatMessage("system", "S"), new ChatMessage("user", "U")]), Of(new PromptOptions()));
        Assert.Equal(new Prompt.Chat([new ChatMessage("system", "T"), new ChatMessage("user", "U?")]), Of(new PromptOptions { Template = "{problem}?", System = "T", Chat = true }));
    }

    [Fact]
    public void Rows_that_cannot_be_used_are_counted_or_refused()
    {
        var rows = string.Join('\n', """{"problem":"a","answer":"1"}""", """{"problem":"b"}""", """{"problem":"c","answer":{}}""", """{"problem":"d","answer":""}""",
            """{"problem":" ","answer":"1"}""", """{"problem":"a","answer":"1"}""", """{"problem":"a","answer":"2"}""", """{"problem":"too long","answer":"3"}""", "{",
            """{"problem":7,"answer":"1"}""");
        var set = Load(rows, new DataOptions { Damaged = DamagedRows.Skip, MaxProblemCharacters = 5 });
        var file = _folder.In("test.jsonl");
        Assert.Equal(["a", "7"], set[Split.Test].Select(row => row.Problem.Prompt.Text).Order().Reverse());
        Assert.Equal(2, set.Report.Kept);
        Assert.Equal([$"1 left out (no answer): {file}:2", $"1 left out (answer is not a text, a number or a list of these): {file}:3", $"1 left out (no answer in answer): {file}:4",
            $"1 left out (problem is neither a text nor a conversation): {file}:5", $"1 left out (repeated): {file}:6", $"1 left out (repeated with another answer): {file}:7",
            $"1 left out (over 5 characters): {file}:8", $"1 left out (not valid JSON): {file}:9"], set.Report.Lines());
        Assert.Equal($"{file}:2: no answer; correct the row, or set task.data.damaged to skip.", Assert.Throws<BadInputException>(() => Load(rows)).Message);
    }

    [Fact]
    public void What_is_tested_is_not_trained_on()
    {
        var options = new DataOptions
        {
            Train = [Write("train.jsonl", """{"problem":"a","answer":"1"}""" + "\n" + """{"problem":"b","answer":"2"}""")],
            Test = [Write("test.jsonl", """{"problem":"b","answer":"2"}""")],
            ValidationShare = 0,
        };
        var set = ProblemSet.Load(options);
        Assert.Equal(["a"], set[Split.Train].Select(row => row.Problem.Prompt.Text));
        Assert.Equal(["b"], set[Split.Test].Select(row => row.Problem.Prompt.Text));
        Assert.Equal([$"1 left out (repeated): {_folder.In("train.jsonl")}:2"], set.Report.Lines());
    }

    [Fact]
    public void Splits_and_order_depend_on_texts_and_seed_alone()
    {
        static string Rows(IEnumerable<int> numbers) => string.Join('\n', numbers.Select(i => $$"""{"problem":"p{{i}}","answer":"{{i}}"}"""));
        ProblemSet Train(string rows, long shuffle) => ProblemSet.Load(new DataOptions { Train = [Write("train.jsonl", rows)], ValidationShare = 0.2, Shuffle = shuffle });
        static IEnumerable<string> Texts(ProblemSet set, Split split) => set[split].Select(row => row.Problem.Prompt.Text);
        var (once, more) = (Train(Rows(Enumerable.Range(0, 500)), 1), Train(Rows(Enumerable.Range(0, 900).Reverse()), 2));
        Assert.InRange(once[Split.Validation].Count, 70, 130);
        Assert.Subset(Texts(more, Split.Validation).ToHashSet(), Texts(once, Split.Validation).ToHashSet());
        Assert.Equal(Texts(once, Split.Train), Texts(Train(Rows(Enumerable.Range(0, 500)), 1), Split.Train));
        Assert.NotEqual(Texts(once, Split.Train), Texts(Train(Rows(Enumerable.Range(0, 500)), 3), Split.Train));
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"p{i}").Except(Texts(once, Split.Validation)), Texts(Train(Rows(Enumerable.Range(0, 500)), 0), Split.Train));
    }

    [Theory]
    [InlineData(1, 0, 0.05)]
    [InlineData(2, 1, 0.05)]
    [InlineData(8, 1, 0.05)]
    [InlineData(8, 0, 0)]
    public void Of_a_small_file_one_problem_at_least_is_kept_apart_and_told(int rows, int apart, double share)
    {
        var text = string.Join('\n', Enumerable.Range(0, rows).Select(i => $$"""{"problem":"p{{i}}","answer":"{{i}}"}"""));
        var set = ProblemSet.Load(new DataOptions { Train = [Write("train.jsonl", text)], ValidationShare = share });
        Assert.Equal((rows - apart, apart), (set[Split.Train].Count, set[Split.Validation].Count));
        Assert.Equal(apart == 0 ? [] : [$"{apart} of {rows} training problems are kept apart for validation (task.data.validation_share)"], set.Report.Lines());
    }

    [Fact]
    public void A_misspelt_layout_is_refused() => Assert.Contains("task.data.layout: 'gsm8' is not known; did you mean 'gsm8k'?",
        Assert.Throws<BadInputException>(() => OptionsFile.Parse<EvaluateRecipe>("", "eval", ["task={type: math, data: {layout: gsm8}}"])).Message, StringComparison.Ordinal);

    private ProblemSet Load(string rows, DataOptions? options = null) => ProblemSet.Load((options ?? new DataOptions()) with { Test = [Write("test.jsonl", rows)] });

    private string Write(string name, string rows)
    {
        File.WriteAllText(_folder.In(name), rows);
        return _folder.In(name);
    }
}
