namespace FlowRL.Tests.Cli;

public sealed class HelpCommandTests
{
    [Theory]
    [InlineData("help", "--help")]
    [InlineData("help train", "train --help")]
    [InlineData("help verify math", "verify math --help")]
    public async Task Help_is_what_the_option_prints(string words, string option)
    {
        var (help, wanted) = (await ToolRun.Of(words.Split(' ')), await ToolRun.Of(option.Split(' ')));
        Assert.Equal((0, wanted.Output.Trim()), (help.Code, help.Output.Trim()));
        Assert.Equal(wanted.Output, (string)(await ToolRun.Of([.. words.Split(' '), "--json"])).Json["help"]!);
    }

    [Theory]
    [InlineData("help trian", "'trian' is no command; did you mean 'train'?\n")]
    [InlineData("help verify maths", "'maths' is no command; did you mean 'math'?\n")]
    [InlineData("help verify zzzzzz", "'zzzzzz' is no command; there are math, code, rating.\n")]
    [InlineData("help train me", "'me' is no command below 'train', which has none.\n")]
    public async Task What_is_no_command_is_said(string words, string message)
    {
        var run = await ToolRun.Of(words.Split(' '));
        Assert.Equal((2, "", message), (run.Code, run.Output, run.Error));
    }
}
