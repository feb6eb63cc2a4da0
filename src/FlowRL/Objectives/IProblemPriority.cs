namespace FlowRL.Objectives;

/// <summary>An objective that prefers some problems over others.</summary>
public interface IProblemPriority
{
    /// <summary>Whether it does; otherwise each problem is drawn once an epoch.</summary>
    bool Prioritises { get; }

    /// <summary>A step's problems are drawn without replacement in proportion to this; above 0.</summary>
    double Weight(string problem);
}
