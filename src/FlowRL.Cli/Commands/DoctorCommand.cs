using System.CommandLine;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl doctor</c>: whether this machine can train, and what to do where it cannot.</summary>
internal static class DoctorCommand
{
    public static Command Create(CommandRunner runner)
    {
        var command = new Command("doctor", "Check this machine: cores, memory, vector instructions, libtorch, CUDA, the sandbox, disk.");
        runner.Attach(command, (_, _) =>
        {
            var machine = MachineReport.Measure();
            return Task.FromResult(CommandResult.Of(machine, machine.Text()));
        });
        return command;
    }
}
