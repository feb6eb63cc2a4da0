using FlowRL.Hub;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Hub;

public sealed class HubSettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("HOME=/home/me", "/home/me/.cache/huggingface/hub")]
    [InlineData("HOME=/home/me XDG_CACHE_HOME=/cache", "/cache/huggingface/hub")]
    [InlineData("HOME=/home/me XDG_CACHE_HOME=/cache HF_HOME=~/hf", "/home/me/hf/hub")]
    [InlineData("HOME=/home/me HF_HOME=/hf HF_HUB_CACHE=/fast", "/fast")]
    [InlineData("HOME=/home/me HF_HOME=/hf HUGGINGFACE_HUB_CACHE=/old", "/old")]
    public void The_cache_is_where_other_tools_have_it(string environment, string folder) => Assert.Equal(folder, Of(environment).Cache);

    [Theory]
    [InlineData("HF_HUB_OFFLINE=1", true)]
    [InlineData("HF_HUB_OFFLINE=yes", true)]
    [InlineData("HF_HUB_OFFLINE=True", true)]
    [InlineData("HF_HUB_OFFLINE=0", false)]
    [InlineData("TRANSFORMERS_OFFLINE=1", true)]
    [InlineData("", false)]
    public void Whether_connections_may_be_opened(string environment, bool isOffline) => Assert.Equal(isOffline, Of(environment).IsOffline);

    [Fact]
    public void The_hub_has_an_address()
    {
        Assert.Equal("https://huggingface.co", Of("").Endpoint);
        Assert.Equal("http://mirror:8080/hf", Of("HF_ENDPOINT=http://mirror:8080/hf/").Endpoint);
    }

    [Theory]
    [InlineData("huggingface.co")]
    [InlineData("file:///etc")]
    [InlineData("https://me:hf_secret@hub")]
    [InlineData("https://hub?token=hf_secret")]
    public void Other_addresses_are_refused_without_being_shown(string address) => Assert.Equal(
        "HF_ENDPOINT: is not the address of a hub; give one such as https://huggingface.co, without a name or password in it.",
        Assert.Throws<BadInputException>(() => Of($"HF_ENDPOINT={address}")).Message);

    [Fact]
    public void The_token_is_that_of_the_variable_or_of_a_file()
    {
        _folder.Write("token", "hf_of_home\n");
        var other = _folder.Write("other", "hf_of_path");
        var home = $"HF_HOME={_folder.Path}";
        Assert.Equal("hf_of_variable", TokenOf($"{home} HF_TOKEN=hf_of_variable HF_TOKEN_PATH={other}"));
        Assert.Equal("hf_of_path", TokenOf($"{home} HF_TOKEN_PATH={other}"));
        Assert.Equal("hf_of_home", TokenOf(home));
        Assert.Equal("hf_old", TokenOf($"{home} HUGGING_FACE_HUB_TOKEN=hf_old"));
        Assert.Null(TokenOf($"{home} HF_TOKEN_PATH={_folder.In("nowhere")}"));
    }

    [Fact]
    public void The_token_does_not_print()
    {
        var settings = Of("HF_TOKEN=hf_secret");
        Assert.DoesNotContain("hf_secret", $"{settings} {settings.Token}", StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_a_token_is_refused_without_being_shown()
    {
        var file = _folder.Write("token", "hf_one\nhf_two");
        Assert.Equal($"{file}: holds no token, for there are characters in it that no token has; copy it again.",
            Assert.Throws<BadInputException>(() => Of($"HF_HOME={_folder.Path}")).Message);
    }

    private string? TokenOf(string environment) => Of(environment).Token?.Header.Parameter;

    private HubSettings Of(string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        variables.TryAdd("HF_HOME", variables.ContainsKey("HOME") ? "" : _folder.In("home"));
        return HubSettings.From(variables.GetValueOrDefault);
    }
}
