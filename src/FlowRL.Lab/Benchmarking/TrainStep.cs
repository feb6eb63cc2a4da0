using System.Diagnostics;
using FlowRL.Models;
using FlowRL.Numerics;
using FlowRL.Training;
using static TorchSharp.torch;

namespace FlowRL.Lab.Benchmarking;

/// <summary>
/// Forward, backward and optimiser as a run does them, with a clock on each. The loss is the likelihood of the responses: an objective's
/// own arithmetic on (sequences, tokens) numbers is nothing beside the model's. Borrows the model.
/// </summary>
internal sealed class TrainStep : IDisposable
{
    private readonly Decoder _model;
    private readonly TrainWork _work;
    private readonly AdamW _optimizer;
    private readonly Updater _updater;

    public TrainStep(Decoder model, TrainWork work)
    {
        (_model, _work) = (model, work);
        _optimizer = new AdamW(work.Optimizer);
        _optimizer.AddGroup("", model.Weights, 1);
        _updater = new Updater(_optimizer, work.Optimizer, totalSteps: int.MaxValue);
    }

    public long OptimizerBytes => PeakMemory.Of(_optimizer.State().Select(part => part.Value));

    public (double Forward, double Backward, double Optimizer) Run(CancellationToken cancellation)
    {
        var (forward, backward, optimizer) = (0.0, 0.0, 0.0);
        foreach (var sequences in _work.MiniBatches)
        {
            var loss = 0.0;
            foreach (var micro in MicroBatches.Split(sequences, _work.TokenBudget))
            {
                cancellation.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var clock = Stopwatch.StartNew();
                using var pass = new PolicyPass(_model, [.. micro.Select(index => sequences[index])]);
                var (logProbs, _) = pass.LogProbs(temperature: 1);
                var part = -logProbs.sum() / Scalars.Of((double)sequences.Sum(sequence => sequence.Response.Length));
                forward += Lap(clock);
                part.backward();
                backward += Lap(clock);
                loss += part.item<float>();
            }
            var update = Stopwatch.StartNew();
            _updater.Apply(loss, new Metrics());
            optimizer += Lap(update);
        }
        return (forward, backward, optimizer);
    }

    public void Dispose() => _optimizer.Dispose();

    private static double Lap(Stopwatch clock)
    {
        var seconds = clock.Elapsed.TotalSeconds;
        clock.Restart();
        return seconds;
    }
}
