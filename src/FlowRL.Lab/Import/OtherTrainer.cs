using System.Text;
using FlowRL.Lab.Import.Shell;

namespace FlowRL.Lab.Import;

/// <summary>Another trainer, whose settings become a recipe: how its files are read, its keys, and the rules for those that belong together.</summary>
internal abstract class OtherTrainer
{
    private const int LongestFile = 1 << 20;

    public abstract string Name { get; }

    /// <summary>As its own pages write it.</summary>
    public virtual string Title => Name;

    public abstract KeyTable Keys { get; }

    /// <summary>What starts a training, for a message.</summary>
    protected abstract string Start { get; }

    /// <summary>Reads the commands of a script that start a training; false where none does.</summary>
    protected abstract bool Read(IReadOnlyList<ShellCommand> commands, string source, Settings settings);

    /// <summary>What is done to the settings when all files are read.</summary>
    protected virtual void Complete(Settings settings, string home) { }

    /// <summary>The settings that belong together, in the order in which they depend on each other.</summary>
    protected abstract void Convert(Conversion conversion);

    /// <summary>A recipe with the settings of all files; of what two say, the later counts.</summary>
    /// <param name="paths">Files of YAML, or shell scripts. Nothing in them is run.</param>
    /// <param name="home">What <c>~</c> and <c>$HOME</c> stand for.</param>
    /// <exception cref="BadInputException">A file cannot be read, or says nothing that a recipe could hold.</exception>
    public ConversionReport Import(IReadOnlyList<string> paths, string home)
    {
        var settings = new Settings();
        foreach (var path in paths) Read(path, settings, home);
        Complete(settings, home);
        var conversion = new Conversion(Title, settings, Keys, home);
        Convert(conversion);
        conversion.TakeRest();
        var names = string.Join(' ', paths.Select(path => Setting.OneLine(Path.GetFileName(path), 80)));
        return conversion.Finish($"Made by: flowrl recipe {names} --from {Name}");
    }

    private void Read(string path, Settings settings, string home)
    {
        var text = Text(path);
        var extension = Path.GetExtension(path).ToUpperInvariant();
        if (extension is ".PY" or ".IPYNB")
            throw new BadInputException($"{path}: is a program in Python, which is not read; write its settings as YAML, key by key.");
        if (extension is ".YAML" or ".YML" or ".JSON")
        {
            YamlSettings.Read(text, path, settings);
            return;
        }
        var variables = new ShellVariables(path, home);
        if (!Read(ShellScript.Commands(text, path, variables, settings.Note), path, settings))
            throw new BadInputException($"{path}: no command in it starts {Name}'s trainer ({Start}); a file of settings ends with .yaml.");
    }

    private static string Text(string path)
    {
        if (Directory.Exists(path)) throw new BadInputException($"{path}: is a folder; give a file.");
        if (!File.Exists(path)) throw new BadInputException($"{path}: there is no such file.");
        try
        {
            using var file = File.OpenRead(path);
            var bytes = new byte[LongestFile + 1];
            var length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > LongestFile) throw new BadInputException($"{path}: is longer than the {LongestFile} bytes that a script or its settings may have.");
            if (length == 0) throw new BadInputException($"{path}: is empty.");
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes, 0, length);
            text = text.TrimStart('\uFEFF').Replace("\r\n", "\n", StringComparison.Ordinal);
            return text.Contains('\0', StringComparison.Ordinal) ? throw new BadInputException($"{path}: is not a text.") : text;
        }
        catch (DecoderFallbackException)
        {
            throw new BadInputException($"{path}: is not a text in UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read: {e.Message}", e);
        }
    }
}
