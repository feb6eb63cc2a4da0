using FlowRL.Architecture;

namespace FlowRL.Tests.Architecture;

/// <summary>The law finds what is used by whatever name, in sources made up for it.</summary>
public sealed class FolderLawSourcesTests
{
    private const string Tasks = """
        namespace FlowRL.Tasks;

        public sealed record Problem(string Text)
        {
            public static implicit operator string(Problem problem) => problem.Text;
            public static Problem operator +(Problem one, Problem other) => new(one.Text + other.Text);
            public void Deconstruct(out string first, out string last) => (first, last) = (Text, Text);
        }

        public static class Problems
        {
            public static Problem Any { get; } = new("any");
            public static int Count(this string text) => text.Length;
            extension(string text) { public int Width => text.Length; }
            public static IEnumerator<int> GetEnumerator(this int number) => Enumerable.Range(0, number).GetEnumerator();
            public static void Add(this Queue<int> queue, int number) => queue.Enqueue(number);
            public static void Deconstruct(this int number, out int half, out int rest) => (half, rest) = (number / 2, number % 2);
        }

        public sealed class MarkAttribute : Attribute;
        public enum Kind { One }
        """;

    /// <summary>Each is one line, the third of a file of Data.</summary>
    [Theory]
    [InlineData("class C { object O() => new FlowRL.Tasks.Problem(\"\"); }", "FlowRL.Tasks.Problem")]
    [InlineData("class C { object O() => new global::FlowRL.Tasks.Problem(\"\"); }", "FlowRL.Tasks.Problem")]
    [InlineData("class C { object O() => new Tasks.Problem(\"\"); }", "FlowRL.Tasks.Problem")]
    [InlineData("class C { Tasks.Kind K = Tasks.Kind.One; }", "FlowRL.Tasks.Kind")]
    [InlineData("class C { System.Collections.Generic.List<Tasks.Problem> L = []; }", "FlowRL.Tasks.Problem")]
    [InlineData("class C { string S => nameof(Tasks.Problems.Count); }", "FlowRL.Tasks.Problems")]
    [InlineData("class C { object T => typeof(Tasks.Problem); }", "FlowRL.Tasks.Problem")]
    [InlineData("[Tasks.Mark] class C;", "FlowRL.Tasks.MarkAttribute")]
    [InlineData("/// <summary>As <see cref=\"Tasks.Problem\"/> is.</summary>\nclass C;", "FlowRL.Tasks.Problem")]
    [InlineData("/// <summary>As <see cref=\"FlowRL.Tasks.Problems.Count(string)\"/> does.</summary>\nclass C;", "FlowRL.Tasks.Problems")]
    [InlineData("/// <summary>Of <see cref=\"FlowRL.Tasks\"/>.</summary>\nclass C;", "FlowRL.Tasks")]
    public void A_name_from_above_is_found(string code, string what) =>
        Assert.Equal([$"src/FlowRL/Data/Reader.cs:3: Data uses {what}, which stands above it"], Breaks(("Data/Reader", $"namespace FlowRL.Data;\n\n{code}")));

