namespace FlowRL.Sandbox;

/// <summary>Whether the kernel can bound a whole sandbox.</summary>
public static class ControlGroups
{
    /// <summary>Whether this user may make control groups. Without them memory is bounded for each process and watched for the whole.</summary>
    public static bool AreAvailable => ControlGroup.IsAvailable;
}
