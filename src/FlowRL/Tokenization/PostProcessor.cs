namespace FlowRL.Tokenization;

/// <summary>The <c>post_processor</c> of a tokenizer.json: here, the token that it puts before a text.</summary>
internal static class PostProcessor
{
    /// <summary>The id; null where nothing is put before a text.</summary>
    /// <exception cref="BadInputException">It puts more than one token before a text, or any behind it.</exception>
    public static int? ReadBegin(JsonPlace place)
    {
        if (place.IsNull) return null;
        switch (place["type"].Text)
        {
            case "ByteLevel": // only says where tokens lie in the text
                return null;
            case "TemplateProcessing":
                return Begin(place);
            case "Sequence":
                var begins = place["processors"].Items().Select(ReadBegin).OfType<int>().ToArray();
                return begins.Length > 1 ? throw place.Wrong("puts several tokens before a text, and only one can be put here")
                    : begins.Length == 1 ? begins[0] : null;
            case var other:
                throw place["type"].Wrong($"is {other}, and only ByteLevel, TemplateProcessing and Sequence can be read");
        }
    }

    private static int? Begin(JsonPlace template)
    {
        int? begin = null;
        var isBehind = false;
        foreach (var item in template["single"].Items())
        {
            if (item["SpecialToken"] is not { IsNull: false } token)
            {
                isBehind = true;
                continue;
            }
            if (isBehind) throw item.Wrong("puts a token behind a text, where a model that writes on expects none");
            var ids = template["special_tokens"][token["id"].Text]["ids"].Items().ToArray();
            if (ids.Length != 1 || begin is not null) throw item.Wrong("puts several tokens before a text, and only one can be put here");
            begin = ids[0].TokenId;
        }
        return begin;
    }
}
