using System.IO.Compression;
using System.Text.Json.Nodes;
using FlowRL.Cli;
using FlowRL.Cli.Judging;
using FlowRL.Lab.Judging;
using FlowRL.Tests.Hub;
using FlowRL.Tests.Support;
using Microsoft.Extensions.AI;

namespace FlowRL.Tests.Cli;

/// <summary>A judge behind a server on this machine that speaks OpenAI's chat API.</summary>
public sealed class JudgeCommandTests : IDisposable
{
    private const string Secret = "sk-SecretOfTheUser";

    /// <summary>Of problem 1 the judge below makes classes a, b of exact classes A, B; problem 2 has one answer twice.</summary>
    private const string Responses = """
        {"id":"1","prompt":"first?","index":0,"response":"a way","correct":true,"solution":"A"}
        {"id":"1","prompt":"first?","index":1,"response":"b way","correct":true,"solution":"B"}
        {"id":"1","prompt":"first?","index":2,"response":"a wave","correct":true,"solution":"B"}
        {"id":"1","prompt":"first?","index":3,"response":"wrong","correct":false,"solution":null}
        {"id":"2","prompt":"second?","index":0,"response":"c","correct":true,"solution":"C"}
        {"id":"2","prompt":"second?","index":1,"response":"c","correct":true,"solution":"C"}

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly WebEnd _server;
    private Func<WebRequest, WebReply> _answer = request => Said(Verdict(Question(request)));

    public JudgeCommandTests()
    {
        _server = new WebEnd(request => _answer(request));
        File = _folder.Write("responses.jsonl", Responses);
    }

    private string File { get; }

    private string Url => $"{_server.Address}/v1";

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Right_answers_are_judged_and_nothing_is_asked_twice()
    {
        var run = await ToolRun.Of("judge", File, "--url", Url, "--model", "m", "--out", _folder.In("judged.jsonl"));
        Assert.Equal((0, "2 problems with 5 right answers: at most 3 pairs and 2 ratings\n"), (run.Code, run.Error));
        var cache = _folder.In("responses.judge.jsonl");
        Assert.Equal($"""
            judge m: 2 problems, 5 right answers, 4 different texts
            classes a problem: 1.50 (1.00 to 2.00)
            over 2 problems with exact classes: 1.50 (1.00 to 2.00) by the judge, 1.50 (1.00 to 2.00) exact
            agreement over 3 pairs: 0.333, kappa -0.500
            same: of the judge's 0.000 are (precision), of those that are it finds 0.000 (recall)
            rating from 1 to 5: 2.50 (2.00 to 3.00), 2 problems; rank correlation with the number of exact classes 1.000
            undecided: 0 questions, 0 texts in no class
            4 calls, 0 answers known before; kept in {cache}

            """, run.Output);
        Assert.Equal(
            ["""{"id":"1","prompt":"first?","rating":3,"responses":[{"response":"a way","solution":"A","class":0},{"response":"b way","solution":"B","class":1},{"response":"a wave","solution":"B","class":0}]}""",
            """{"id":"2","prompt":"second?","rating":2,"responses":[{"response":"c","solution":"C","class":0}]}"""],
            System.IO.File.ReadAllLines(_folder.In("judged.jsonl")).Order(StringComparer.Ordinal));

        var asked = _server.Requests.Count;
        var again = await ToolRun.Of("judge", File, "--url", Url, "--model", "m", "--json");
        Assert.Equal((0, asked, asked), (again.Code, _server.Requests.Count, (int)again.Json["cached"]!));
        Assert.Equal(-0.5, (double)again.Json["compared"]!["kappa"]!["value"]!, 1e-12);
        Assert.Equal((3, "m", 0), ((int)again.Json["compared"]!["pairs"]!, (string)again.Json["model"]!, (int)again.Json["calls"]!));
        await ToolRun.Of("judge", File, "--url", Url, "--model", "other", "--ask", "rating");
        Assert.Equal(asked + 2, _server.Requests.Count);
    }

    [Fact]
    public async Task Answers_without_exact_classes_are_counted_alone()
    {
        var file = _folder.Write("open.jsonl", Responses.Replace("\"solution\":\"B\"", "\"solution\":null", StringComparison.Ordinal));
        var run = await ToolRun.Of("judge", file, "--url", Url, "--model", "m", "--ask", "pairs", "--problems", "1");
        Assert.Equal($"""
            judge m: 1 problems, 3 right answers, 3 different texts
            classes a problem: 2.00 (2.00 to 2.00)
            no exact classes to hold it against
            undecided: 0 questions, 0 texts in no class
            2 calls, 0 answers known before; kept in {_folder.In("open.judge.jsonl")}

