namespace FlowRL.Configuration;

/// <summary>
/// Whether recipes may bring code: start programs, load assemblies. A recipe is data that may come from elsewhere, so they may not unless the user
/// says so: on the command line with --allow-programs, in code with <see cref="Allow"/>.
/// </summary>
public static class Programs
{
    private const string Switch = "FlowRL.AllowPrograms";

    /// <summary>Off until <see cref="Allow"/>.</summary>
    public static bool AreAllowed => AppContext.TryGetSwitch(Switch, out var allowed) && allowed;

    /// <summary>Lets every recipe of this process start the programs and load the assemblies that it names.</summary>
    public static void Allow() => AppContext.SetSwitch(Switch, true);
}
