using FlowRL.Configuration;
using FlowRL.Models;
using FlowRL.Tasks.ProblemSets;

namespace FlowRL.Tasks;

/// <summary>The <c>task:</c> of a recipe. Each task derives one record and names it with <see cref="VariantAttribute"/>.</summary>
public abstract record TaskOptions
{
    /// <summary>The task. Where it is <see cref="IDisposable"/>, whoever asked for it disposes it.</summary>
    /// <exception cref="BadInputException">What the options name is missing or damaged, or programs cannot be isolated here.</exception>
    public abstract ITask Create();

    /// <summary>Whether a right answer can be written in endlessly many ways, longer and longer ones.</summary>
    public virtual bool HasFreeTexts => true;

    /// <summary>Why a model of this recipe could never answer, in sentences that begin with the key; empty where it can.</summary>
    public virtual IEnumerable<string> Misfits(ModelOptions model) => [];

    /// <summary>The files that problems are read from, at its key <c>data</c>; null for a task that reads none.</summary>
    internal virtual DataOptions? Files() => null;
}
