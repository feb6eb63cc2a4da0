namespace FlowRL.Tests.Verifiers.Code;

/// <summary>Tests that start sandboxes run one after the other: they watch the machine's processes.</summary>
[CollectionDefinition(nameof(SandboxTests))]
public sealed class SandboxTests;
