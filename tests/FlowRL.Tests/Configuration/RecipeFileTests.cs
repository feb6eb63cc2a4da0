using FlowRL.Configuration;

namespace FlowRL.Tests.Configuration;

public sealed class RecipeFileTests
{
    [Fact]
    public void Every_kind_of_value_is_read()
    {
        var recipe = Toy.Parse("""
            algorithm: {type: group, members: 4, beta: 2.5}
            steps: 300
            seed: 9000000000
            learning_rate: 1e-5
            decay: 0.25
            shuffle: true
            mode: cosine2
            name: 17
            limit: 3
            note: 'null'
            stops: ["\n", b c]
            sizes: []
            mixture:
              - flow
              - {type: plain, beta: 1}
            inner:
              height: 5
            extra: {width: 9}
            """);
        Assert.Equal(new ToyGroup { Members = 4, Beta = 2.5 }, recipe.Algorithm);
        Assert.Equal((300, 9000000000L, 1e-5, 0.25f, true), (recipe.Steps, recipe.Seed, recipe.LearningRate, recipe.Decay, recipe.Shuffle));
        Assert.Equal((ToyMode.Cosine2, "17", 3.0, "null"), (recipe.Mode, recipe.Name, recipe.Limit, recipe.Note));
        Assert.Equal(["\n", "b c"], recipe.Stops);
        Assert.Empty(recipe.Sizes);
        Assert.Equal([new ToyFlow(), new ToyPlain { Beta = 1 }], recipe.Mixture);
        Assert.Equal(new ToyInner { Width = 9 }, recipe.Extra);
    }

    [Fact]
    public void A_key_left_out_keeps_the_default_of_the_record_around_it() =>
        Assert.Equal(new ToyInner { Width = 7, Height = 5 }, Toy.Parse("algorithm: flow\ninner: {height: 5}").Inner);

    [Fact]
    public void A_name_alone_is_a_variant_with_its_defaults() =>
        Assert.Equal(OptionsWriter.Write(Toy.Parse("algorithm: {type: flow}")), OptionsWriter.Write(Toy.Parse("algorithm: flow")));

    [Theory]
    [InlineData("algorithm: flow", "algorithm.beta=10", "flow", 10)]
    [InlineData("algorithm: {type: flow, beta: 3}", "algorithm=plain", "plain", 15)]
    [InlineData("algorithm: {type: flow, beta: 3}", "algorithm.type=plain", "plain", 3)]
    [InlineData("steps: 3", "algorithm={type: plain, beta: 4}", "plain", 4)]
    public void Overrides_choose_variants_and_set_their_keys(string text, string set, string name, double beta)
    {
        var algorithm = Toy.Parse(text, set).Algorithm;
        Assert.Equal((name, beta), (OptionVariants.Name(algorithm.GetType()), algorithm.Beta));
    }

    [Fact]
    public void Overrides_are_applied_in_order_and_take_text_as_it_stands()
    {
        var recipe = Toy.Parse(
            "algorithm: flow", "name=a", "name=C:\\x # y: z", "stops=[a, 'b, c']", "inner.width=10", "inner.height=80", "note=");
        Assert.Equal("C:\\x # y: z", recipe.Name);
        Assert.Equal(["a", "b, c"], recipe.Stops);
        Assert.Equal(new ToyInner { Width = 10, Height = 80 }, recipe.Inner);
        Assert.Null(recipe.Note);
    }

