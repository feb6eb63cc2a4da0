namespace FlowRL.Benchmarking;

/// <summary>One measurement.</summary>
/// <param name="TokensPerSecond">New tokens for decoding, all tokens for training.</param>
/// <param name="RooflineFraction">Of the rate that the ceilings allow.</param>
/// <param name="SpeedupOverTensor">Against the plain tensor loop in the same run; null where that was not run.</param>
/// <param name="PeakBytes">Resident memory of the process at the end, with what earlier shapes left.</param>
/// <param name="Seconds">The median of the repetitions.</param>
public sealed record Measured(double TokensPerSecond, double RooflineFraction, double? SpeedupOverTensor, long PeakBytes, double Seconds);
