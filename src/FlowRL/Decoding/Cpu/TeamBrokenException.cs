namespace FlowRL.Decoding.Cpu;

/// <summary>Another member of the team failed; nothing more will come from it.</summary>
internal sealed class TeamBrokenException() : Exception("Another member of the team failed.");
