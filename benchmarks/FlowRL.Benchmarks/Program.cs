using System.Globalization;
using System.Text.Json;
using FlowRL;
using FlowRL.Benchmarking;
using FlowRL.Benchmarks;

// dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- [--shapes S,M] [--repeat 3] [--group 1] [--decode]
// dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- --make-model FOLDER --tokenizer FOLDER
// Progress goes to standard error; the last line of standard output is one JSON object.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string Option(string name, string fallback)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : fallback;
}

NativeRuntime.Initialize(threads: 0);
if (args is ["--make-model", var folder, "--tokenizer", var tokenizer])
{
    QwenShape.Write(folder, tokenizer);
    return 0;
}
var repeat = int.Parse(Option("--repeat", "3"), CultureInfo.InvariantCulture);
var group = int.Parse(Option("--group", "1"), CultureInfo.InvariantCulture); // responses that share a prompt

var results = new Dictionary<string, object>();
foreach (var name in Option("--shapes", "S,M").Split(','))
{
    var shape = BenchmarkShape.ByName(name);
    var ceilings = Ceilings.Measure(shape);
    Console.Error.WriteLine($"{name} ceilings: {ceilings.ProductGigaflops:F0} GFLOP/s fp32 products, {ceilings.ReadGigabytes:F1} GB/s memory read");
    var decode = DecodeBenchmark.Run(shape, ceilings, repeat, group);
    Console.Error.WriteLine($"{name} decode: {decode.TokensPerSecond:F0} tokens/s, {decode.RooflineFraction:P0} of the roofline, {decode.SpeedupOverTensor:F2} times the tensor loop, {decode.Seconds / 71 * 1e3:F2} ms a step");
    if (args.Contains("--decode")) continue;
    var train = TrainBenchmark.Run(shape, ceilings, repeat);
    Console.Error.WriteLine($"{name} train: {train.TokensPerSecond:F0} tokens/s, {train.RooflineFraction:P0} of the product ceiling");
    results[name] = new { decode, train };
}
Console.WriteLine(JsonSerializer.Serialize(new { machine = Machine.Describe(), shapes = results },
    new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }));
return 0;
