using FlowRL.Decoding;
using FlowRL.Rollouts;
using FlowRL.Tasks;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Rollouts;

public sealed class RolloutEngineTests
{
    private static readonly SamplingOptions Sampling = new() { MaxNewTokens = 12 };

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A_sequence_goes_on_from_given_tokens_as_if_it_had_never_stopped(int given)
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        using var engine = new Sampler(policy, new IdTokenizer(23), slots: 4);
        var request = Request(0, samples: 6);
        var whole = engine.Sample([request], Sampling)[0].Responses;
        var longer = whole.Index().Where(pair => pair.Item.Length > given).ToList();
        Assert.NotEmpty(longer);
        foreach (var (sample, response) in longer)
        {
            var rest = engine.Sample([request with { Samples = 1, FirstSample = sample, Given = response.TokenIds[..given] }], Sampling)[0].Responses[0];
            Assert.Equal(response.TokenIds[given..], rest.TokenIds);
            Assert.Equal(response.FinishReason, rest.FinishReason);
            Assert.All(response.LogProbs[given..].Zip(rest.LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Fact]
    public void Given_tokens_that_fill_the_response_are_refused()
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        using var engine = new Sampler(policy, new IdTokenizer(23), slots: 4);
        var error = Assert.Throws<BadInputException>(() => engine.Sample([Request(0, 1) with { Given = new int[12] }], Sampling));
        Assert.Equal("A response to problem '0' has 12 tokens already, and may have 12; raise the limit, or end it.", error.Message);
    }

    [Fact]
    public void Responses_are_handed_over_as_they_end_and_every_token_has_the_version_that_drew_it()
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        using var engine = new Sampler(policy, new IdTokenizer(23), slots: 3);
        Assert.True(engine.SynchroniseAsync(policy, 7, TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        var seen = new Recorder();
        engine.Sample([Request(0, 3), Request(1, 3)], Sampling, seen, TestContext.Current.CancellationToken);
        Assert.Equal(6, seen.Responses.Count);
        // Two groups of three in three slots: the first group has ended before the second begins.
        Assert.All(seen.Responses.Take(3), ended => Assert.Equal(0, ended.Request));
        Assert.True(seen.Responses[0].TokensBefore < seen.Tokens, "a response was handed over only when all had ended");
        Assert.All(seen.Responses, ended => Assert.Equal(Enumerable.Repeat(7L, ended.Response.Length), ended.Response.PolicyVersions));
    }

    [Fact]
    public void What_has_ended_before_a_cancellation_has_been_handed_over_and_the_engine_goes_on()
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        using var engine = new Sampler(policy, new IdTokenizer(23), slots: 3);
        using var stop = new CancellationTokenSource();
        var seen = new Recorder { OnFirst = stop.Cancel };
        SampleRequest[] requests = [Request(0, 3), Request(1, 3)];
        Assert.Throws<OperationCanceledException>(() => engine.Sample(requests, Sampling, seen, stop.Token));
        Assert.InRange(seen.Responses.Count, 1, 5);
        var whole = engine.Sample(requests, Sampling);
        Assert.All(seen.Responses, ended => Assert.Equal(ended.Response.TokenIds, whole[ended.Request].Responses[ended.Sample].TokenIds));
    }

    [Fact]
    public async Task A_sampler_computes_with_its_own_model_only()
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        using var other = TinyModels.Create(TinyModels.Config());
        using var engine = new Sampler(policy, new IdTokenizer(23), slots: 3);
        await Assert.ThrowsAsync<ArgumentException>(() => engine.SynchroniseAsync(other, 1, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_sampler_that_stays_open_samples_the_same_and_opens_again_for_more_room_after_a_stop_and_for_other_weights()
    {
        using var policy = TinyModels.Create(TinyModels.Config());
        var opened = new CountingEngine(DecodeEngines.Create(policy, new DecodeOptions()));
        using var open = new Sampler(policy, new IdTokenizer(23), slots: 3, opened, new DecodeOptions(), staysOpen: true);
        using var fresh = new Sampler(policy, new IdTokenizer(23), slots: 3);
        void Compare(params SampleRequest[] requests) => Assert.Equal(
            fresh.Sample(requests, Sampling).SelectMany(group => group.Responses).Select(response => response.Text),
            open.Sample(requests, Sampling).SelectMany(group => group.Responses).Select(response => response.Text));
        Compare(Request(0, 2));
        Compare(Request(1, 2), Request(2, 1));
        Assert.Equal(2, opened.Opened); // for the third sequence
        Compare(Request(2, 1));
        Compare(Request(0, 3) with { PromptIds = [.. Enumerable.Repeat(4, 20)] });
        Assert.Equal(2, opened.Opened);

        using var stop = new CancellationTokenSource();
        var stopping = new Recorder { OnFirst = stop.Cancel };
        Assert.Throws<OperationCanceledException>(() => open.Sample([Request(0, 3), Request(1, 3)], Sampling, stopping, stop.Token));
        Compare(Request(0, 3));
        Assert.Equal(3, opened.Opened);
        await open.SynchroniseAsync(policy, 1, TestContext.Current.CancellationToken);
        Compare(Request(0, 3));
        Assert.Equal(4, opened.Opened);
    }

    private sealed class CountingEngine(IDecodeEngine inner) : IDecodeEngine
    {
        public int Opened { get; private set; }

        public void Open(int slots, int longestPrompt, int longestResponse)
        {
            Opened++;
            inner.Open(slots, longestPrompt, longestResponse);
        }

        public void Start(IReadOnlyList<PromptStart> prompts, LogitsReader read) => inner.Start(prompts, read);

        public void Advance(ReadOnlySpan<int> slots, ReadOnlySpan<int> tokens, LogitsReader read) => inner.Advance(slots, tokens, read);

        public void End(int slot) => inner.End(slot);

        public void Close() => inner.Close();

        public void Dispose() => inner.Dispose();
    }

    private static SampleRequest Request(int number, int samples) =>
        new(new Problem($"{number}", "", ""), [3 + number, 5], samples, Seeds.Derive(11, "r", number));

    private sealed class Recorder : IRolloutObserver
    {
        public List<(int Request, int Sample, Response Response, int TokensBefore)> Responses { get; } = [];

        public int Tokens { get; private set; }

        public Action OnFirst { get; init; } = () => { };

        public void OnToken(int request, int sample, int token) => Tokens++;

        public void OnResponse(int request, int sample, Response response)
        {
            Responses.Add((request, sample, response, Tokens));
            if (Responses.Count == 1) OnFirst();
        }
    }
}
