using System.Globalization;
using FlowRL;
using FlowRL.Benchmarks;

// dotnet run -c Release --project benchmarks/FlowRL.Benchmarks -- --make-model FOLDER --tokenizer FOLDER
// Makes what benchmarks/qwen-shape.sh trains. What is measured without files, `flowrl bench` measures.
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is not ["--make-model", var folder, "--tokenizer", var tokenizer])
{
    Console.Error.WriteLine("Give --make-model FOLDER --tokenizer FOLDER; to measure speed, use `flowrl bench`.");
    return 2;
}
NativeRuntime.Initialize(threads: 0);
QwenShape.Write(folder, tokenizer);
return 0;
