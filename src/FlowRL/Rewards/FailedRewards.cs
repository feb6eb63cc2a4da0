using System.Globalization;
using System.Text;
using System.Text.Json;
using FlowRL.Files;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Rewards;

/// <summary>
/// Which responses of a run the verifier failed on, kept in a file so that a resumed run repeats them: whether a verifier times out depends on
/// what else the machine does, and the steps after the last checkpoint are to come out in the same bits. Thread-safe.
/// </summary>
internal sealed class FailedRewards : IDisposable
{
    private readonly string _path;
    private readonly Dictionary<(int Step, int Request, int Sample, ulong Response), Reward> _before = [];
    private readonly Lock _gate = new();
    private readonly Action<string> _say;
    private LogFile? _file;

    private sealed record Line(int Step, int Request, int Sample, string Problem, string Response, string Kind, string Message, double Seconds);

    /// <param name="path">The file; it need not exist yet.</param>
    /// <param name="say">Told where a failure cannot be written down; the run goes on.</param>
    /// <exception cref="BadInputException">The file is damaged.</exception>
    public FailedRewards(string path, Action<string>? say = null)
    {
        (_path, _say) = (path, say ?? (_ => { }));
        if (!File.Exists(path)) return;
        var text = File.ReadAllText(path);
        if (!text.EndsWith('\n') && text.Length > 0)
        {
            // The run was killed while it wrote this line; the response is verified again.
            text = text[..(text.LastIndexOf('\n') + 1)];
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write); // cut, not written anew: another kill here loses nothing
            file.SetLength(Encoding.UTF8.GetByteCount(text));
        }
        foreach (var (number, line) in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Index()) Read(line, number + 1);
    }

    /// <summary>How verification failed when this step ran before; null where it did not.</summary>
    /// <param name="step">The step.</param>
    /// <param name="request">Which of the step's groups, from 0.</param>
    /// <param name="sample">Which response of the group, from 0: two with the same tokens may have fared differently.</param>
    /// <param name="response">The response, which must be the one that was recorded.</param>
    public Reward? Find(int step, int request, int sample, Response response) => _before.GetValueOrDefault((step, request, sample, Hash(response)));

    /// <summary>Records a failure, handed to the system before this returns; see <see cref="Find"/>.</summary>
    /// <exception cref="ArgumentException">It is a score.</exception>
    public void Add(int step, int request, int sample, Problem problem, Response response, Reward failure)
    {
        var (kind, message, seconds) = failure switch
        {
            Reward.Timeout timeout => ("timeout", "", timeout.Limit.TotalSeconds),
            Reward.Error error => ("error", error.Message, 0.0),
            _ => throw new ArgumentException("A score is no failure.", nameof(failure)),
        };
        var hash = Hash(response).ToString("x16", CultureInfo.InvariantCulture);
        var line = JsonSerializer.Serialize(new Line(step, request, sample, problem.Id, hash, kind, message, seconds), JsonSerializerOptions.Web);
        lock (_gate) (_file ??= new LogFile(_path, _say)).Append(Encoding.UTF8.GetBytes(line + "\n"));
    }

    public void Dispose() => _file?.Dispose();

    private void Read(string text, int number)
    {
        try
        {
            var line = JsonSerializer.Deserialize<Line>(text, JsonSerializerOptions.Web)!;
            _before[(line.Step, line.Request, line.Sample, ulong.Parse(line.Response, NumberStyles.HexNumber, CultureInfo.InvariantCulture))] =
                line.Kind == "timeout" ? new Reward.Timeout(TimeSpan.FromSeconds(line.Seconds)) : new Reward.Error(line.Message);
        }
        catch (Exception broken) when (broken is JsonException or FormatException or ArgumentNullException or NullReferenceException)
        {
            throw new BadInputException($"{_path}:{number}: not a record of a failed reward; remove the line.", broken);
        }
    }

    private static ulong Hash(Response response) =>
        Seeds.Derive(0, "response", [.. response.TokenIds.Select(id => (long)id)]);
}
