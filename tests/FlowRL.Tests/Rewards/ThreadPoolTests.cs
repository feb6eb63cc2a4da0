namespace FlowRL.Tests.Rewards;

/// <summary>Tests that look at the thread pool, which the whole process shares, run alone.</summary>
[CollectionDefinition(DisableParallelization = true)]
public sealed class ThreadPoolTests;
