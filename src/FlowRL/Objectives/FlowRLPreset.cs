namespace FlowRL.Objectives;

/// <summary>Published variants of FlowRL; docs/method.md has the table.</summary>
public enum FlowRLPreset
{
    /// <summary>The paper (arXiv 2509.15207): sequence ratio clipped to 1 ± ε, log Z from all prompt tokens.</summary>
    Paper,

    /// <summary>The authors' first code: the clip is computed but not used; log Z leaves the last prompt token out, dropout 0.1.</summary>
    AuthorsCode,

    /// <summary>The later port in verl: the ratio is only bounded above, by 10.</summary>
    VerlPort,
}
