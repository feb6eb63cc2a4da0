using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlowRL.CSharp;

/// <summary>JSON objects, one a line.</summary>
internal static class Lines
{
    /// <summary>The next object, read byte by byte so that nothing after its line is taken; null at the end.</summary>
    public static JsonNode? Read(Stream input)
    {
        using var line = new MemoryStream();
        for (int next; (next = input.ReadByte()) >= 0 && next != '\n'; line.WriteByte((byte)next))
        {
        }
        return line.Length == 0 ? null : JsonNode.Parse(line.ToArray());
    }

    public static void Write(Stream output, params object[] facts)
    {
        output.Write(Encoding.UTF8.GetBytes("#" + JsonSerializer.Serialize(facts) + "\n"));
        output.Flush();
    }
}
