using FlowRL.Files;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Files;

public sealed class ShippedFileTests
{
    [Fact]
    public void Relative_paths_that_are_nobodys_are_those_beside_the_program()
    {
        const string shipped = "Golden/babyllama/LICENSE";
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, shipped), Path.GetFullPath(ShippedFile.Find(shipped)!));
        Assert.Null(ShippedFile.Find("Golden/babyllama/LICENCE"));
        Assert.Null(ShippedFile.Find($"/{shipped}"));
        // From the program's own folder, where the runner may stand, any such path is the user's.
        if (Directory.GetCurrentDirectory() != AppContext.BaseDirectory.TrimEnd('/')) Assert.Null(ShippedFile.Find($"Golden/../{shipped}"));
    }

    [Fact]
    public async Task Packaged_recipes_find_their_data_from_any_folder_and_the_users_own_files_come_first()
    {
        using var folder = new TemporaryFolder();
        string[] command =
        [
            "train", "word-problems", "--dry-run", "--set",
            "model.create={width: 16, layers: 1, heads: 1, key_value_heads: 1, feed_forward_width: 16, context_length: 256, vocabulary: 300}",
        ];
        var packaged = await CliProcess.RunAsync(folder.Path, command);
        Assert.True(packaged.ExitCode == 0, packaged.Error);
        Assert.Contains(" 601 test problems\n", packaged.Error, StringComparison.Ordinal);
        Directory.CreateDirectory(folder.In("data/word-problems"));
        folder.Write("data/word-problems/test.jsonl", "{\"problem\": \"One and one?\", \"answer\": \"2\"}\n");
        Assert.Contains(" 1 test problems\n", (await CliProcess.RunAsync(folder.Path, command)).Error, StringComparison.Ordinal);
    }
}