    [Theory]
    [InlineData("algorithm: flow\nstep: 3", "recipe.yaml:2: step: no such key; did you mean 'steps'?")]
    [InlineData("algorithm: flow\ninner:\n  widht: 3", "recipe.yaml:3: inner.widht: no such key; did you mean 'inner.width'?")]
    [InlineData("algorithm: flow\nwidth: 3", "recipe.yaml:2: width: no such key; did you mean 'inner.width'?")]
    [InlineData("algorithm: flow\ninner: {zzz: 3}", "recipe.yaml:2: inner.zzz: no such key; the keys here are 'width', 'height'.")]
    [InlineData("algorithm: {type: flow, betta: 3}", "recipe.yaml:1: algorithm.betta: no such key; did you mean 'algorithm.beta'?")]
    [InlineData("algorithm: folw", "recipe.yaml:1: algorithm: 'folw' is not one of 'flow', 'group', 'plain'; did you mean 'flow'?")]
    [InlineData("algorithm: {type: xyz}", "recipe.yaml:1: algorithm: 'xyz' is not one of 'flow', 'group', 'plain'.")]
    [InlineData("algorithm: {beta: 1}", "recipe.yaml:1: algorithm: needs a 'type': one of 'flow', 'group', 'plain'.")]
    [InlineData("algorithm: [flow]", "recipe.yaml:1: algorithm: needs one of 'flow', 'group', 'plain', not a list.")]
    [InlineData("algorithm: group", "recipe.yaml:1: algorithm.members: is missing; give a whole number.")]
    [InlineData("steps: 3", "recipe.yaml: algorithm: is missing; give one of 'flow', 'group', 'plain'.")]
    [InlineData("", "recipe.yaml: algorithm: is missing; give one of 'flow', 'group', 'plain'.")]
    [InlineData("algorithm: flow\nsteps: ten", "recipe.yaml:2: steps: 'ten' is not a whole number.")]
    [InlineData("algorithm: flow\nsteps: 1_000", "recipe.yaml:2: steps: '1_000' is not a whole number.")]
    [InlineData("algorithm: flow\nsteps: 1.5", "recipe.yaml:2: steps: '1.5' is not a whole number.")]
    [InlineData("algorithm: flow\nsteps: 99999999999",
        "recipe.yaml:2: steps: '99999999999' is too large in size; the limit is 2147483647.")]
    [InlineData("algorithm: flow\nsteps: 0", "recipe.yaml:2: steps: 0 is out of range; use a number of 1 or more.")]
    [InlineData("algorithm: flow\nlearning_rate: 1,5", "recipe.yaml:2: learning_rate: '1,5' is not a number.")]
    [InlineData("algorithm: flow\nlearning_rate: .nan", "recipe.yaml:2: learning_rate: '.nan' is not a number.")]
    [InlineData("algorithm: flow\nlearning_rate: NaN", "recipe.yaml:2: learning_rate: 'NaN' is not a finite number.")]
    [InlineData("algorithm: flow\nlearning_rate: 1e999", "recipe.yaml:2: learning_rate: '1e999' is not a finite number.")]
    [InlineData("algorithm: flow\nlearning_rate: 1.5", "recipe.yaml:2: learning_rate: 1.5 is out of range; use a number from 0 to 1.")]
    [InlineData("algorithm: flow\ndecay: 1e39", "recipe.yaml:2: decay: '1e39' is not a finite number.")]
    [InlineData("algorithm: flow\nshuffle: yes", "recipe.yaml:2: shuffle: 'yes' is neither true nor false.")]
    [InlineData("algorithm: flow\nmode: cosine",
        "recipe.yaml:2: mode: 'cosine' is not one of 'constant_rate', 'cosine2'; did you mean 'cosine2'?")]
    [InlineData("algorithm: flow\nname:", "recipe.yaml:2: name: has no value; give text, or leave the key out.")]
    [InlineData("algorithm: flow\ninner: 3", "recipe.yaml:2: inner: needs keys below it, not '3'.")]
    [InlineData("algorithm: flow\nsteps: {a: 1}", "recipe.yaml:2: steps: needs a whole number, not keys below it.")]
    [InlineData("algorithm: flow\nstops: abc", "recipe.yaml:2: stops: needs a list in square brackets, not 'abc'.")]
    [InlineData("algorithm: flow\nsizes: [1, x]", "recipe.yaml:2: sizes[1]: 'x' is not a whole number.")]
    [InlineData("algorithm: flow\nsteps: 1\nsteps: 2", "recipe.yaml:3: steps: is given twice; the first is in line 2.")]
    [InlineData("algorithm: flow\ninner: {width: 11}", "recipe.yaml:2: inner.width: 11 does not divide 100 steps.")]
    [InlineData("algorithm: flow\nextra:\n  height: 50", "recipe.yaml:3: extra.height: 50 is more than ten times the width (3).")]
    [InlineData("- a", "recipe.yaml:1: a recipe is a list of keys with values, such as 'task: countdown'.")]
    [InlineData("steps: &x 3", "recipe.yaml:1: steps: anchors (&name) are not read; leave it out.")]
    [InlineData("a: 1\nsteps: *x", "recipe.yaml:2: steps: aliases (*name) are not read; write the value out.")]
    [InlineData("steps: !!int 3", "recipe.yaml:1: steps: tags ('tag:yaml.org,2002:int') are not read; leave it out.")]
    [InlineData("? [a]\n: 3", "recipe.yaml:1: a key is a single word.")]
    [InlineData("algorithm: flow\nname: {problem}", "recipe.yaml:2: name: needs text, not keys below it; a text that begins with a bracket or a brace needs " +
        "quotation marks: name: \"...\".")]
    [InlineData("algorithm: flow\ninner:\n\twidth: 3", "recipe.yaml:3: a tab is in the indentation, and YAML indents with spaces; put spaces in its place.")]
    [InlineData("algorithm: flow\n\t# a remark\n\ninner:\n  width: 3\n \theight: 5",
        "recipe.yaml:6: a tab is in the indentation, and YAML indents with spaces; put spaces in its place.")]
    [InlineData("a: 1\n---\nb: 2", "recipe.yaml:2: a second document begins here; keep one.")]
    public void A_wrong_recipe_says_where_what_and_what_to_do(string text, string message) => Assert.Equal(message, Toy.Refusal(text));

