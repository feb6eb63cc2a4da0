using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FlowRL.LlamaCpp;

// llama.cpp as a program of its own: tests start it, so that its library and libtorch never meet in one process. A question is a JSON object on a line
// of standard input, its answer one on a line of standard output.
var json = new JsonSerializerOptions { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };
LlamaModel.Silence();
while (Console.ReadLine() is { } line)
{
    var question = JsonNode.Parse(line)!.AsObject();
    JsonObject answer;
    try
    {
        answer = Questions.Answer(question);
    }
    catch (Exception e) when (e is not OutOfMemoryException)
    {
        answer = new JsonObject { ["error"] = $"{e.GetType().Name}: {e.Message}" };
    }
    Console.WriteLine(answer.ToJsonString(json));
}
