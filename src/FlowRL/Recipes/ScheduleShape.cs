namespace FlowRL.Recipes;

/// <summary>Course of the learning rate after warm-up.</summary>
public enum ScheduleShape
{
    /// <summary>The peak to the end.</summary>
    Constant,

    /// <summary>A straight line to the final share.</summary>
    Linear,

    /// <summary>Half a cosine wave to the final share.</summary>
    Cosine,
}
