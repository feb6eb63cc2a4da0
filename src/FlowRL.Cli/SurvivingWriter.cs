using System.Globalization;
using System.Text;

namespace FlowRL.Cli;

/// <summary>
/// A stream whose end ends nothing: what cannot be written is dropped. Progress and logs go through it, so that a run outlives a full disk behind them, a
/// closed stream, and its terminal.
/// </summary>
/// <param name="inner">The stream.</param>
internal sealed class SurvivingWriter(TextWriter inner) : TextWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => inner.Encoding;

    public override void Write(char value) => Try(() => inner.Write(value));

    public override void Write(string? value) => Try(() => inner.Write(value));

    public override void Write(char[] buffer, int index, int count) => Try(() => inner.Write(buffer, index, count));

    // One call, so that lines of several threads stay whole.
    public override void WriteLine(string? value) => Try(() => inner.WriteLine(value));

    public override void WriteLine() => Try(inner.WriteLine);

    public override void Flush() => Try(inner.Flush);

    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            // Nobody is there to be told.
        }
    }
}
