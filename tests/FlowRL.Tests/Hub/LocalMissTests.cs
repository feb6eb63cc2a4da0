using FlowRL.Hub;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Hub;

public sealed class LocalMissTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public LocalMissTests()
    {
        foreach (var path in (string[])["runs/countdown-1", "runs/countdown-2", "runs/planning-sft-1", "models/base"]) Directory.CreateDirectory(_folder.In(path));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("runs/countdwn-1", "'runs/countdwn-1' does not exist; did you mean 'runs/countdown-1'? The hub's runs/countdwn-1 is 'runs/countdwn-1@main' here.")]
    [InlineData("run/countdown-2", "'run/countdown-2' does not exist; did you mean 'runs/countdown-2'? The hub's run/countdown-2 is 'run/countdown-2@main' here.")]
    [InlineData("model/bsae", "'model/bsae' does not exist; did you mean 'models/base'? The hub's model/bsae is 'model/bsae@main' here.")]
    [InlineData("runs/planning", "'runs/planning' does not exist; did you mean 'runs/planning-sft-1'? The hub's runs/planning is 'runs/planning@main' here.")]
    [InlineData("models/Qwen3-0.6B", "'models/Qwen3-0.6B' does not exist, and 'models' is a folder of yours, so that the hub is not asked for it. The hub's models/Qwen3-0.6B is 'models/Qwen3-0.6B@main' here.")]
    public void Near_misses_are_told(string name, string message) => Assert.Equal(message, LocalMiss.Of(HubName.Parse(name)!, _folder.Path));

    [Theory]
    [InlineData("Qwen/Qwen3-0.6B")]
    [InlineData("model/Qwen3-0.6B")]
    [InlineData("runs/countdwn-1@main")]
    [InlineData("models/base:model.gguf")]
    public void Names_of_the_hub_are_none(string name) => Assert.Null(LocalMiss.Of(HubName.Parse(name)!, _folder.Path));
}
