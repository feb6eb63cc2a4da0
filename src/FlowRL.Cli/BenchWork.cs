using FlowRL.Lab.Benchmarking;
using FlowRL.Recipes;

namespace FlowRL.Cli;

/// <summary>What is measured.</summary>
internal abstract record BenchWork
{
    private BenchWork() { }

    public abstract int Threads { get; }

    public sealed record OfShapes(IReadOnlyList<BenchmarkShape> Shapes, int ThreadCount) : BenchWork
    {
        public override int Threads => ThreadCount;
    }

    public sealed record OfRecipe(TrainRecipe Recipe) : BenchWork
    {
        public override int Threads => Recipe.Run.Threads;
    }
}
