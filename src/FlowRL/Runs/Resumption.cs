using Microsoft.Extensions.Logging;

namespace FlowRL.Runs;

/// <summary>What resuming a run comes to, in words.</summary>
internal static class Resumption
{
    /// <param name="logger">Told.</param>
    /// <param name="saved">The step of the newest checkpoint; null where there is none.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public static void Say(ILogger logger, int? saved, int steps)
    {
        if (saved is not { } step) logger.LogInformation("resume: no checkpoint was saved yet, so that the run starts over");
        else if (step >= steps)
            logger.LogInformation("resume: all {Steps} steps are done already; what is left is its last evaluation. For more steps, raise their number", steps);
        else logger.LogInformation("resume: goes on after step {Step} of {Steps}", step, steps);
    }
}
