using System.Globalization;
using FlowRL.Files;

namespace FlowRL.Telemetry;

/// <summary>
/// Scalars for TensorBoard: one <c>events.out.tfevents.*</c> file a session, flushed at each step. A resumed run begins a new file that
/// tells viewers to forget the steps it repeats. Values that are not finite are written as they are; TensorBoard marks them.
/// </summary>
internal sealed class TensorBoardLog : IProgress<StepReport>, IDisposable
{
    private readonly LogFile _file;
    private readonly TimeProvider _clock;

    /// <param name="folder">Where event files lie; made where missing.</param>
    /// <param name="afterStep">The step that is resumed from; 0 for a new run.</param>
    /// <param name="clock">The time that events carry; the system's when null.</param>
    /// <param name="say">Told what cannot be written.</param>
    public TensorBoardLog(string folder, int afterStep = 0, TimeProvider? clock = null, Action<string>? say = null)
    {
        _clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(folder);
        _file = new LogFile(FreePath(folder), say ?? (_ => { }));
        Write(TensorBoardRecord.FileVersion(Now));
        if (afterStep > 0) Write(TensorBoardRecord.SessionStart(Now, afterStep + 1L));
    }

    public void Report(StepReport value) => Write(TensorBoardRecord.Scalars(Now, value.Step, value.Metrics));

    public void Dispose() => _file.Dispose();

    private double Now => _clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;

    // Viewers read the files of a folder in the order of their names: seconds first, then the number within a second.
    private string FreePath(string folder)
    {
        for (var number = 0; ; number++)
        {
            var name = string.Create(CultureInfo.InvariantCulture,
                $"events.out.tfevents.{_clock.GetUtcNow().ToUnixTimeSeconds():D10}.{number:D4}.{Environment.MachineName}.flowrl");
            var path = Path.Combine(folder, name);
            if (!File.Exists(path)) return path;
        }
    }

    private void Write(byte[] message) => _file.Append(TensorBoardRecord.Frame(message));
}
