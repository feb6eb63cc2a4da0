using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FlowRL.Tests.Support;

/// <summary>Assemblies as a user's project would make them.</summary>
internal static class CompiledAssembly
{
    /// <summary>An objective, a task, a reward part and an output rule of a user's, each named <c>own</c>.</summary>
    public const string Own = """
        using System.Collections.Generic;
        using System.ComponentModel;
        using System.ComponentModel.DataAnnotations;
        using System.Threading;
        using System.Threading.Tasks;
        using FlowRL.Configuration;
        using FlowRL.Objectives;
        using FlowRL.Rewards.Parts;
        using FlowRL.Tasks;
        using FlowRL.Tasks.Countdown;
        using FlowRL.Verifiers.Code;

        namespace Mine;

        [Variant("own")]
        public sealed record OwnObjective : ObjectiveOptions
        {
            [Description("From here on an answer is learnt.")]
            [Range(0.0, 1.0)]
            public double Level { get; init; } = 0.5;

            public override IObjective Create() => new RejectionSamplingOptions { Threshold = Level }.Create();
        }

        [Variant("own")]
        public sealed record OwnTask : TaskOptions
        {
            public override ITask Create() => new CountdownOptions { TrainProblems = 8 }.Create();
        }

        [Variant("own")]
        public sealed record OwnPart : RewardPartOptions, IRewardPart
        {
            public override IRewardPart Create() => this;

            public ValueTask<double> ScoreAsync(RewardInput input, Verdict verdict, CancellationToken cancellation) => ValueTask.FromResult(0.25);
        }

        [Variant("own")]
        public sealed record OwnRule : OutputRuleOptions, IOutputJudge
        {
            public override IOutputJudge Create() => this;

            public bool Accepts(string input, string expected, string output) => true;
        }
        """;

    private static readonly string[] Program = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);

    /// <summary>Compiles a library into a file whose name is the assembly's, and returns the file.</summary>
    /// <param name="file">Where it goes.</param>
    /// <param name="source">One C# file.</param>
    /// <param name="references">Assemblies beside those of the tests, or in their place where the names are the same.</param>
    public static string Write(string file, string source, params string[] references)
    {
        var replaced = references.Select(Path.GetFileName).ToHashSet();
        var compilation = CSharpCompilation.Create(Path.GetFileNameWithoutExtension(file), [CSharpSyntaxTree.ParseText(source)],
            Program.Where(known => !replaced.Contains(Path.GetFileName(known))).Concat(references).Select(known => MetadataReference.CreateFromFile(known)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var result = compilation.Emit(file);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return file;
    }
}
