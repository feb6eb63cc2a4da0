namespace FlowRL.Tests.Files;

/// <summary>A disk on which one operation fails, once.</summary>
internal sealed class FailingDisk : InterceptedDisk
{
    private int _left = -1;

    public void FailAt(int operation) => _left = operation;

    protected override void Before(Action halfDone)
    {
        if (_left-- != 0) return;
        halfDone();
        throw new IOException("Input/output error");
    }
}