    [Theory]
    [InlineData("steps", "--set 'steps': write it as key=value, with dots in the key: training.steps=200.")]
    [InlineData("a..b=1", "--set 'a..b=1': write it as key=value, with dots in the key: training.steps=200.")]
    [InlineData("stesp=3", "--set stesp: no such key; did you mean 'steps'?")]
    [InlineData("inner.widt=3", "--set inner.widt: no such key; did you mean 'inner.width'?")]
    [InlineData("steps.more=3", "--set steps: needs a whole number, not keys below it.")]
    [InlineData("steps=-1", "--set steps: -1 is out of range; use a number of 1 or more.")]
    [InlineData("steps=", "--set steps: has no value; give a whole number, or leave the key out.")]
    [InlineData("inner.width=11", "--set inner.width: 11 does not divide 100 steps.")]
    [InlineData("name=bad", "--set name: 'bad' is taken.")]
    [InlineData("stops=[a", "--set stops: this is not YAML: While parsing a flow sequence, did not find expected ',' or ']'; a text that begins with a " +
        "bracket or a brace needs quotation marks: --set 'stops=\"...\"'.")]
    [InlineData("name={problem}", "--set name: needs text, not keys below it; a text that begins with a bracket or a brace needs quotation marks: " +
        "--set 'name=\"...\"'.")]
    public void A_wrong_override_says_which(string set, string message) =>
        Assert.Equal(message, Toy.Refusal("algorithm: flow\nsteps: 100", set));

    [Fact]
    public void All_errors_are_reported_at_once() => Assert.Equal(
        """
        recipe.yaml:1: step: no such key; did you mean 'steps'?
        recipe.yaml:2: learning_rate: 7 is out of range; use a number from 0 to 1.
        recipe.yaml:3: inner.width: 'x' is not a whole number.
        --set mode: 'a' is not one of 'constant_rate', 'cosine2'.
        recipe.yaml: algorithm: is missing; give one of 'flow', 'group', 'plain'.
        recipe.yaml:4: extra.height: 90 is more than ten times the width (3).
        """,
        Toy.Refusal("step: 1\nlearning_rate: 7\ninner: {width: x}\nextra: {height: 90}", "mode=a"));

    [Fact]
    public void A_broken_document_still_reports_broken_overrides() => Assert.Equal(
        "recipe.yaml:2: this is not YAML: While scanning for the next token, found character that cannot start any token.\n" +
        "--set 'x': write it as key=value, with dots in the key: training.steps=200.",
        Toy.Refusal("steps: 1\nname: @x", "x"));

    [Fact]
    public void A_missing_file_names_the_recipes_beside_it()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var path = Path.Combine(folder.FullName, "b.yaml");
            string Message(string p) => Assert.Throws<BadInputException>(() => OptionsFile.Load<ToyRecipe>(p)).Message;
            Assert.Equal($"{path}: there is no such recipe; there are no recipes in its folder.", Message(path));
            File.WriteAllText(Path.Combine(folder.FullName, "a.yaml"), "algorithm: flow\nsteps: 3");
            Assert.Equal($"{path}: there is no such recipe; recipes in that folder: a.yaml.", Message(path));
            Assert.Equal($"{folder.FullName}: is a folder, not a recipe; recipes in that folder: a.yaml.", Message(folder.FullName));
            var lost = Path.Combine(folder.FullName, "lost");
            Assert.Equal($"{lost}/b.yaml: there is no such recipe; there is no folder {lost} either.", Message($"{lost}/b.yaml"));
            var recipe = OptionsFile.Load<ToyRecipe>(Path.Combine(folder.FullName, "a.yaml"), variants: Toy.Variants);
            Assert.Equal(3, recipe.Steps);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
