using FlowRL.Checkpoints;
using FlowRL.Files;
using FlowRL.Hub;
using FlowRL.Models;

namespace FlowRL.Cli.Pulling;

/// <summary>What commands fetch before they begin: models and files that are named as a hub has them.</summary>
internal static class InvocationPulls
{
    /// <summary>The same model, fetched first where it is a hub's, and then by its commit.</summary>
    public static async Task<ModelOptions> Pulled(this Invocation call, ModelOptions model, CancellationToken cancellation) =>
        model.Create is null ? model with { Path = await call.Pulled(model.Path, withBase: true, cancellation) } : model;

    /// <inheritdoc cref="ModelPull.RunAsync"/>
    public static Task<string> Pulled(this Invocation call, string path, bool withBase, CancellationToken cancellation) =>
        ModelPull.IsLocal(path, withBase) ? Task.FromResult(path)
            : call.WithPull(watch => ModelPull.RunAsync(path, HubSettings.FromEnvironment(), watch, withBase, cancellation));

    /// <summary>The same data file, fetched first where it is a hub's (<c>org/name:file</c>), and then by its commit.</summary>
    public static async Task<string> PulledFile(this Invocation call, string path, CancellationToken cancellation)
    {
        if (ShippedFile.Find(path) is not null || HubName.Parse(path) is not { File: not null } name) return path;
        var settings = HubSettings.FromEnvironment();
        return (await call.WithPull(watch => new HubPull(settings, watch).RunAsync(name, RepositoryKind.Dataset, cancellation))).Name.ToString();
    }

    /// <summary>Runs <paramref name="body"/> with a view of what it fetches on standard error.</summary>
    public static Task<T> WithPull<T>(this Invocation call, Func<PullWatch, Task<T>> body) => call.Host.Terminal is { } terminal
        ? LivePull.RunAsync(terminal, call.Host.Say, body)
        : body(new PullWatch(call.Host.Say, new PlainPull(call.Host.Say).Report));
}
