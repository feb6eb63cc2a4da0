using FlowRL.Sandbox;
using FlowRL.Tests.Support;
using FlowRL.Tests.Verifiers.Code;

namespace FlowRL.Tests.Sandbox;

/// <summary>Groups of the user's service manager, which a script stands in for: what counts is what it is asked, and that its word alone is not trusted.</summary>
[Collection(nameof(SandboxTests))]
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class UserScopeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");

    public UserScopeTests() => Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", _folder.In("."));

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", _runtime);
        _folder.Dispose();
    }

    [Theory]
    [InlineData("echo 67108864; echo 16", true)]
    [InlineData("echo max; echo max", false)] // a manager that has no say over memory
    [InlineData("echo 67108864; echo max", false)]
    [InlineData("exit 1", false)]
    [InlineData("echo Failed to connect to bus >&2; exit 1", false)]
    public void A_manager_is_believed_where_its_bounds_are_there(string answer, bool isOffered) => Assert.Equal(isOffered, UserScope.IsOffered(Tool(answer)));

    [Fact]
    public void Without_the_tool_or_a_manager_there_are_no_scopes()
    {
        Assert.False(UserScope.IsOffered(_folder.In("none")));

        Environment.SetEnvironmentVariable("XDG_RUNTIME_DIR", null);

        Assert.False(UserScope.IsOffered(Tool("echo 67108864; echo 16")));
    }

    [Fact]
    public void The_sandbox_is_started_within_it()
    {
        var asked = _folder.In("asked");
        var tool = Tool($"""
            echo "$@" > {asked}
            while [ "$1" != -- ]; do shift; done
            shift
            exec "$@"
            """);
        var options = new SandboxOptions { MemoryMb = 100, Processes = 7 };
        var sandbox = new Bubblewrap(options, _ => true, (memory, processes) => new Group(tool, new UserScope(memory, processes)));

        using var process = sandbox.Start(["/bin/sh", "-c", "echo started$XDG_RUNTIME_DIR"], new SandboxNeeds());

        Assert.Equal("started", process.Read(TimeSpan.FromSeconds(20)));
        Assert.StartsWith("--user --scope --quiet --collect -p MemoryMax=104857600 -p MemorySwapMax=0 -p TasksMax=7 -- /bin/bash -p -c ", File.ReadAllText(asked),
            StringComparison.Ordinal);
    }

    private string Tool(string script)
    {
        var path = _folder.Write("systemd-run", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(_folder.In("."), (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(path, (UnixFileMode)0b111_101_101);
        return path;
    }

    /// <summary>A scope that another tool makes.</summary>
    private sealed class Group(string tool, UserScope scope) : IResourceGroup
    {
        public IReadOnlyList<string> Words => [tool, .. scope.Words.Skip(1)];

        public IReadOnlyDictionary<string, string> Environs => scope.Environs;

        public IEnumerable<string> Doors => scope.Doors;

        public bool RanOutOfMemory => scope.RanOutOfMemory;

        public void Dispose() => scope.Dispose();
    }
}
