using FlowRL.Benchmarks;
using System.Globalization;
using FlowRL.Numerics;

// What is measured without files and sandboxes, `flowrl bench` measures. The rest:
//   dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- --verdicts
//   dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- --long-responses S 8
//   dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- --draws
//   dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- --bfloat16
//   dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- --tokenizer FOLDER --texts FILE
//   dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- --make-model FOLDER --tokenizer FOLDER
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case ["--verdicts"]:
        Console.WriteLine(VerdictRates.Measure().ToJsonString());
        return 0;
    case ["--draws"]:
        Console.WriteLine(DrawRates.Measure().ToJsonString());
        return 0;
    case ["--bfloat16"]:
        NativeRuntime.Initialize(threads: 0);
        Console.WriteLine(Bfloat16Rates.Measure().ToJsonString());
        return 0;
    case ["--long-responses", var shape, var sequences]:
        NativeRuntime.Initialize(threads: 0);
        Console.WriteLine(LongResponses.Measure(shape, int.Parse(sequences, CultureInfo.InvariantCulture)).ToJsonString());
        return 0;
    case ["--tokenizer", var folder, "--texts", var file]:
        Console.WriteLine(TokenizerRates.Measure(folder, file).ToJsonString());
        return 0;
    case ["--make-model", var made, "--tokenizer", var tokenizer]: // for benchmarks/qwen-shape.sh
        NativeRuntime.Initialize(threads: 0);
        QwenShape.Write(made, tokenizer);
        return 0;
    default:
        Console.Error.WriteLine("Give --verdicts, --draws, --bfloat16, --long-responses SHAPE SEQUENCES, --tokenizer FOLDER --texts FILE, " +
            "or --make-model FOLDER --tokenizer FOLDER; to measure the speed of models, use `flowrl bench`.");
        return 2;
}
