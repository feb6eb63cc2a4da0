using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using FlowRL.Sandbox;
using FlowRL.Verifiers.Code;
using TorchSharp;

namespace FlowRL.Cli;

/// <summary>This machine as a place to train, with advice on what is missing.</summary>
internal sealed record MachineReport
{
    private const double GiB = 1 << 30;

    public required string System { get; init; }
    public required string Runtime { get; init; }
    public required int Cores { get; init; }

    /// <summary>GiB that this process may use: the machine's, or the container's limit.</summary>
    public required double MemoryGib { get; init; }

    /// <summary>The widest vector instructions: avx512, avx2, neon or none.</summary>
    public required string Simd { get; init; }

    /// <summary>Seconds that the native library took to load and multiply two matrices; null when it does not load.</summary>
    public required double? LibtorchSeconds { get; init; }

    /// <summary>Why it does not load; null when it does.</summary>
    public required string? LibtorchError { get; init; }

    /// <summary>Whether the system has OpenSSL, without which .NET makes no checksums and so saves no checkpoint.</summary>
    public required bool Openssl { get; init; }
    public required bool Cuda { get; init; }
    public required int CudaDevices { get; init; }

    /// <summary>Threads that tensor work uses unless a recipe says otherwise; 0 when the native library does not load.</summary>
    public required int Threads { get; init; }

    /// <summary>GiB free in the current folder.</summary>
    public required double DiskGib { get; init; }

    /// <summary>How programs that models write are isolated; null where they cannot be.</summary>
    public required string? Sandbox { get; init; }

    /// <summary>Why they cannot be; null where they can.</summary>
    public required string? SandboxError { get; init; }

    /// <summary>Why C# programs cannot be run where others can; null where they can.</summary>
    public required string? CsharpError { get; init; }

    /// <summary>What to do, one sentence each; empty when nothing is missing.</summary>
    public IReadOnlyList<string> Advice => [.. Advise()];

    public static MachineReport Measure()
    {
        var watch = Stopwatch.StartNew();
        var error = LoadError();
        var seconds = watch.Elapsed.TotalSeconds;
        var obstacle = SandboxObstacle(CodeLanguage.Python);
        var cuda = error is null && torch.cuda.is_available();
        return new MachineReport
        {
            System = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture.ToString().ToUpperInvariant()}",
            Runtime = RuntimeInformation.FrameworkDescription,
            Cores = Environment.ProcessorCount,
            MemoryGib = Math.Round(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / GiB, 1),
            Simd = Avx512F.IsSupported ? "avx512"
                : Avx2.IsSupported ? "avx2" : global::System.Runtime.Intrinsics.Arm.AdvSimd.IsSupported ? "neon" : "none",
            LibtorchSeconds = error is null ? Math.Round(seconds, 2) : null,
            LibtorchError = error,
            Openssl = HasOpenssl(),
            Cuda = cuda,
            CudaDevices = cuda ? torch.cuda.device_count() : 0,
            Threads = error is null ? torch.get_num_threads() : 0,
            DiskGib = Math.Round(new DriveInfo(Path.GetFullPath(".")).AvailableFreeSpace / GiB, 1),
            Sandbox = obstacle is null ? SandboxText(ControlGroups.Kind) : null,
            SandboxError = obstacle,
            CsharpError = obstacle is null ? SandboxObstacle(CodeLanguage.CSharp) : null,
        };
    }

    public string Text()
    {
        var lines = new List<string>
        {
            $"system    {System}",
            $"runtime   {Runtime}",
            $"cores     {Cores}",
            string.Create(CultureInfo.InvariantCulture, $"memory    {MemoryGib:F1} GiB"),
            $"vectors   {Simd}",
            LibtorchError is null
                ? string.Create(CultureInfo.InvariantCulture, $"libtorch  loads in {LibtorchSeconds:F2} s, {Threads} threads")
                : $"libtorch  does not load: {LibtorchError}",
            $"cuda      {(Cuda ? $"{CudaDevices} devices" : "none")}",
            $"sandbox   {Sandbox ?? "none"}",
            string.Create(CultureInfo.InvariantCulture, $"disk      {DiskGib:F1} GiB free here"),
        };
        lines.AddRange(Advice.Count == 0 ? ["Ready to train."] : Advice.Select(a => $"! {a}"));
        return string.Join('\n', lines);
    }

    private IEnumerable<string> Advise()
    {
        if (LibtorchError is not null)
            yield return "Nothing can be trained until libtorch loads: build or publish again in Release, " +
                "and use an x64 Linux with glibc 2.34 and the C++ library of GCC 12 or newer (Debian 12, Ubuntu 22.04).";
        if (!Openssl)
            yield return "Nothing can be trained without OpenSSL, which .NET takes from the system: install libssl3 (Debian, Ubuntu) or openssl-libs (Fedora).";
        if (MemoryGib < 4) yield return "Less than 4 GiB of memory: set rollout.slots and training.token_budget lower.";
        if (Simd == "none") yield return "The processor has no AVX2 or NEON: training is many times slower than it could be.";
        if (SandboxError is not null) yield return $"Rewards from running programs: {SandboxError}";
        if (CsharpError is not null) yield return $"Rewards from C# programs: {CsharpError}";
        if (DiskGib < 2) yield return "Less than 2 GiB free here: set run.folder to another disk, or checkpoints may fail to save.";
        if (!Cuda && File.Exists("/proc/driver/nvidia/version"))
            yield return "There is an NVIDIA driver, but this build has libtorch for the CPU only: " +
                "reference TorchSharp-cuda-linux in place of libtorch-cpu-linux-x64.";
    }

    /// <param name="groups">Whose control groups there are; null where there are none.</param>
    internal static string SandboxText(string? groups) => groups is null
        ? "bubblewrap, no control groups: memory is added up every 20 ms, and some of the kernel's is bounded a process only (docs/sandbox.md)"
        : $"bubblewrap, {groups}";

    private static string? SandboxObstacle(CodeLanguage language)
    {
        try
        {
            using var verifier = new CodeVerifier(new CodeOptions());
            verifier.Require(language);
            return null;
        }
        catch (BadInputException obstacle)
        {
            return obstacle.Message;
        }
    }

    private static string? LoadError()
    {
        try
        {
            using var ones = torch.ones(2, 2);
            using var product = ones.mm(ones);
            using var sum = product.sum();
            return sum.item<float>() == 8 ? null : "it multiplies matrices wrongly.";
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or NotSupportedException or ExternalException)
        {
            return (e.InnerException ?? e).Message.Split('\n')[0].Trim();
        }
    }

    // Not by its use: the runtime ends the process where it finds none. These are the names that it looks for.
    private static bool HasOpenssl() => !OperatingSystem.IsLinux()
        || new[] { "3", "1.1", "1.0.2", "1.0.0", "10", Environment.GetEnvironmentVariable("DOTNET_OPENSSL_VERSION_OVERRIDE") ?? "" }
            .Any(version => NativeLibrary.TryLoad($"libssl.so.{version}", out _));
}
