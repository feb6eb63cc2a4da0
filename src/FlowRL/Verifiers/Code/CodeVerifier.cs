using FlowRL.Sandbox;

namespace FlowRL.Verifiers.Code;

/// <summary>Runs programs of any known language against their tests, each in a sandbox of its own. Thread-safe.</summary>
public sealed class CodeVerifier : IDisposable
{
    private readonly CodeOptions _options;
    private readonly Dictionary<CodeLanguage, Lazy<ICodeVerifier>> _languages;

    /// <exception cref="BadInputException">Programs cannot be isolated here, and the options do not allow to run them without.</exception>
    public CodeVerifier(CodeOptions options)
    {
        _options = options;
        var sandbox = Sandboxes.Of(options.Sandbox);
        if (sandbox.Obstacle is { } obstacle) throw new BadInputException(obstacle);
        _languages = new()
        {
            [CodeLanguage.Python] = new(() => Python(options, sandbox)),
            [CodeLanguage.CSharp] = new(() => new CSharpVerifier(options, sandbox)),
        };
    }

    /// <summary>Removes copies of what runs C# that processes left behind which were killed.</summary>
    public static void RemoveAbandoned() => HostCopy.Sweep(Path.GetTempPath());

    /// <summary>How many verdicts at once use this machine well.</summary>
    internal int AtOnce => Capacity.Verdicts(_options.Sandbox);

    /// <summary>Makes ready to run programs of a language, which otherwise the first of them does.</summary>
    /// <exception cref="BadInputException">There is nothing here to run them with.</exception>
    public void Require(CodeLanguage language) => _ = _languages[language].Value;

    /// <param name="program">A program; it may be anything.</param>
    /// <param name="language">What it is written in.</param>
    /// <param name="tests">What it is to do.</param>
    /// <param name="cancellation">Checked between tests.</param>
    /// <exception cref="BadInputException">There is nothing here to run them with.</exception>
    public CodeVerdict Verify(string program, CodeLanguage language, CodeTests tests, CancellationToken cancellation) =>
        program.Trim().Trim(ProgramText.ByteOrderMark) == "" ? Refused("there is no program")
        : program.Length > _options.MaxCharacters ? Refused($"the program has {program.Length} characters, over {_options.MaxCharacters}")
        : program.Contains('\0', StringComparison.Ordinal) ? Refused("the program holds a zero byte")
        : _languages[language].Value.Verify(program.TrimStart(ProgramText.ByteOrderMark), tests, cancellation);

    /// <summary>As <see cref="Verify"/>, for the program in a response.</summary>
    public CodeVerdict VerifyResponse(string response, CodeLanguage language, CodeTests tests, CancellationToken cancellation) =>
        ProgramText.Find(response, language) is { } program ? Verify(program, language, tests, cancellation)
        : Refused(ProgramText.IsThinking(response) ? "the response ends in its thinking" : $"no block of {language} in the response");

    public void Dispose()
    {
        foreach (var verifier in _languages.Values.Where(verifier => verifier.IsValueCreated)) (verifier.Value as IDisposable)?.Dispose();
    }

    private static PythonVerifier Python(CodeOptions options, ISandbox sandbox)
    {
        var python = new PythonVerifier(options, sandbox);
        return python.Obstacle is { } obstacle ? throw new BadInputException(obstacle) : python;
    }

    private static CodeVerdict Refused(string reason) => new(CodeOutcome.Refused, 0, 1, reason);
}

/// <summary>Runs programs of one language against tests. Thread-safe.</summary>
internal interface ICodeVerifier
{
    /// <param name="program">The program; it may be anything.</param>
    /// <param name="tests">What it is to do.</param>
    /// <param name="cancellation">Checked between tests.</param>
    CodeVerdict Verify(string program, CodeTests tests, CancellationToken cancellation);
}
