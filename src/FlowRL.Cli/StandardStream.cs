using System.Globalization;
using System.Text;

namespace FlowRL.Cli;

/// <summary>
/// The streams that the process was started with, as far as they are there. Where one was closed, the runtime has taken its number for a pipe of its own:
/// what is printed would go to the runtime, and once that pipe is full, wait for ever.
/// </summary>
internal static class StandardStream
{
    // O_CLOEXEC as the kernel writes it, in octal. What a process was started with never has it, and what the runtime opens always does.
    private const int ClosesOnExec = 0x80000;

    /// <summary>Standard output; where it is closed, a stream that nothing can be written to.</summary>
    public static TextWriter Output => IsClosed(1) ? new ClosedWriter("standard output") : Console.Out;

    /// <summary>Standard error; where it is closed, one that passes nothing on.</summary>
    public static TextWriter Error => IsClosed(2) ? TextWriter.Null : Console.Error;

    private static bool IsClosed(int number)
    {
        if (!OperatingSystem.IsLinux()) return false;
        try
        {
            var flags = File.ReadLines($"/proc/self/fdinfo/{number}").First(line => line.StartsWith("flags:", StringComparison.Ordinal))["flags:".Length..];
            return (Convert.ToInt32(flags.Trim(), 8) & ClosesOnExec) != 0;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // a system that does not tell
        }
    }

    private sealed class ClosedWriter(string name) : TextWriter(CultureInfo.InvariantCulture)
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new IOException($"{name} is closed.", new IOException());
    }
}