            """, run.Output);
    }

    [Fact]
    public async Task Packed_responses_of_a_comparison_are_read_and_their_answers_kept_beside_them()
    {
        using (var zip = new GZipStream(System.IO.File.Create(_folder.In("tested.responses.jsonl.gz")), CompressionLevel.Fastest))
            zip.Write("""{"problem":"1,2=3","response":"1+2","tokens":3,"solution":"(1+2)"}"""u8);
        var run = await ToolRun.Of("judge", _folder.In("tested.responses.jsonl.gz"), "--url", Url, "--model", "m");
        Assert.Equal($"""
            judge m: 1 problems, 1 right answers, 1 different texts
            classes a problem: 1.00 (1.00 to 1.00)
            over 1 problems with exact classes: 1.00 (1.00 to 1.00) by the judge, 1.00 (1.00 to 1.00) exact
            no pairs of different texts to agree on
            undecided: 0 questions, 0 texts in no class
            0 calls, 0 answers known before; kept in {_folder.In("tested.responses.judge.jsonl")}

            """, run.Output);
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public async Task The_server_is_asked_as_its_api_says()
    {
        Assert.Equal(0, (await ToolRun.Of("judge", File, "--url", Url + "/", "--model", "m", "--ask", "rating", "--problems", "1", "--samples", "2")).Code);
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/v1/chat/completions"), (request.Method, request.Path));
        var body = JsonNode.Parse(request.Body)!;
        Assert.Equal(("m", 0.0, 1), ((string)body["model"]!, (double)body["temperature"]!, body["messages"]!.AsArray().Count));
        Assert.Equal(512, (int)(body["max_tokens"] ?? body["max_completion_tokens"])!);
        Assert.Contains("2 solutions of one problem are given.", Question(request), StringComparison.Ordinal);

        await ToolRun.Of("judge", File, "--url", Url, "--model", "m", "--ask", "rating", "--problems", "1", "--temperature", "server");
        Assert.Null(JsonNode.Parse(_server.Requests.Last().Body)!["temperature"]);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_said_after_three_tries()
    {
        var port = ClosedPort();
        var (clock, output, error) = (new ManualClock(), new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var host = new CliHost(output, error, TextReader.Null, null, new StubEngine()) { Clock = clock };
        var run = new FlowRLTool(host).RunAsync(["judge", File, "--url", $"http://127.0.0.1:{port}/v1", "--model", "m", "--parallel", "1"]);
        foreach (var wait in (int[])[1, 2])
        {
            await clock.Timers(2);
            clock.Advance(TimeSpan.FromSeconds(wait));
        }
        Assert.Equal(1, await run);
        Assert.Equal($"""
            2 problems with 5 right answers: at most 3 pairs and 2 ratings
            judge m: 127.0.0.1:{port} cannot be reached; again in 1 s
            judge m: 127.0.0.1:{port} cannot be reached; again in 2 s
            The judge m does not answer: 127.0.0.1:{port} cannot be reached, 3 times in a row. Answers that came are kept; try again later.

