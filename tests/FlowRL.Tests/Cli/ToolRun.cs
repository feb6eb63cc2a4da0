using System.Text.Json.Nodes;
using FlowRL.Cli;

namespace FlowRL.Tests.Cli;

/// <summary>One command line, run in this process with captured streams.</summary>
internal sealed record ToolRun(int Code, string Output, string Error)
{
    /// <summary>The object on the last line of standard output.</summary>
    public JsonObject Json => (JsonObject)JsonNode.Parse(Output.TrimEnd('\n').Split('\n')[^1])!;

    public static Task<ToolRun> Of(params string[] args) => Of(new StubEngine(), args);

    public static async Task<ToolRun> Of(ITrainingEngine engine, params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await new FlowRLTool(new CliHost(output, error, new StringReader("from stdin"), null, engine)).RunAsync(args);
        return new ToolRun(code, output.ToString(), error.ToString());
    }
}
