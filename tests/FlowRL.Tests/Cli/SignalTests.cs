using System.Diagnostics;
using FlowRL.Cli;

namespace FlowRL.Tests.Cli;

public sealed class SignalTests
{
    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("INT", 130)]
    public async Task The_first_signal_asks_to_stop_and_the_second_ends_the_process(string signal, int killed)
    {
        using var patient = Start();
        await Ready(patient);
        Send(signal, patient);
        Assert.Equal(
            "Stopping; press Ctrl-C again to stop at once.", await patient.StandardError.ReadLineAsync(Limit()));
        patient.StandardInput.Close();
        await patient.WaitForExitAsync(Limit());
        Assert.Equal((1, "Stopped.\n"), (patient.ExitCode, await patient.StandardError.ReadToEndAsync()));

        using var impatient = Start();
        await Ready(impatient);
        Send(signal, impatient);
        await impatient.StandardError.ReadLineAsync(Limit());
        Send(signal, impatient);
        await impatient.WaitForExitAsync(Limit());
        Assert.Equal(killed, impatient.ExitCode);
    }

    [Fact]
    public async Task A_conversation_without_a_keyboard_is_stopped_by_the_first_signal()
    {
        using var chat = Start("chat", "embedded:countdown", "--plain");
        await chat.StandardInput.WriteLineAsync("8,3,2,7=16:");
        await chat.StandardInput.FlushAsync(Limit());
        Assert.NotEqual("", await chat.StandardOutput.ReadLineAsync(Limit())); // it talks, and waits for the next line
        Send("INT", chat);
        await chat.WaitForExitAsync(Limit());
        Assert.Equal((1, "Stopped.\n"), (chat.ExitCode, await chat.StandardError.ReadToEndAsync()));
    }

    private static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    // Waits for its text, so it is running until told otherwise. A shell's background job ignores SIGINT, and its children inherit that.
    private static Process Start() => Start("tokenize", "nowhere");

    private static Process Start(params string[] arguments) => Process.Start(
        new ProcessStartInfo("env", ["--default-signal=INT,TERM", "dotnet", typeof(CliHost).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;

    private static async Task Ready(Process process) =>
        Assert.Equal("Reading the text from standard input.", await process.StandardError.ReadLineAsync(Limit()));

    private static void Send(string signal, Process process)
    {
        using var kill = Process.Start("bash", ["-c", $"kill -{signal} {process.Id}"]);
        kill.WaitForExit();
    }
}
