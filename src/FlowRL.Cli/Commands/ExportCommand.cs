using System.CommandLine;
using FlowRL.Checkpoints;
using FlowRL.Checkpoints.Gguf;
using FlowRL.Checkpoints.Gguf.Ollama;
using FlowRL.Cli.Pulling;
using FlowRL.Files;
using FlowRL.Models.Families;
using FlowRL.Training;

namespace FlowRL.Cli.Commands;

/// <summary><c>flowrl export</c>: a model or its adapters as other programs read them.</summary>
internal static class ExportCommand
{
    private const string Gguf = "gguf";
    private const string Ollama = "ollama";

    /// <summary>Rows of adapters are too short for blocks.</summary>
    private static readonly string[] AdapterTypes = [.. GgufExport.Types.Where(type => !type.Value.Format.IsQuantised).Select(type => type.Key)];

    public static Command Create(CommandRunner runner)
    {
        var path = new Argument<string>("path") { Description = "A run, one of its checkpoints, a model folder, a PEFT folder, or a name of the hub." };
        var to = new Option<string>("--to")
        { Description = "gguf: one file for llama.cpp and what is built on it. ollama: a folder with that and a Modelfile.", Required = true };
        to.AcceptOnlyFromAmong(Gguf, Ollama);
        var target = new Option<string>("--out") { Description = "The new file, or for ollama the new folder.", HelpName = "path", Required = true };
        var type = new Option<string?>("--type") { Description = "How weights are stored; f16 when left out, for adapters f32." };
        type.AcceptOnlyFromAmong([.. GgufExport.Types.Keys]);
        var temperature = new Option<double>("--temperature") { Description = "What Ollama samples at.", DefaultValueFactory = _ => 1 };
        var command = new Command("export", "Write a model, or LoRA adapters, as GGUF or for Ollama.") { path, to, target, type, temperature };
        runner.Attach(command, async (call, cancellation) =>
        {
            var place = call.Get(target)!;
            var source = await call.Pulled(call.Get(path)!, withBase: true, cancellation);
            return await TensorThread.RunAsync(0, () => call.Get(to) == Gguf
                ? ToGguf(call, source, place, call.Get(type)) : ToOllama(call, source, place, call.Get(type), call.Get(temperature)));
        });
        return command;
    }

    private static CommandResult ToGguf(Invocation call, string path, string file, string? type)
    {
        OutputFile.Require("--out", file);
        if (File.Exists(file)) throw new BadInputException($"--out {file}: is there already, and nothing is overwritten; give another path.");
        using var source = ModelSource.Open(path, ModelFamilies.BuiltIn);
        var isAdapter = source.Adapter is not null;
        if (isAdapter && type is not null && !AdapterTypes.Contains(type))
        {
            throw new BadInputException($"--type {type}: adapters are written as {string.Join(", ", AdapterTypes)}; for a whole model in {type}, merge them " +
                $"first with 'flowrl merge {path}'.");
        }
        var progress = new ExportProgress(call.Host);
        var written = isAdapter ? GgufExport.Adapter(source, file, type ?? "f32", progress)
            : GgufExport.Model(source, file, type ?? "f16", ModelFamilies.BuiltIn, progress);
        Warn(call, written.Warnings);
        return CommandResult.Of(new { file, kind = isAdapter ? "adapter" : "model", written.Tensors, written.Bytes, written.Warnings },
            $"{path} written to {file}: {written.Tensors} tensors, {MachineMemory.Size(written.Bytes)}{(isAdapter ? $", adapters for {source.Path}" : "")}");
    }

    private static CommandResult ToOllama(Invocation call, string path, string folder, string? type, double temperature)
    {
        if (temperature is not (>= 0 and <= 100)) throw new BadInputException($"--temperature: {temperature} is out of range; use 0 to 100.");
        NewFolder.RequireFree(folder);
        using var source = ModelSource.Open(path, ModelFamilies.BuiltIn);
        var written = OllamaExport.Write(source, folder, type ?? "f16", temperature, ModelFamilies.BuiltIn, new ExportProgress(call.Host));
        Warn(call, written.Warnings);
        return CommandResult.Of(new { folder, written.Modelfile, written.Warnings },
            $"{path} written to {folder}; next: ollama create NAME -f {written.Modelfile}");
    }

    private static void Warn(Invocation call, IReadOnlyList<string> warnings)
    {
        foreach (var warning in warnings) call.Host.Say($"warning: {warning}");
    }
}
