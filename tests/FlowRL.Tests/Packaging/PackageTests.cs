using FlowRL.Tests.Support;

namespace FlowRL.Tests.Packaging;

/// <summary>A project that references the package builds, loads the native library and trains, with nothing done by hand.</summary>
public sealed class PackageTests
{
    [Fact]
    public async Task A_scratch_project_trains_a_step_with_the_packed_library()
    {
        using var folder = new TemporaryFolder();
        var repository = Repository.Root;
        await Dotnet.RunAsync(repository, "pack", "src/FlowRL/FlowRL.csproj", "-c", "Release", "--no-build", "-o", folder.In("feed"), "-p:PackageVersion=9.9.9");

        Directory.CreateDirectory(folder.In("app"));
        File.WriteAllText(folder.In("app", "app.csproj"), """
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <RestorePackagesPath>$(MSBuildThisFileDirectory)packages</RestorePackagesPath>
                <RestoreAdditionalProjectSources>$(MSBuildThisFileDirectory)../feed</RestoreAdditionalProjectSources>
                <RestoreFallbackFolders>FALLBACK</RestoreFallbackFolders>
                <NoWarn>NU1603</NoWarn>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="FlowRL" Version="9.9.9" />
              </ItemGroup>
            </Project>
            """.Replace("FALLBACK", PackageCache(), StringComparison.Ordinal));
        File.WriteAllText(folder.In("app", "Program.cs"), """
            using FlowRL.Evaluation;
            using FlowRL.Objectives.DistributionMatching;
            using FlowRL.Recipes;
            using FlowRL.Rollouts;
            using FlowRL.Runs;
            using FlowRL.Tasks.Countdown;
            using FlowRL.Training;
            using Microsoft.Extensions.Logging.Abstractions;

            var recipe = new TrainRecipe
            {
                Task = new CountdownOptions(),
                Objective = new FlowRLOptions(),
                Rollout = new RolloutOptions { Problems = 2, GroupSize = 4, Sampling = new SamplingOptions { MaxNewTokens = 8 } },
                Training = new TrainingOptions { Steps = 1, MiniBatch = 8 },
                Evaluation = new EvaluationOptions { Every = 0, TestProblems = 0 },
                Run = new RunOptions { Folder = "runs" },
            };
            var summary = await TrainRun.RunAsync(recipe, null, new Progress<FlowRL.Telemetry.StepReport>(), NullLogger.Instance, CancellationToken.None);
            Console.WriteLine($"trained {summary.Steps} step");
            """);
        await Dotnet.RunAsync(folder.In("app"), "build", "-c", "Release", "-v", "quiet");
        Assert.Contains("trained 1 step", await Dotnet.RunAsync(folder.In("app"), "bin/Release/net10.0/app.dll"), StringComparison.Ordinal);
    }

    private static string PackageCache() => Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
