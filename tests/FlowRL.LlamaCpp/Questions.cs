using System.Text.Json.Nodes;
using LLama;
using LLama.Native;

namespace FlowRL.LlamaCpp;

/// <summary>What llama.cpp can be asked.</summary>
internal static class Questions
{
    public static JsonObject Answer(JsonObject question) => (string)question["ask"]! switch
    {
        "tokenize" => With(question, model => new JsonObject { ["ids"] = Numbers(model.Tokenize((string)question["text"]!, (bool)question["special"]!)) }),
        "logits" => With(question, model => new JsonObject { ["logits"] = Numbers(model.Logits(Ids(question)).SelectMany(row => row)) }),
        "greedy" => With(question, model => new JsonObject { ["ids"] = Numbers(model.Greedy(Ids(question), (int)question["count"]!)) }),
        "quantise" => Quantise((string)question["model"]!, (string)question["out"]!, (string)question["type"]!),
        var other => throw new ArgumentException($"'{other}' cannot be asked."),
    };

    private static JsonObject With(JsonObject question, Func<LlamaModel, JsonObject> answer)
    {
        using var model = new LlamaModel((string)question["model"]!, (string?)question["adapter"]);
        return answer(model);
    }

    private static JsonObject Quantise(string source, string target, string type)
    {
        // The quantiser does not load the library by itself.
        NativeApi.llama_empty_call();
        return new JsonObject
        {
            ["done"] = LLamaQuantizer.Quantize(source, target, Enum.Parse<LLamaFtype>($"MOSTLY_{type}"), nthread: 1) && File.Exists(target),
        };
    }

    private static int[] Ids(JsonObject question) => [.. question["ids"]!.AsArray().Select(id => (int)id!)];

    private static JsonArray Numbers<T>(IEnumerable<T> numbers) => new([.. numbers.Select(number => (JsonNode?)JsonValue.Create(number))]);
}
