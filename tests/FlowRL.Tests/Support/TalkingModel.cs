using FlowRL.Checkpoints;
using FlowRL.Models;
using FlowRL.Tokenization;

namespace FlowRL.Tests.Support;

/// <summary>A random model of a few thousand weights whose tokenizer has a chat template: what it says is noise, and how it is asked is not.</summary>
public static class TalkingModel
{
    public const int Context = 96;

    private const string Template =
        "{% for m in messages %}{% if m.role == 'tool' %}{{ raise_exception('no tools here') }}{% endif %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n" +
        "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% if enable_thinking is defined and not enable_thinking %}<t></t>{% endif %}{% endif %}";

    /// <summary>Writes it into a folder, whose path it gives.</summary>
    public static string Write(TemporaryFolder folder, bool hasTemplate = true)
    {
        var source = GoldenFiles.Path("tokenizers", "kinds", "qwen2");
        var path = Directory.CreateDirectory(folder.In("talking")).FullName;
        foreach (var name in new[] { "tokenizer.json", "tokenizer_config.json" }) File.Copy(Path.Combine(source, name), Path.Combine(path, name));
        if (hasTemplate) File.WriteAllText(Path.Combine(path, "chat_template.jinja"), Template);
        var tokenizer = PretrainedTokenizer.Load(path);
        using var model = new LanguageModel(TinyModels.Create(TinyModels.Config(vocabulary: tokenizer.VocabularySize, context: Context) with
        { EndOfSequenceIds = [.. tokenizer.EndOfSequenceIds] }), tokenizer);
        PretrainedModel.Save(path, model);
        return path;
    }
}
