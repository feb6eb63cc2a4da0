namespace FlowRL.Tests.Files;

/// <summary>A disk whose process dies in the midst of operation number <c>survives</c>: from then on nothing has any effect.</summary>
internal sealed class DyingDisk(int survives) : InterceptedDisk
{
    private int _left = survives;

    internal sealed class ProcessDied : Exception;

    protected override void Before(Action halfDone)
    {
        if (_left-- > 0) return;
        if (_left == -1) halfDone();
        throw new ProcessDied();
    }
}
