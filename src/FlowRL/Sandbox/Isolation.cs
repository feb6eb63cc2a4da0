namespace FlowRL.Sandbox;

/// <summary>What stands between a program that a model wrote and this machine.</summary>
public enum Isolation
{
    /// <summary>Namespaces of its own through bubblewrap: no files of the user's, no network, no other processes.</summary>
    Bubblewrap,

    /// <summary>Nothing but resource limits: the program may do whatever the user may.</summary>
    None,
}
