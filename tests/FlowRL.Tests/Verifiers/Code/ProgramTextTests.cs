using System.Diagnostics;
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
    // Fences that close are indented, or forgotten.
    [InlineData("```python\nprint(2)\n    ```", "print(2)")]
    [InlineData("```python\nprint(2)\n\t\t```\nIt prints 2.", "print(2)")]
    [InlineData("```python\nprint(2)\n        ```\n```text\n2\n```", "print(2)")]
    [InlineData("    ```python\nif x:\n    y = 1\n```", "if x:\n    y = 1")]
    [InlineData("    ```python\n    if x:\n        y = 1\n    ```", "if x:\n    y = 1")]
    [InlineData("\t```python\n\tx = 1\n\t```", "x = 1")]
    [InlineData("```python\nx = 1\n```python\ny = 2\n```", "y = 2")]
    [InlineData("```python\nx = 1\n````", "x = 1")]
    [InlineData("````python\nx = 1\n```\ny = 2\n````", "x = 1\n```\ny = 2")]
    [InlineData("~~~~py\nx = 1\n~~~\n~~~~", "x = 1\n~~~")]
    // Fences within a program's own texts.
    [InlineData("```python\ns = \"\"\"\n```\nx\n```\n\"\"\"\nprint(s)\n```\nend", "s = \"\"\"\n```\nx\n```\n\"\"\"\nprint(s)")]
    [InlineData("```python\ndef f():\n    r'''\n    ```python\n    f()\n    ```\n    '''\n```", "def f():\n    r'''\n    ```python\n    f()\n    ```\n    '''")]
    [InlineData("```python\nprint('```')\n```", "print('```')")]
    [InlineData("```python\n# it's ''' here\nx = 1\n```\nend", "# it's ''' here\nx = 1")]
    [InlineData("```python\nx = '\\''''\n```\nend'''", "x = '\\''''")]
    [InlineData("```python\ns = '''never closed\n```\nend", "s = '''never closed")]
    // What names the language.
    [InlineData("```python3\nx = 1\n```", "x = 1")]
    [InlineData("```Python 3\nx = 1\n```", "x = 1")]
    [InlineData("``` python\nx = 1\n```", "x = 1")]
    [InlineData("```PYTHON\nx = 1\n```", "x = 1")]
    [InlineData("```py3\nx = 1\n```", "x = 1")]
    [InlineData("```pypy3\nx = 1\n```", "x = 1")]
    [InlineData("```python {.line-numbers}\nx = 1\n```", "x = 1")]
    [InlineData("```python\t\nx = 1\n```   \n", "x = 1")]
    [InlineData("```cpp\nint x;\n```\n```python\nx = 1\n```\n```java\nint y;\n```", "x = 1")]
    // Where blocks stand.
    [InlineData("Answer: ```python\nif x:\n    y = 1\n```", "if x:\n    y = 1")]
    [InlineData("- ```python\n  if x:\n      y = 1\n  ```", "if x:\n    y = 1")]
    [InlineData("2. ```python\n   x = 1\n   ```\n", "x = 1")]
    [InlineData("> ```python\n> if x:\n>     y = 1\n> ```\n> end", "if x:\n    y = 1")]
    [InlineData("````markdown\n# Title\n```python\nx = 1\n```\n````", "x = 1")]
    [InlineData("<answer>\n```python\nx = 1\n```\n</answer>", "x = 1")]
    [InlineData("Use `x` and ```y``` here.\n```python\nx = 1\n```", "x = 1")]
    [InlineData("```python\n```\n```python\nx = 1\n```", "x = 1")]
    [InlineData("```python\nx = 1\n```\n```python\n\n```", "x = 1")]
    [InlineData("```\r\nx = 1\r\n```\r\n", "x = 1")]
    [InlineData("```python\rx = 1\r```\r", "x = 1")]
    [InlineData("```python\nx = 'a\u2028b'\n```", "x = 'a\u2028b'")]
    // What is drafted in thoughts is no answer.
    [InlineData("<think>\n```python\nx = 1\n```\nbut", null)]
    [InlineData("<think>\n```python\nx = 1", null)]
    [InlineData("<think>x = 1", null)]
    [InlineData("\n <think>\nI try\n```python\nx = 1\n```\n<think>", null)]
    [InlineData("<think>a</think>\n<think>b\n```python\nx = 1\n```", null)]
    [InlineData("<think>a\n```python\nx = 1\n```\n</think>\n```python\ny = 2\n```", "y = 2")]
    [InlineData("a\n```python\nx = 1\n```\n</think>\n```python\ny = 2\n```", "y = 2")]
    [InlineData("```python\nprint('<think>')\n```", "print('<think>')")]
    [InlineData("print('<think>')", "print('<think>')")]
    public void The_last_block_of_the_language_is_the_program(string response, string? program) => Assert.Equal(program, ProgramText.Find(response, CodeLanguage.Python));

    /// <summary>A text is read in time that grows with its length alone, whatever opens in it and never closes.</summary>
    [Theory]
    [InlineData("```python\n'''\n```\n")]
    [InlineData("```python\n'''\n```\n\"\"\"\n")]
    [InlineData("```python\n")]
    [InlineData("~~~~\n```py\n")]
    [InlineData("> ```\n```\n")]
    [InlineData("<think>```python\n")]
    public void Long_texts_are_read(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 40_000));
        var clock = Stopwatch.StartNew();

        _ = ProgramText.Find(text, CodeLanguage.Python);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 20);
    }

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
