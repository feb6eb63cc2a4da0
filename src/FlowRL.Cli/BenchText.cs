using System.Globalization;
using FlowRL.Lab.Benchmarking;

namespace FlowRL.Cli;

/// <summary>Measurements as tables for people.</summary>
internal static class BenchText
{
    private static readonly string[] ComparisonHeading = ["", "old", "new", "new / old"];
    private static readonly string[] ExponentOrder = ["decode_seconds", "decode_bytes", "train_seconds", "train_bytes"];
    private static readonly string[] GrowthHeading = ["sampling s", "sampling memory", "training s", "training memory"];

    public static string Of(BenchReport report)
    {
        var machine = report.Machine;
        var lines = new List<string>
        {
            Text($"{(machine.CpuModel == "" ? machine.Architecture : machine.CpuModel)}, {machine.Threads} threads, {machine.VectorBits}-bit vectors, ") +
            Text($"{machine.MemoryGigabytes:F0} GB; {machine.Framework}, libtorch {machine.Libtorch}, {machine.System}"),
        };
        lines.AddRange(report.Shapes.Values.SelectMany(shape => shape.Ceilings.Remarks()).Distinct());
        foreach (var (name, shape) in report.Shapes) lines.AddRange(["", Of(name, shape)]);
        return string.Join('\n', lines);
    }

    public static string Of(BenchComparison comparison)
    {
        var rows = new List<string[]> { ComparisonHeading };
        rows.AddRange(comparison.Rows.Select(row => new[]
        {
            $"{row.Shape} {row.Part} {row.Number}", Number(row.Old), Number(row.New), Text($"{row.Ratio:F3}"),
        }));
        return TextTable.Of(rows);
    }

    public static string Of(GrowthReport report)
    {
        var rows = new List<string[]>();
        foreach (var axis in report.Axes)
        {
            if (rows.Count > 0) rows.Add([""]);
            rows.Add([axis.Name, .. GrowthHeading]);
            rows.AddRange(axis.Points.Select(point => new[]
            {
                Text($"{point.Size:N0}"), Text($"{point.DecodeSeconds:F3}"), Size(point.DecodeBytes), Text($"{point.TrainSeconds:F3}"), Size(point.TrainBytes),
            }));
            rows.Add(["exponent", .. ExponentOrder.Select(quantity => Text($"{axis.Exponents[quantity]:F2}"))]);
        }
        return TextTable.Of(rows);
    }

    private static string Of(string name, ShapeReport shape)
    {
        var measured = shape.Parts().ToList();
        var rows = new List<string[]> { new[] { name, "tokens/s", "of roofline", "× tensor", "seconds", "peak" } };
        rows.AddRange(measured.Select(m => new[]
        {
            m.Name, Text($"{m.Measured.TokensPerSecond:N0}"), Text($"{m.Measured.RooflineFraction:P0}").Replace(" ", "", StringComparison.Ordinal),
            m.Measured.SpeedupOverTensor is { } speedup ? Text($"{speedup:F2}") : "", Text($"{m.Measured.Seconds:F3}"), Size(m.Measured.PeakBytes),
        }));
        return string.Join('\n',
            Text($"{shape.Parameters:N0} parameters; this machine: {shape.Ceilings.ProductGigaflops:N0} GFLOP/s of fp32 products{Aside(shape.Ceilings)}, ") +
            Text($"{shape.Ceilings.ReadGigabytes:N1} GB/s read from memory"),
            TextTable.Of(rows),
            Parts("time", measured, m => m.Time.ToDictionary(part => part.Key, part => Text($"{part.Value:F3} s"))),
            Parts("memory", measured, m => m.Memory.ToDictionary(part => part.Key, part => Size(part.Value))),
            string.Join('\n', measured.Select(m => $"roofline of {m.Name}: {m.Measured.Roofline}"))) +
            (shape.Train.PaddingShare is { } lost ? Text($"\nlost to responses of different lengths: {lost * 100:F1}% of a training step") : "") +
            (shape.Train.ShortGradientsSpeedup is { } faster ? Text($"\nwith gradients in bfloat16: {faster:F2} × as fast") : "");
    }

    /// <summary>What stands behind the product ceiling, where it was measured.</summary>
    private static string Aside(Ceilings ceilings) => ceilings.RegisterGigaflops == 0 ? ""
        : Text($" (library {ceilings.LibraryGigaflops:N0}; {ceilings.ProductGigaflops / ceilings.RegisterGigaflops * 100:F0}% of multiply-adds in registers)");

    /// <summary>A row for each part that any of the measurements has.</summary>
    private static string Parts(
        string heading, List<(string Name, Measured Measured)> measured, Func<Measured, Dictionary<string, string>> parts)
    {
        var columns = measured.Select(m => parts(m.Measured)).ToList();
        var rows = new List<string[]> { new[] { heading }.Concat(measured.Select(m => m.Name)).ToArray() };
        rows.AddRange(columns.SelectMany(column => column.Keys).Distinct().Select(part =>
            new[] { "  " + part.Replace('_', ' ') }.Concat(columns.Select(column => column.GetValueOrDefault(part, ""))).ToArray()));
        return TextTable.Of(rows);
    }

    private static string Number(double value) => Math.Abs(value) < 100 ? Text($"{value:F3}") : Text($"{value:N0}");

    private static string Size(long bytes) => bytes switch
    {
        < 10_000_000 => Text($"{bytes / 1e6:F1} MB"),
        < 1_000_000_000 => Text($"{bytes / 1e6:F0} MB"),
        _ => Text($"{bytes / 1e9:F2} GB"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
