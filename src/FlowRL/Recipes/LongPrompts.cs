namespace FlowRL.Recipes;

/// <summary>What happens to training problems whose prompts are too long.</summary>
public enum LongPrompts
{
    /// <summary>The run ends when one is drawn.</summary>
    Refuse,

    /// <summary>They are left out at the start and counted.</summary>
    Skip,
}