    /// <summary>What is not allowed stands at two lines: at the directive, and where it is used.</summary>
    [Theory]
    [InlineData("using X = FlowRL.Tasks.Problem;", "class C { X? O; }", "FlowRL.Tasks.Problem", "FlowRL.Tasks.Problem")]
    [InlineData("using X = System.Collections.Generic.List<FlowRL.Tasks.Problem>;", "class C { X? O; }", "FlowRL.Tasks.Problem", "FlowRL.Tasks.Problem")]
    [InlineData("using T = FlowRL.Tasks;", "class C { T.Problem? O; }", "FlowRL.Tasks", "FlowRL.Tasks.Problem")]
    [InlineData("using FlowRL.Tasks;", "class C { Problem? O; }", "FlowRL.Tasks", "FlowRL.Tasks.Problem")]
    [InlineData("using static FlowRL.Tasks.Problems;", "class C { object O() => Any; }", "FlowRL.Tasks.Problems", "FlowRL.Tasks.Problems")]
    [InlineData("using static FlowRL.Tasks.Kind;", "class C { object O() => One; }", "FlowRL.Tasks.Kind", "FlowRL.Tasks.Kind")]
    [InlineData("using FlowRL.Tasks;", "class C { int N() => \"some\".Count(); }", "FlowRL.Tasks", "FlowRL.Tasks.Problems")]
    [InlineData("using FlowRL.Tasks;", "class C { int N() => \"some\".Width; }", "FlowRL.Tasks", "FlowRL.Tasks.Problems")]
    [InlineData("using FlowRL.Tasks;", "class C { void N() { foreach (var i in 3) System.Console.WriteLine(i); } }", "FlowRL.Tasks", "FlowRL.Tasks.Problems")]
    [InlineData("using FlowRL.Tasks;", "class C { object N = new System.Collections.Generic.Queue<int> { 3 }; }", "FlowRL.Tasks", "FlowRL.Tasks.Problems")]
    [InlineData("using FlowRL.Tasks;", "class C { int N() { var (half, rest) = 3; return half + rest; } }", "FlowRL.Tasks", "FlowRL.Tasks.Problems")]
    public void A_directive_and_what_it_brings_are_found(string directive, string code, string first, string second) => Assert.Equal(
        [$"src/FlowRL/Data/Reader.cs:1: Data uses {first}, which stands above it", $"src/FlowRL/Data/Reader.cs:5: Data uses {second}, which stands above it"],
        Breaks(("Data/Reader", $"{directive}\n\nnamespace FlowRL.Data;\n\n{code}")));

    [Fact]
    public void A_global_directive_is_found_where_it_stands_and_its_names_where_they_are_used() => Assert.Equal(
        ["src/FlowRL/Data/Reader.cs:3: Data uses FlowRL.Tasks.Problem, which stands above it",
            "src/FlowRL/Files/Usings.cs:1: Files uses FlowRL.Tasks, which stands above it"],
        Breaks(("Data/Reader", "namespace FlowRL.Data;\n\nclass C { Problem? O; }"), ("Files/Usings", "global using FlowRL.Tasks;")));

    /// <summary>The maker gives away what stands above it, and with it every member.</summary>
    [Theory]
    [InlineData("class C { object O() { var x = Maker.Make(); return x; } }")]
    [InlineData("class C { object O() => Maker.Make().Text; }")]
    [InlineData("class C { object O() => Maker.Make() is { Text: \"\" }; }")]
    [InlineData("class C { object O() => Maker.Make() + Maker.Make(); }")]
    [InlineData("class C { void O() => Maker.Take(new(\"\")); }")]
    [InlineData("class C { object O() { var (a, b) = Maker.Make(); return a + b; } }")]
    [InlineData("class C { void O() { foreach (var x in new[] { Maker.Make() }) _ = x; } }")]
    [InlineData("class C { object O() => from x in new[] { Maker.Make() } select x.Text; }")]
    public void What_is_used_without_its_name_is_found(string code) => Assert.Equal(
        ["src/FlowRL/Data/Reader.cs:3: Data uses FlowRL.Tasks.Problem, which stands above it",
            "src/FlowRL/Files/Maker.cs:2: Files uses FlowRL.Tasks.Problem, which stands above it",
            "src/FlowRL/Files/Maker.cs:3: Files uses FlowRL.Tasks.Problem, which stands above it"],
        Breaks(("Data/Reader", $"namespace FlowRL.Data;\n\n{code.Replace("Maker.", "Files.Maker.", StringComparison.Ordinal)}"), ("Files/Maker", """
            namespace FlowRL.Files; public static class Maker {
            public static Tasks.Problem Make() => new("");
            public static void Take(Tasks.Problem one) => _ = one.Text; }
            """)));

