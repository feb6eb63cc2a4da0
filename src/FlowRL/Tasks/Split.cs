namespace FlowRL.Tasks;

/// <summary>Problems to train on, to choose settings and checkpoints on, and to report on.</summary>
public enum Split
{
    Train,
    Validation,
    Test,
}
