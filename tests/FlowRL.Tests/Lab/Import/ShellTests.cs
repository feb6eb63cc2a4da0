using FlowRL.Configuration;
using FlowRL.Lab.Import;
using FlowRL.Lab.Import.Shell;

namespace FlowRL.Tests.Lab.Import;

/// <summary>Words as bash would pass them on: what stands on the right is what <c>bash -c 'printf "[%s]" WORDS'</c> prints.</summary>
public sealed class ShellTests
{
    [Theory]
    [InlineData("a b  c", "[a][b][c]")]
    [InlineData("'a b' \"c d\" e\\ f", "[a b][c d][e f]")]
    [InlineData("a'b'\"c\"d", "[abcd]")]
    [InlineData("\"\" ''", "[][]")]
    [InlineData("$X $Y", "[one][two][three]")]
    [InlineData("\"$Y\" $EMPTY \"$EMPTY\"", "[two three][]")]
    [InlineData("${X}s ${NONE:-other} ${X:+set}", "[ones][other][set]")]
    [InlineData("${NONE:-\"${HOME}/a b\"}", "[/home/a b]", true)]
    [InlineData("\"${LIST[@]}\" ${LIST[1]} p\"${LIST[@]}\"s", "[a][b c][b][c][pa][b cs]")]
    [InlineData("$((1024 * 8)) $((X2 + 1)) $(( (2+3)*4 - 10/3 % 2 ))", "[8192][8][19]")]
    [InlineData("$((2**10)) $((-3 + 5))", "[1024][2]")]
    [InlineData("~/a ~ a~", "[/home/a][/home][a~]")]
    [InlineData("\"a\\\"b\" 'a\\b' \"\\$X\" \\$X", "[a\"b][a\\b][$X][$X]")]
    [InlineData("a \\\n  b", "[a][b]")]
    [InlineData("ab\\\ncd", "[abcd]")]
    [InlineData("a # b", "[a]")]
    [InlineData("a#b", "[a#b]")]
    [InlineData("a > out 2>&1 b 2>/dev/null < in", "[a][b]")]
    [InlineData("a <<< word b", "[a][b]")]
    [InlineData("${FILE##*/} ${FILE%/*} ${FILE%.*} ${X^^}", "[f.tar.gz][/d][/d/f.tar][ONE]")]
    [InlineData("$'a\\nb'", "[a\nb]")]
    [InlineData("['a', \"b\"]", "[[a,][b]]")]
    [InlineData("a=b c=$X", "[a=b][c=one]")]
    public void Words_are_bashs(string words, string expected, bool isQuoted = false)
    {
        const string before = "X=one; Y='two three'; EMPTY=; LIST=(a 'b c'); X2=7; FILE=/d/f.tar.gz\n";
        if (isQuoted) words = $"\"{words}\"";
        var command = ShellScript.Commands($"{before}printf {words}", "run.sh", new ShellVariables("run.sh", "/home"), _ => { })[^1];
        Assert.Equal(expected, string.Concat(command.Words.Skip(1).Select(word => $"[{word.Text}]")));
        Assert.All(command.Words, word => Assert.False(word.IsOpen));
    }

    [Theory]
    [InlineData("$NONE", "$NONE is not set in the script")]
    [InlineData("x-$(date)", "$(date) is printed by a program")]
    [InlineData("`date`", "`date` is printed by a program")]
    [InlineData("$((NONE + 1))", "$((NONE + 1)) cannot be worked out")]
    [InlineData("$((1 / 0))", "$((1 / 0)) cannot be worked out")]
    [InlineData("$((9223372036854775807 + 1))", "$((9223372036854775807 + 1)) cannot be worked out")]
    [InlineData("$1", "$1 is known only when the script runs")]
    [InlineData("${X%%[a-z]*}", "${X%%[a-z]*} is not understood")]
    [InlineData("<YOUR_FOLDER>/x", "it holds a place for you to fill")]
    public void What_is_not_known_stays_as_it_was_written(string word, string doubt)
    {
        var read = ShellScript.Commands($"X=one\necho {word}", "run.sh", new ShellVariables("run.sh", "/home"), _ => { })[^1].Words[1];
        Assert.Equal((word, doubt, true), (read.Text, read.Doubt, read.IsOpen));
    }

    [Theory]
    [InlineData("if a; then b; else c; fi", "a|b|c")]
    [InlineData("for i in 1 2; do echo $i; done", "echo 1")]
    [InlineData("while read l; do a; done < file", "read l|a")]
    [InlineData("f() { a; }; f", "f|a|f")]
    [InlineData("a && b || c & d", "a|b|c|d")]
    [InlineData("case $x in y) a;; *) b;; esac", "$x in y|a|*|b")]
    [InlineData("cat <<EOF\nnot a command\nEOF\na", "cat|a")]
    [InlineData("bash <<-'END'\n\ta b\n\tEND\nc", "bash|a b|c")]
    [InlineData("eval \"a b; c\"", "a b|c")]
    [InlineData("sh -c 'a b'", "sh -c a b|a b")]
    [InlineData("X=1 a", "a")]
    [InlineData("((x > 3)) && a", "a")]
    public void Commands_are_found_in_every_branch(string script, string expected) => Assert.Equal(expected, string.Join('|',
        ShellScript.Commands(script, "run.sh", new ShellVariables("run.sh", "/home"), _ => { }).Select(command => string.Join(' ', command.Words.Select(word => word.Text)))));

    [Fact]
    public void A_condition_makes_doubtful_what_it_changes_and_nothing_else()
    {
        var words = ShellScript.Commands("A=1; B=2; C=3\nif x; then\n A=5; B=2; C=$1\nfi\necho $A $B $C", "run.sh", new ShellVariables("run.sh", "/home"), _ => { })[^1].Words;
        Assert.Equal(["$A is set under the condition in line 2", null, null], words.Skip(1).Select(word => word.Doubt));
        Assert.Equal(["5", "2", "3"], words.Skip(1).Select(word => word.Text));
    }

    [Theory]
    [InlineData("1e-6", "1e-6")]
    [InlineData("True", "true")]
    [InlineData("None", "null")]
    [InlineData("'a, b'", "\"a, b\"")]
    [InlineData("[a,'b c', 3]", "[a, \"b c\", 3]")]
    [InlineData("[[1,2],[3]]", "[[1, 2], [3]]")]
    [InlineData("{a:1,b:[x]}", "{a: 1, b: [x]}")]
    [InlineData("[a,${x:y,z}]", "[a, \"${x:y,z}\"]")]
    [InlineData("[a", "\"[a\"")]
    [InlineData("", "null")]
    public void Values_are_Hydras(string text, string expected) => Assert.Equal(expected, OptionsWriter.Flow(HydraValue.Read(text, default)));
}
