using FlowRL.Models;
using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Training;

/// <summary>The problems that are trained on, in the order of the run, as the policy's token ids.</summary>
public sealed class TrainingProblems
{
    private readonly LanguageModel _model;
    private readonly RolloutOptions _options;

    /// <param name="model">Encodes prompts; borrowed.</param>
    /// <param name="task">Whose problems.</param>
    /// <param name="options">Problems a step, and what happens to long prompts.</param>
    /// <param name="seed">Of the order.</param>
    /// <exception cref="BadInputException">There are no problems.</exception>
    public TrainingProblems(LanguageModel model, ITask task, RolloutOptions options, ulong seed)
    {
        (_model, _options) = (model, options);
        var problems = task.Problems(Split.Train);
        if (options.LongPrompts == LongPrompts.Skip)
        {
            var all = problems.Count;
            problems = [.. problems.Where(problem => model.EncodePrompt(problem.Prompt).Length <= options.MaxPromptTokens)];
            Skipped = all - problems.Count;
        }
        Order = new ProblemOrder(problems, options.Problems, seed);
    }

    /// <summary>Training problems that were left out because of their length.</summary>
    public int Skipped { get; }

    /// <summary>Which problems a step sees.</summary>
    public ProblemOrder Order { get; }

    /// <summary>The policy that is trained on them.</summary>
    internal Decoder Policy => _model.Decoder;

    /// <exception cref="BadInputException">The prompt is longer than the recipe allows.</exception>
    public int[] PromptIds(Problem problem)
    {
        var ids = _model.EncodePrompt(problem.Prompt);
        return ids.Length <= _options.MaxPromptTokens ? ids : throw new BadInputException(
            $"The prompt of problem '{problem.Id}' has {ids.Length} tokens, more than rollout.max_prompt_tokens = " +
            $"{_options.MaxPromptTokens}; raise the limit, or set rollout.long_prompts to skip.");
    }
}
