using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using FlowRL.Files;
using FlowRL.Rewards;

namespace FlowRL.Lab.Comparison;

/// <summary>The responses that a test's numbers were counted from, beside them in the run's folder: one JSON object a line, packed.</summary>
internal static class TestedResponses
{
    private static readonly JsonSerializerOptions Plain = new(JsonOutput.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="folder">The run's.</param>
    /// <param name="name">The test's.</param>
    public static string PathOf(string folder, string name) => Path.Combine(folder, $"{name}.responses.jsonl.gz");

    /// <summary>Writes them whole or not at all.</summary>
    public static void Write(string folder, string name, IReadOnlyList<ScoredGroup> groups)
    {
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            foreach (var (rollout, verdicts) in groups)
            {
                foreach (var (response, verdict) in rollout.Responses.Zip(verdicts))
                {
                    var (problem, text) = (rollout.Problem, response.Text);
                    JsonSerializer.Serialize(
                        zip, new Line(problem.Id, problem.Prompt.Text, text, response.Length, verdict.IsCorrect, verdict.Solution), Plain);
                    zip.WriteByte((byte)'\n');
                }
            }
        }
        AtomicFile.Write(PathOf(folder, name), packed.ToArray(), Disk.Real);
    }

    /// <param name="Problem">Id of the problem.</param>
    /// <param name="Prompt">What the model read.</param>
    /// <param name="Response">The text.</param>
    /// <param name="Tokens">Its length.</param>
    /// <param name="Correct">Whether it is right; files that are older than this entry say so by the solution alone.</param>
    /// <param name="Solution">The identity of its solution; null where it is not right, or that is not known.</param>
    private sealed record Line(string Problem, string Prompt, string Response, int Tokens, bool Correct, string? Solution);
}
