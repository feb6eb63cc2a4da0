namespace FlowRL.Comparison;

/// <summary>How far a run of a comparison is.</summary>
public enum RunState
{
    Missing,

    /// <summary>Training or testing is not complete.</summary>
    Begun,

    /// <summary>Trained and tested.</summary>
    Done,
}
