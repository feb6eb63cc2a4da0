using System.Net;
using System.Net.Sockets;
using System.Text;
using FlowRL.Sandbox;
using FlowRL.Tests.Support;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

/// <summary>A host with something to steal: files, some of them open, an environment variable, servers. Whoever prints the secret has got out.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class HostFixture : IDisposable
{
    private const string Variable = "FLOWRL_TEST_SECRET";
    private readonly string _folder = Directory.CreateTempSubdirectory("flowrl-host").FullName;
    private readonly InheritableDescriptors _open = new();
    private readonly TcpListener _tcp = new(IPAddress.Loopback, 0);
    private readonly Socket _local = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private int _visitors;

    public HostFixture()
    {
        File.WriteAllText(Path.Combine(_folder, "secret"), Secret);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_111_111);
        Environment.SetEnvironmentVariable(Variable, Secret);
        _tcp.Start();
        _local.Bind(new UnixDomainSocketEndPoint($"\0{Mark}"));
        _local.Listen();
        _ = WelcomeAsync(_tcp.Server);
        _ = WelcomeAsync(_local);
    }

    public static CodeOptions Options { get; } = new()
    {
        TimeLimit = 0.5,
        Sandbox = new SandboxOptions { MemoryMb = 192, OutputMb = 1, DiskMb = 4, Processes = 16 },
    };

    /// <summary>What the secret begins with; attacks know it to recognise the rest.</summary>
    public string Mark { get; } = $"M{Guid.NewGuid():N}"[..16];

    public string Secret => field ??= $"{Mark}-{Guid.NewGuid():N}";

    /// <summary>Connections that got through.</summary>
    public int Visitors => Volatile.Read(ref _visitors);

    /// <summary>Files in the host's folder; one was there from the start.</summary>
    public int Files => Directory.GetFiles(_folder).Length;

    /// <summary>Whether nobody wrote to the files that are open.</summary>
    public bool IsUntouched => _open.AreUntouched;

    public string Fill(string attack) => attack
        .Replace("@HOST_FILE@", Path.Combine(_folder, "secret"), StringComparison.Ordinal)
        .Replace("@HOST_FOLDER@", _folder, StringComparison.Ordinal)
        .Replace("@HOST_PID@", $"{Environment.ProcessId}", StringComparison.Ordinal)
        .Replace("@PORT@", $"{((IPEndPoint)_tcp.LocalEndpoint).Port}", StringComparison.Ordinal)
        .Replace("@VARIABLE@", Variable, StringComparison.Ordinal)
        .Replace("@SECRET@", Secret, StringComparison.Ordinal)
        .Replace("@MARK@", Mark, StringComparison.Ordinal);

    public void Dispose()
    {
        _open.Dispose();
        _tcp.Dispose();
        _local.Dispose();
        Environment.SetEnvironmentVariable(Variable, null);
        Directory.Delete(_folder, recursive: true);
    }

    private async Task WelcomeAsync(Socket server)
    {
        try
        {
            while (true)
            {
                using var visitor = await server.AcceptAsync();
                Interlocked.Increment(ref _visitors);
                await visitor.SendAsync(Encoding.UTF8.GetBytes(Secret));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The tests are over.
        }
    }
}