            """, error.ToString());
        Assert.Equal("", output.ToString());
    }

    [Theory]
    [InlineData(401, "The judge m cannot be asked: SERVER refuses the key (401); set OPENAI_API_KEY to one that it takes.\n")]
    [InlineData(403, "The judge m cannot be asked: SERVER refuses the key (403); set OPENAI_API_KEY to one that it takes.\n")]
    [InlineData(404, "The judge m cannot be asked: SERVER knows no such model, or no such address (404); check --model and --url, which often ends in /v1.\n")]
    [InlineData(302, "The judge m cannot be asked: SERVER answers 302; check --url.\n")]
    [InlineData(400, "judge m: a question is refused and counts as undecided: SERVER does not take it (400); it may be too long, or ask for a temperature that the model does not take (--temperature server)\n" +
        "The judge m refused every question: SERVER does not take it (400); it may be too long, or ask for a temperature that the model does not take (--temperature server).\n")]
    public async Task What_a_server_refuses_is_said_without_its_words(int status, string message)
    {
        _answer = _ => WebReply.Error(status, null);
        var run = await ToolRun.Of("judge", File, "--url", Url, "--model", "m");
        Assert.Equal((1, "", "2 problems with 5 right answers: at most 3 pairs and 2 ratings\n" + message.Replace("SERVER", new Uri(Url).Authority, StringComparison.Ordinal)),
            (run.Code, run.Output, run.Error));
    }

    [Fact]
    public async Task A_busy_server_says_when()
    {
        var (clock, error) = (new ManualClock(), new StringWriter { NewLine = "\n" });
        _answer = request => _server.Requests.Count == 1 ? WebReply.Error(429, null) with { Headers = [("Retry-After", "9")] } : Said(Verdict(Question(request)));
        var host = new CliHost(TextWriter.Null, error, TextReader.Null, null, new StubEngine()) { Clock = clock };
        var run = new FlowRLTool(host).RunAsync(["judge", File, "--url", Url, "--model", "m", "--parallel", "1"]);
        await clock.Timers(2);
        clock.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal(0, await run);
        Assert.Contains($"judge m: {new Uri(Url).Authority} is asked too often (429); again in 9 s\n", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("[]")]
    [InlineData("{\"choices\":[]}")]
    public async Task What_is_no_answer_of_the_api_is_said(string body)
    {
        var (clock, error) = (new ManualClock(), new StringWriter { NewLine = "\n" });
        _answer = _ => new WebReply(200, HubBench.Text(body), ("Content-Type", "application/json"));
        var host = new CliHost(TextWriter.Null, error, TextReader.Null, null, new StubEngine()) { Clock = clock };
        var run = new FlowRLTool(host).RunAsync(["judge", File, "--url", Url, "--model", "m", "--parallel", "1"]);
        foreach (var wait in (int[])[1, 2])
        {
            await clock.Timers(2);
            clock.Advance(TimeSpan.FromSeconds(wait));
        }
        Assert.Equal(1, await run);
        Assert.EndsWith($"The judge m does not answer: what {new Uri(Url).Authority} answers is not of OpenAI's chat API, 3 times in a row. Answers that came are kept; try again later.\n",
            error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_goes_to_the_server_and_nowhere_else()
    {
        _answer = request => request.Headers.GetValueOrDefault("Authorization") == $"Bearer {Secret}" ? Said(Verdict(Question(request))) : WebReply.Error(401, null);
        using var process = CliProcess.StartWith(_folder.Path, new Dictionary<string, string> { ["OPENAI_API_KEY"] = Secret },
            "judge", File, "--url", Url, "--model", "m", "--verbose", "--out", "judged.jsonl");
        var (code, output, error) = await process.WaitAsync();
        Assert.True(code == 0, error);
        Assert.All(_folder.FileNames().Select(name => System.IO.File.ReadAllText(_folder.In(name))).Append(output).Append(error),
            text => Assert.DoesNotContain(Secret, text, StringComparison.Ordinal));
        Assert.Contains("judge m: 2 problems", output, StringComparison.Ordinal);

        // A server that says it aloud.
        _answer = request => new WebReply(500, HubBench.Text($"{{\"error\":{{\"message\":\"{request.Headers["Authorization"]}\",\"code\":\"x\"}}}}"), ("Content-Type", "application/json"));
        using var client = ChatServer.Of(Url, Secret, _ => { }).Client("m");
        var thrown = await Assert.ThrowsAnyAsync<Exception>(() => client.GetResponseAsync("SAME?"));
        Assert.DoesNotContain(Secret, thrown.ToString(), StringComparison.Ordinal);
        Assert.Equal($"{new Uri(Url).Authority} fails (500)", thrown.Message);
    }

    [Theory]
    [InlineData("http://10.0.0.1:8000/v1", true)]
    [InlineData("http://127.0.0.1:8000/v1", false)]
    [InlineData("http://localhost:8000/v1", false)]
    [InlineData("https://10.0.0.1/v1", false)]
    public void A_key_is_not_shown_on_the_way(string url, bool isKeptBack)
    {
        var said = new List<string>();
        ChatServer.Of(url, Secret, said.Add);
        Assert.Equal(isKeptBack ? ["OPENAI_API_KEY is not sent to 10.0.0.1:8000, for http:// would show it to everybody on the way; use https://, or a tunnel to this machine."] : [], said);
    }

    [Fact]
    public async Task Without_a_key_none_is_sent_and_an_endless_answer_is_not_read()
    {
        var server = ChatServer.Of(Url, null, _ => { });
        using var client = server.Client("m");
        await client.GetResponseAsync("SAME?\nx solution 1\na\n\na");
        Assert.DoesNotContain("Authorization", Assert.Single(_server.Requests).Headers.Keys);
        _answer = _ => Said(new string('x', 2_000_000));
        var failure = ChatServer.Failure(await Assert.ThrowsAnyAsync<Exception>(() => client.GetResponseAsync("SAME?")));
        Assert.Equal(new JudgeFailure(JudgeFailureKind.OfQuestion, $"{new Uri(Url).Authority} answers with over 1048576 bytes"), failure);
    }

    [Fact]
    public async Task Stopping_keeps_the_answers_that_came()
    {
        using var stop = new CancellationTokenSource();
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        _answer = request =>
        {
            if (_server.Requests.Count == 2) stop.Cancel();
            return Said(Verdict(Question(request))) with { Gate = _server.Requests.Count == 2 ? Task.Delay(Timeout.Infinite) : Task.CompletedTask };
        };
        var host = new CliHost(output, error, TextReader.Null, null, new StubEngine());
        Assert.Equal(1, await new FlowRLTool(host).RunAsync(["judge", File, "--url", Url, "--model", "m", "--parallel", "1"], stop.Token));
        Assert.Equal(("", "2 problems with 5 right answers: at most 3 pairs and 2 ratings\nStopped: no result. The same command goes on with the questions that are left.\n"),
            (output.ToString(), error.ToString()));
        Assert.Single(System.IO.File.ReadLines(_folder.In("responses.judge.jsonl")));
    }

    [Theory]
    [InlineData("judge FILE --model m", "Option '--url' is required.\nSee: flowrl judge --help\n")]
    [InlineData("judge FILE --url URL", "Option '--model' is required.\nSee: flowrl judge --help\n")]
    [InlineData("judge FILE --url 127.0.0.1:8000 --model m", "--url 127.0.0.1:8000: is no address of a server; give one such as http://127.0.0.1:8000/v1.\n")]
    [InlineData("judge FILE --url ftp://a/v1 --model m", "--url ftp://a/v1: is no address of a server; give one such as http://127.0.0.1:8000/v1.\n")]
    [InlineData("judge FILE --url http://me:word@a/v1 --model m", "--url: holds a password; give the key of the server in OPENAI_API_KEY.\n")]
    [InlineData("judge FILE --url URL --model m --temperature hot", "--temperature hot: give a number from 0 to 2, or 'server'.\n")]
    [InlineData("judge FILE --url URL --model m --samples 65", "--samples: at most 64, for pairs grow with the square of it.\nSee: flowrl judge --help\n")]
    [InlineData("judge FILE --url URL --model m --cache FILE", "FILE: is no file of a judge's answers, and nothing is written to it; give another for them.\n")]
    [InlineData("judge - --url URL --model m", "--cache is missing: of standard input the judge's answers have no place beside it.\n")]
    public async Task Wrong_lines_are_bad_input(string line, string message)
    {
        var run = await ToolRun.Of([.. line.Split(' ').Select(word => word == "FILE" ? File : word == "URL" ? Url : word)]);
        Assert.Equal((2, "", message.Replace("FILE", File, StringComparison.Ordinal)), (run.Code, run.Output, run.Error));
        Assert.Empty(_server.Requests);
        Assert.Equal(Responses, System.IO.File.ReadAllText(File));
    }

    [Theory]
    [InlineData("""{"id":"1","response":"x","correct":false,"solution":null}""", ": none of its 1 responses is right, so there is nothing to judge.\n")]
    [InlineData("""{"id":"1","text":"x"}""", ":1: no 'response'; give what 'flowrl eval --out' wrote, or the responses of a comparison's run (tested.responses.jsonl.gz).\n")]
    [InlineData("""{"id":""", ":1: not valid JSON; correct the line.\n")]
    [InlineData("", ": there are no responses in it.\n")]
    public async Task Wrong_files_are_bad_input(string content, string message)
    {
        var file = _folder.Write("wrong.jsonl", content);
        var run = await ToolRun.Of("judge", file, "--url", Url, "--model", "m");
        Assert.Equal((2, "", file + message), (run.Code, run.Output, run.Error));
        Assert.Equal(["responses.jsonl", "wrong.jsonl"], _folder.FileNames());
    }

    private static WebReply Said(string content) => WebReply.Json(new
    {
        id = "chatcmpl-1",
        @object = "chat.completion",
        created = 0,
        model = "m",
        choices = new[] { new { index = 0, message = new { role = "assistant", content }, finish_reason = "stop" } },
        usage = new { prompt_tokens = 1, completion_tokens = 1, total_tokens = 2 },
    });

    private static string Question(WebRequest request)
    {
        var content = JsonNode.Parse(request.Body)!["messages"]![0]!["content"]!;
        return content is JsonArray parts ? (string)parts[0]!["text"]! : (string)content!;
    }

    /// <summary>Same where the first letters are; problem 1 is rated 3, and problem 2 is rated 2.</summary>
    private static string Verdict(string question)
    {
        if (question.Contains("Rate how different", StringComparison.Ordinal)) return question.Contains("first?", StringComparison.Ordinal) ? "3" : "2";
        var letters = question.Split('\n').SkipWhile(line => !line.EndsWith(" solution 1", StringComparison.Ordinal)).ToList();
        return letters[1][0] == letters[3][0] ? "SAME" : "DIFFERENT";
    }

    private static int ClosedPort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
