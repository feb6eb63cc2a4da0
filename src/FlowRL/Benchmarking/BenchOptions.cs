namespace FlowRL.Benchmarking;

/// <summary>How carefully to measure.</summary>
/// <param name="Repeat">Timed repetitions; the median counts.</param>
/// <param name="WarmUpSeconds">Untimed repetitions before: code compiled just in time takes seconds to reach its speed.</param>
public sealed record BenchOptions(int Repeat = 3, double WarmUpSeconds = 3);