    [Fact]
    public void What_stands_below_is_used_freely_and_so_are_words_that_only_look_alike() => Assert.Empty(Breaks(
        ("Rollouts/Reader", "using FlowRL.Tasks;\n\nnamespace FlowRL.Rollouts;\n\nclass C { Problem? O; }"),
        ("Data/Reader", "namespace FlowRL.Data;\n\n// FlowRL.Tasks.Problem\nclass Problem { string S = \"FlowRL.Tasks.Problem\"; Problem? Tasks; }")));

    [Fact]
    public void The_projects_stand_above_the_library_and_in_their_order() => Assert.Equal(
        ["src/FlowRL.Lab/Reader.cs:1: FlowRL.Lab uses FlowRL.Cli.C, which stands above it",
            "src/FlowRL.Cli/Reader.cs:1: FlowRL.Cli uses FlowRL.CSharp.C, which stands apart",
            "src/FlowRL.CSharp/Reader.cs:1: FlowRL.CSharp uses FlowRL.Tasks.Problem, and is to use nothing of this house"],
        FolderLaw.BreaksOf(new Survey(
            [
                new("src/FlowRL.Lab/Reader.cs", 1, "FlowRL.Lab", "FlowRL.Cli", "FlowRL.Cli.C"),
                new("src/FlowRL.Cli/Reader.cs", 1, "FlowRL.Cli", "FlowRL.CSharp", "FlowRL.CSharp.C"),
                new("src/FlowRL.CSharp/Reader.cs", 1, "FlowRL.CSharp", "Tasks", "FlowRL.Tasks.Problem"),
                new("src/FlowRL.Cli/Reader.cs", 2, "FlowRL.Cli", "Runs", "FlowRL.Runs.TrainRun"),
                new("src/FlowRL.Lab/Reader.cs", 2, "FlowRL.Lab", "FlowRL", "FlowRL.Seeds"),
            ],
            ["FlowRL.Lab", "FlowRL.Cli", "FlowRL.CSharp", "Tasks"], [])));

    [Fact]
    public void A_project_sees_what_is_internal_to_those_below_it() => Assert.Empty(Breaks(
        ("FlowRL.Cli/Program", "using FlowRL.Tasks;\n\nreturn Inner.Number;"), ("FlowRL.CSharp/Program", "return 0;"),
        ("Tasks/Inner", "namespace FlowRL.Tasks; internal static class Inner { public const int Number = 0; }")));

    [Fact]
    public void A_folder_that_is_not_listed_says_where_to_list_it() => Assert.Equal(
        ["src/FlowRL/Attic stands on no floor: list it in House.Rooms (tests/FlowRL.Architecture/House.cs), above all that it uses, and in README.md's map."],
        Breaks(("Attic/Reader", "namespace FlowRL.Attic;\n\nclass C { Tasks.Problem? O; }")));

    [Fact]
    public void What_cannot_be_understood_is_told()
    {
        var survey = Of(("Data/Reader", "namespace FlowRL.Data;\n\nclass C { Nowhere? O; }\nclass D { int N = 3 }"));
        Assert.Equal(["src/FlowRL/Data/Reader.cs:4: ; expected", "src/FlowRL/Data/Reader.cs:3: nothing is known of 'Nowhere'"], survey.Unknown);
    }

    private static IReadOnlyList<string> Breaks(params (string Name, string Code)[] files)
    {
        var survey = Of(files);
        Assert.Empty(survey.Unknown);
        return FolderLaw.BreaksOf(survey);
    }

    private static Survey Of(params (string Name, string Code)[] files) => Survey.Of(
        [.. files.Append((Name: "Tasks/Problems", Code: Tasks)).Select(file => new SourceFile(PathOf(file.Name), file.Code))], Libraries.OfDotNet);

    private static string PathOf(string name) => name.StartsWith("FlowRL.", StringComparison.Ordinal) ? $"src/{name}.cs" : $"src/FlowRL/{name}.cs";
}
