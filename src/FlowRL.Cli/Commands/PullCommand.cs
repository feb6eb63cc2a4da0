using System.CommandLine;
using FlowRL.Cli.Pulling;
using FlowRL.Files;
using FlowRL.Hub;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl pull</c>: a model or a data set of the hub into the cache.</summary>
internal static class PullCommand
{
    private const int Shown = 20;

    public static Command Create(CommandRunner runner)
    {
        var name = new Argument<string>("name")
        { Description = "As the hub has it: Qwen/Qwen3-0.6B; with one of its files after a colon: org/name:file.gguf." };
        var revision = new Option<string?>("--revision") { Description = "A branch, a tag or a commit; the main branch when left out." };
        var dataset = new Option<bool>("--dataset") { Description = "The name is that of a data set." };
        var command = new Command("pull", "Fetch a model or a data set from the hub into the cache that other tools use too.") { name, revision, dataset };
        runner.Attach(command, async (call, cancellation) =>
        {
            var wanted = Wanted(call.Get(name)!, call.Get(revision));
            var kind = call.Get(dataset) ? RepositoryKind.Dataset : RepositoryKind.Model;
            var settings = HubSettings.FromEnvironment();
            var pulled = await call.WithPull(watch => new HubPull(settings, watch).RunAsync(wanted, kind, cancellation));
            return CommandResult.Of(
                new { name = pulled.Name.ToString(), commit = pulled.Name.Revision, folder = pulled.Folder, files = pulled.Files, bytes = pulled.Bytes },
                Text(pulled, kind));
        }, StopText.Pull);
        return command;
    }

    private static HubName Wanted(string text, string? revision)
    {
        var name = HubName.Parse(text) ?? throw new BadInputException($"'{text}' is no name of the hub; those have the form org/name, org/name@revision or " +
            "org/name:file, such as Qwen/Qwen3-0.6B.");
        if (revision is null) return name;
        if (name.Revision is not null && name.Revision != revision)
            throw new BadInputException($"--revision {revision}: '{text}' names another; leave one of the two out.");
        return HubName.IsRevision(revision) ? name.At(revision)
            : throw new BadInputException($"--revision '{revision}': is no branch, tag or commit; those are letters, digits, '.', '_', '-' and '/'.");
    }

    private static string Text(PulledRepository pulled, RepositoryKind kind)
    {
        var lines = new List<string> { $"{pulled.Name}: {pulled.Files.Count} files, {MachineMemory.Size(pulled.Bytes)}, in {pulled.Folder}" };
        if (kind == RepositoryKind.Model) lines.Add($"next: --set model.path={pulled.Name}");
        else
        {
            lines.AddRange(pulled.Files.Take(Shown).Select(file => $"  {(pulled.Name with { File = file })}"));
            if (pulled.Files.Count > Shown) lines.Add($"  and {pulled.Files.Count - Shown} more");
        }
        return string.Join('\n', lines);
    }
}
