using FlowRL.Configuration;

namespace FlowRL.Lab.Comparison;

/// <summary>Sees to it that claims are made before the test: those that stand in the comparison's folder when the first run is tested are the claims.</summary>
internal static class ClaimRecord
{
    /// <exception cref="BadInputException">Test problems were sampled for other claims than these.</exception>
    public static void RequireUnchanged(ComparisonPlan plan)
    {
        if (!plan.All.Any(run => TestedRun.IsThere(run.Folder))) return;
        if (Written(plan).SequenceEqual(plan.Recipe.Claims)) return;
        throw new BadInputException($"claims: differ from those in {plan.RecipeFile}, which were written down before test problems were sampled; " +
            "leave them as they are there and call everything else exploratory, or choose another folder for the comparison.");
    }

    // A record that is lost, or is of an older version, had no claims that could be read.
    private static IEnumerable<KeyValuePair<string, ClaimOptions>> Written(ComparisonPlan plan)
    {
        try
        {
            return OptionsFile.Load<CompareRecipe>(plan.RecipeFile, variants: plan.Variants ?? OptionVariants.BuiltIn).Claims;
        }
        catch (BadInputException)
        {
            return [];
        }
    }
}
