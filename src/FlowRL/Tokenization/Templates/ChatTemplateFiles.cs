using System.Text.Json;

namespace FlowRL.Tokenization.Templates;

/// <summary>The templates of a model's folder, and the special tokens that they may write by name.</summary>
internal sealed record ChatTemplateFiles(
    IReadOnlyList<(string Name, string Source, string Origin)> Templates, IReadOnlyDictionary<string, string> SpecialTokens)
{
    public const string Default = "default";

    /// <summary>The template for requests with tools, in models that have one of their own for these.</summary>
    public const string ToolUse = "tool_use";

    private static readonly string[] TokenNames =
        ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>
    /// chat_template.jinja and additional_chat_templates, else <c>chat_template</c> of tokenizer_config.json: a text, or a list of named ones.
    /// </summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public static ChatTemplateFiles Read(TokenizerFiles files)
    {
        var templates = new List<(string, string, string)>();
        if (files.Text(TokenizerFiles.Template) is { } source) templates.Add((Default, source, files.PathOf(TokenizerFiles.Template)));
        if (files.Text(TokenizerFiles.ToolTemplate) is { } tools) templates.Add((ToolUse, tools, files.PathOf(TokenizerFiles.ToolTemplate)));
        if (templates.Count == 0) templates.AddRange(InConfig(files));
        return new ChatTemplateFiles(templates, ReadTokens(files));
    }

    /// <summary>Whether <see cref="Read"/> finds any.</summary>
    public static bool AreThere(TokenizerFiles files) => files.Has(TokenizerFiles.Template) || files.Has(TokenizerFiles.ToolTemplate)
        || files.Json(TokenizerFiles.Config)?["chat_template"] is { IsNull: false };

    private static List<(string, string, string)> InConfig(TokenizerFiles files)
    {
        var origin = $"{files.PathOf(TokenizerFiles.Config)} (chat_template)";
        if (files.Json(TokenizerFiles.Config)?["chat_template"] is not { IsNull: false } place)
            throw new BadInputException($"There is no chat template beside {files.PathOf(TokenizerFiles.Tokenizer)}: neither " +
                "chat_template.jinja nor chat_template in tokenizer_config.json; " +
                "take an instruction-tuned model, or use plain prompts (task.data.prompt.chat: false; flowrl sample without --chat).");
        if (place.Kind != JsonValueKind.Array) return [(Default, place.Text, origin)];
        var named = place.Items().Select(item => (item["name"].Text, item["template"].Text, origin)).ToList();
        return named.Exists(template => template.Item1 == Default) ? named : throw place.Wrong("has no template named default");
    }

    private static Dictionary<string, string> ReadTokens(TokenizerFiles files)
    {
        var tokens = new Dictionary<string, string>();
        var config = files.Json(TokenizerFiles.Config);
        var older = new Lazy<JsonPlace?>(() => files.Json(TokenizerFiles.SpecialTokens)); // read where tokenizer_config.json is silent
        foreach (var name in TokenNames)
        {
            var place = config?[name] is { IsNull: false } here ? here : older.Value?[name];
            if (place is { IsNull: false } token) tokens[name] = token.TokenText;
        }
        return tokens;
    }
}
