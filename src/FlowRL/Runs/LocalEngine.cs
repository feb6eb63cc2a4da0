using FlowRL.Models;
using FlowRL.Rollouts;

namespace FlowRL.Runs;

/// <summary>Sampling with a model of this process, where no recipe says otherwise.</summary>
public static class LocalEngine
{
    /// <param name="model">Borrowed; it samples as it is at each call.</param>
    /// <param name="slots">Sequences decoded side by side.</param>
    public static IRolloutEngine Of(LanguageModel model, int slots) => new Sampler(model.Decoder, model.Tokenizer, slots);
}
