using FlowRL.Checkpoints;
using FlowRL.Models;

namespace FlowRL.Tests.Support;

/// <summary>Tiny models with a chat template, whose vocabulary is their bytes and little more.</summary>
internal static class ChatModels
{
    public static NewModelOptions Shape { get; } = new()
    {
        Width = 16,
        Layers = 2,
        Heads = 2,
        KeyValueHeads = 1,
        FeedForwardWidth = 24,
        ContextLength = 256,
        Vocabulary = 280,
        Chat = true,
    };

    public static LanguageModel Create(ulong seed = 1) => NewModel.Create(Shape, new ModelOptions(), seed, ["user assistant system", "What is it? It is."]);
}
