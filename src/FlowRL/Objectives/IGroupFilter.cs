namespace FlowRL.Objectives;

/// <summary>An objective that learns from some groups only. The trainer samples other problems in place of the groups it does not want.</summary>
public interface IGroupFilter
{
    /// <summary>How often at most problems are sampled again in one step.</summary>
    int RefillRounds { get; }

    /// <summary>Whether a group teaches anything.</summary>
    /// <param name="rewards">The verifier's scores of the group, before penalties; failed verifications are left out.</param>
    bool Wants(IReadOnlyList<double> rewards);
}
