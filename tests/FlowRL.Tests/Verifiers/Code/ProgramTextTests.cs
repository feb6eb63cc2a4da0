using CsCheck;
using FlowRL.Verifiers.Code;

namespace FlowRL.Tests.Verifiers.Code;

public sealed class ProgramTextTests
{
    [Theory]
    [InlineData("x = 1", "x = 1")]
    [InlineData("Here:\n```python\nx = 1\n```\nand\n```python\ny = 2\n```\n", "y = 2")]
    [InlineData("```py\nx = 1\n```\n```csharp\nint y;\n```", "x = 1")]
    [InlineData("```\nx = 1\n```", "x = 1")]
    [InlineData("```Python\nx = 1\n```", "x = 1")]
    [InlineData("```csharp\nint y;\n```", null)]
    [InlineData("```python\nx = 1", "x = 1")]
    [InlineData("```python\nx = 1\n```\n```python\ny = 2", "x = 1")]
    [InlineData("<think>```python\nx = 1\n```</think>no", "no")]
    [InlineData("<think>```python\nx = 1\n```</think>```python\ny = 2\n```", "y = 2")]
    [InlineData("1. do\n   ```python\nx = 1\n   ```", "x = 1")]
    [InlineData("1. do\n   ```python\n   if x:\n       y = 1\n   ```", "if x:\n    y = 1")]
    [InlineData("~~~python\nx = 1\n~~~", "x = 1")]
    [InlineData("~~~python\nx = 1\n```\n~~~", "x = 1\n```")]
    [InlineData("````python\nx = '''\n```\n'''\n````\nend", "x = '''\n```\n'''")]
    [InlineData("```python\ndef f():\n    '''\n    ```\n    f()\n    ```\n    '''\n```\nend", "def f():\n    '''\n    ```\n    f()\n    ```\n    '''")]
    [InlineData("```python title=\"x.py\"\nx = 1\n```", "x = 1")]
    [InlineData("```python:x.py\nx = 1\n```", "x = 1")]
    [InlineData("```{.python}\nx = 1\n```", "x = 1")]
    [InlineData("```python3.11\nx = 1\n```", "x = 1")]
    [InlineData("```python2\nx = 1\n```", null)]
    [InlineData("```f(x)``` is\n```python\nx = 1\n```", "x = 1")]
    [InlineData("\uFEFF```python\nx = 1\n```", "x = 1")]
    [InlineData("```python\r\nx = 1\r\ny = 2\r\n```\r\n", "x = 1\ny = 2")]
    [InlineData("```python\nx = 1\n```\nIt prints\n```\n1\n```", "x = 1")]
    [InlineData("```\nx = 1\n```\n```\ny = 2\n```", "y = 2")]
    public void The_last_block_of_the_language_is_the_program(string response, string? program) => Assert.Equal(program, ProgramText.Find(response, CodeLanguage.Python));

    [Fact]
    public void Any_text_is_read() => Gen.String[Gen.Char["`pythoncs#\n <think/>x"], 0, 200].Sample(text =>
    {
        _ = ProgramText.Find(text, CodeLanguage.Python);
        _ = ProgramIdentity.Of(text, CodeLanguage.Python);
    });

    [Theory]
    [InlineData("def f(x):\n    return x + 1", "def f(y):\n  return y+1  # more", true)]
    [InlineData("def f(x):\n    return x + 1", "def f(x):\n    return 1 + x", false)]
    [InlineData("def f(x):\n    y = 0\n    for i in x:\n        y += i\n    return y", "def f(items):\n  total=0\n  for item in items:\n    total+=item\n\n  return total", true)]
    [InlineData("def f(x):\n    return sorted(x, key=lambda a: -a)", "def f(x):\n    return sorted(x, key=lambda b: -b)", true)]
    [InlineData("def f(x):\n    if x:\n        return 1\n    return 2", "def f(x):\n    if x:\n        return 1\n        return 2", false)]
    [InlineData("def f(x):\n    return x.count(1)", "def f(x):\n    return x.index(1)", false)]
    [InlineData("def f(x):\n    return '# a'", "def f(x):\n    return '# b'", false)]
    [InlineData("def f(x):\n    return [i for i in x if i>1]", "def f(x):\n    return [j for j in x if j > 1]", true)]
    public void Names_and_layout_make_no_difference(string one, string other, bool isSame) =>
        Assert.Equal(isSame, ProgramIdentity.Of(one, CodeLanguage.Python) == ProgramIdentity.Of(other, CodeLanguage.Python));
}
