namespace FlowRL.Models.Families;

/// <summary>
/// The named fields that describe a model, wherever they are written. Names are those of Hugging Face's <c>config.json</c>; a source that
/// calls them otherwise translates. Nothing here throws: what is missing or wrong is collected, so that a user sees every error at once,
/// and a stand-in is returned.
/// </summary>
public interface IModelFields
{
    /// <summary>Whether the field is there with something else than null.</summary>
    bool Has(string key);

    /// <summary>Whether the field is there, even with null.</summary>
    bool Declares(string key);

    /// <summary>A whole number; without <paramref name="fallback"/> the field must be there.</summary>
    int Int(string key, int? fallback = null);

    /// <summary>A token's id; null where the field is missing, null or −1, which is how some files say "none".</summary>
    int? OptionalId(string key);

    /// <summary>A finite number; without <paramref name="fallback"/> the field must be there.</summary>
    double Double(string key, double? fallback = null);

    bool Bool(string key, bool fallback);

    /// <summary>A text; null where the field is missing.</summary>
    string? Text(string key);

    /// <summary>One id, a list of ids, or nothing.</summary>
    IReadOnlyList<int> Ids(string key, IReadOnlyList<int> fallback);

    /// <summary>A list of texts; null where the field is missing or null.</summary>
    IReadOnlyList<string>? Texts(string key) => null;

    /// <summary>A list of finite numbers; null where the field is missing or null.</summary>
    IReadOnlyList<double>? Doubles(string key) => null;

    /// <summary>The fields inside of another; null where it is missing.</summary>
    IModelFields? Object(string key);

    /// <summary>Reports that the field cannot be used; <paramref name="reason"/> is a clause that follows its name.</summary>
    void Refuse(string key, string reason);
}
