using FlowRL.Models;
using FlowRL.Numerics;

namespace FlowRL.Decoding.Cpu;

/// <summary>Scoring on the CPU with the kernels of decoding: every token of every response at once, prompts shared.</summary>
internal sealed unsafe class CpuScorer<S, V, W>(Decoder model, int threads) : IScoringEngine
    where S : struct, ISimd<V>
    where V : struct
    where W : struct, IStorage
{
    public float[][] Score(
        IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> responses, double temperature, int tokenBudget, CancellationToken cancellation)
    {
        var longest = prompts.Zip(responses, (prompt, response) => prompt.Length + response.Length).Max();
        using var runner = new PassRunner<S, V, W, Float32Storage>(model, threads, tokenBudget, longest);
        var scores = responses.Select(response => new float[response.Length]).ToArray();
        for (var first = 0; first < responses.Count;)
        {
            cancellation.ThrowIfCancellationRequested();
            var (last, tokens) = (first, 0);
            while (last < responses.Count && (last == first || tokens + prompts[last].Length + responses[last].Length <= tokenBudget))
            {
                tokens += prompts[last].Length + responses[last].Length;
                last++;
            }
            ScorePart(runner, prompts, responses, 1 / temperature, first, last, scores);
            first = last;
        }
        return scores;
    }

    private void ScorePart(PassRunner<S, V, W, Float32Storage> runner, IReadOnlyList<int[]> prompts, IReadOnlyList<int[]> responses,
        double scale, int first, int last, float[][] scores)
    {
        var shape = CacheShape.Of<Float32Storage>(model.Config, HeadLayout.Of(model.Config, S.Lanes));
        var memory = new List<NativeBlock>();
        SequenceCache Sequence(SequenceCache? prompt, int tokens, int reach)
        {
            memory.Add(new NativeBlock(shape.Size(tokens)));
            return SequenceCache.Of(prompt, new CacheSegment(shape, tokens, memory[^1].Data), reach);
        }
        int Reach(int index) => model.LongestSequence ?? prompts[index].Length + responses[index].Length;
        try
        {
            var (promptPlaces, places) = (new List<TokenPlace>(), new List<TokenPlace>());
            var targets = new List<(int Response, int Token)>(); // what each reader scores
            for (var i = first; i < last;)
            {
                var (prompt, group) = (prompts[i], i);
                bool IsShared(int index) =>
                    prompts[index].AsSpan().SequenceEqual(prompt) && RotaryTables.AreAlike(model.Config, Reach(index), Reach(i));
                while (group < last && IsShared(group)) group++;
                var shared = Sequence(null, prompt.Length, Reach(i));
                for (var t = 0; t < prompt.Length; t++)
                {
                    promptPlaces.Add(new TokenPlace(prompt[t], shared, t, targets.Count, t == prompt.Length - 1 ? group - i : 0));
                }
                targets.AddRange(Enumerable.Range(i, group - i).Select(response => (response, 0)));
                for (; i < group; i++)
                {
                    var response = responses[i];
                    if (response.Length < 2) continue;
                    var own = Sequence(shared, response.Length - 1, Reach(i));
                    for (var t = 0; t + 1 < response.Length; t++)
                    {
                        places.Add(new TokenPlace(response[t], own, prompt.Length + t, targets.Count, 1));
                        targets.Add((i, t + 1));
                    }
                }
            }
            void Read(int reader, ReadOnlySpan<float> logits)
            {
                var (response, token) = targets[reader];
                scores[response][token] = new SoftmaxRow(logits, scale).LogProb(responses[response][token]);
            }
            runner.Run([.. promptPlaces], Read); // first: responses of another thread's share see them
            runner.Run([.. places], Read);
        }
        finally
        {
            foreach (var block in memory) block.Dispose();
        }
    }
}
