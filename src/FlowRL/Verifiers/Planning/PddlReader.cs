namespace FlowRL.Verifiers.Planning;

/// <summary>Reads domains and problems in PDDL: STRIPS with types, negative preconditions and constants. Anything else is named with its line.</summary>
internal sealed class PddlReader
{
    private static readonly string[] Understood = [":strips", ":typing", ":negative-preconditions"];
    private readonly string _name;

    private PddlReader(string name) => _name = name;

    /// <exception cref="BadInputException">The text is no domain, or uses what is not understood.</exception>
    public static PlanningDomain Domain(string name, string text)
    {
        var reader = new PddlReader(name);
        var sections = reader.Sections(PddlText.Read(name, text), "domain", out var title);
        foreach (var section in sections.Where(section => section.Head == ":requirements"))
        {
            var unknown = section.Items.Skip(1).FirstOrDefault(item => !Understood.Contains(item.Word));
            if (unknown is not null) throw reader.Error(unknown, $"'{unknown.Word}' is not understood; domains may need {string.Join(", ", Understood)}");
        }
        var types = new Dictionary<string, string>();
        IEnumerable<PddlNode> In(string head) => sections.Where(section => section.Head == head).SelectMany(section => section.Items.Skip(1));
        foreach (var (type, parent, _) in reader.Typed(In(":types"))) types[type] = parent;
        var constants = reader.Named("constants", reader.Typed(In(":constants")));
        var predicates = reader.Named("predicates", In(":predicates")
            .Select(node => (reader.Word(node), (IReadOnlyList<string>)[.. reader.Typed(node.Items.Skip(1)).Select(one => one.Type)], node)));
        var domain = new PlanningDomain(title, new Dictionary<string, PlanAction>()) { Types = types, Predicates = predicates, Constants = constants };
        var actions = reader.Named("actions", sections.Where(section => section.Head == ":action").Select(section =>
            (reader.Action(section, domain) is var action ? action.Name : "", action, section)));
        var odd = sections.FirstOrDefault(section => section.Head is not (":requirements" or ":types" or ":constants" or ":predicates" or ":action"));
        if (odd is not null) throw reader.Error(odd, $"'{odd.Head ?? odd.Word}' is not understood in a domain");
        return actions.Count > 0 ? domain with { Actions = actions } : throw new BadInputException($"{name}: the domain has no action.");
    }

    /// <exception cref="BadInputException">The text is no problem of the domain.</exception>
    public static PlanningProblem Problem(string name, string text, PlanningDomain domain)
    {
        var reader = new PddlReader(name);
        var sections = reader.Sections(PddlText.Read(name, text), "problem", out var title);
        var objects = new Dictionary<string, string>(domain.Constants);
        IReadOnlySet<Fact>? initial = null;
        IReadOnlyList<Literal>? goal = null;
        foreach (var section in sections)
        {
            switch (section.Head)
            {
                case ":domain" when section.Items.Count == 2 && section.Items[1].Word == domain.Name:
                case ":requirements":
                    break;
                case ":domain":
                    throw reader.Error(section, $"the problem is of another domain than '{domain.Name}'");
                case ":objects":
                    foreach (var (thing, type, node) in reader.Typed(section.Items.Skip(1)))
                    {
                        if (type != "object" && !domain.Types.ContainsKey(type)) throw reader.Error(node, $"there is no type '{type}'");
                        // Said again is no harm.
                        if (!objects.TryAdd(thing, type) && objects[thing] != type)
                            throw reader.Error(node, $"'{thing}' is a {objects[thing]} and a {type}");
                    }
                    break;
                case ":init":
                    initial = section.Items.Skip(1).Select(node => reader.Fact(node, domain, objects)).ToHashSet();
                    break;
                case ":goal" when section.Items.Count == 2:
                    goal = reader.Literals(section.Items[1], domain, objects);
                    break;
                default:
                    throw reader.Error(section, $"'{section.Head ?? section.Word}' is not understood in a problem");
            }
        }
        if (initial is null || goal is null) throw new BadInputException($"{name}: the problem has no {(initial is null ? ":init" : ":goal")}.");
        return new PlanningProblem(domain, title, objects, initial, goal);
    }

    private IReadOnlyList<PddlNode> Sections(PddlNode root, string kind, out string title)
    {
        if (root.Head != "define" || root.Items.Count < 2 || root.Items[1].Head != kind || root.Items[1].Items.Count != 2)
            throw Error(root, $"not a PDDL {kind}, which begins (define ({kind} NAME)");
        title = Word(root.Items[1].Items[1], alone: true);
        return [.. root.Items.Skip(2)];
    }

    private PlanAction Action(PddlNode node, PlanningDomain domain)
    {
        if (node.Items.Count < 2 || node.Items.Count % 2 != 0) throw Error(node, "an action is a name and then keys with values");
        var name = Word(node.Items[1], alone: true);
        var parts = new Dictionary<string, PddlNode>();
        for (var i = 2; i < node.Items.Count; i += 2) parts[Word(node.Items[i], alone: true)] = node.Items[i + 1];
        var odd = parts.Keys.FirstOrDefault(key => key is not (":parameters" or ":precondition" or ":effect"));
        if (odd is not null) throw Error(node, $"'{odd}' is not understood in an action");
        var parameters = parts.TryGetValue(":parameters", out var list) ? Typed(list.Items) : [];
        var known = Named("names", domain.Constants.Select(one => (one.Key, one.Value, node)).Concat(parameters));
        return new PlanAction(name, parameters.ConvertAll(one => (one.Name, one.Type)),
            parts.TryGetValue(":precondition", out var precondition) ? Literals(precondition, domain, known) : [],
            parts.TryGetValue(":effect", out var effect) ? Literals(effect, domain, known) : throw Error(node, $"action '{name}' has no :effect"));
    }

    private List<Literal> Literals(PddlNode node, PlanningDomain domain, IReadOnlyDictionary<string, string> known) => node switch
    {
        { Items.Count: 0, Word: null } => [],
        { Head: "and" } => [.. node.Items.Skip(1).SelectMany(item => Literals(item, domain, known))],
        { Head: "not", Items.Count: 2 } => [new Literal(Fact(node.Items[1], domain, known), false)],
        { Head: "or" or "forall" or "exists" or "when" or "imply" } =>
            throw Error(node, $"'{node.Head}' is not understood; conditions are facts, 'and' and 'not'"),
        _ => [new Literal(Fact(node, domain, known), true)],
    };

    private Fact Fact(PddlNode node, PlanningDomain domain, IReadOnlyDictionary<string, string> known)
    {
        var predicate = Word(node);
        if (!domain.Predicates.TryGetValue(predicate, out var types)) throw Error(node, $"there is no predicate '{predicate}'");
        var arguments = node.Items.Skip(1).ToList();
        if (arguments.Count != types.Count) throw Error(node, $"'{predicate}' takes {types.Count} arguments, not {arguments.Count}");
        foreach (var (argument, type) in arguments.Zip(types))
        {
            if (!known.TryGetValue(Word(argument, alone: true), out var own)) throw Error(argument, $"there is no '{argument.Word}'");
            if (!domain.IsKindOf(own, type) && !domain.IsKindOf(type, own))
                throw Error(argument, $"'{argument.Word}' is a {own}, and '{predicate}' takes a {type} there");
        }
        return FlowRL.Verifiers.Planning.Fact.Of(node.Items.Select(item => item.Word!));
    }

    /// <summary>Names with types behind dashes: <c>a b - block c - table</c>; without a dash they are of type object.</summary>
    private List<(string Name, string Type, PddlNode Node)> Typed(IEnumerable<PddlNode> nodes)
    {
        var typed = new List<(string, string, PddlNode)>();
        var waiting = new List<PddlNode>();
        var isType = false;
        foreach (var node in nodes)
        {
            if (isType)
            {
                typed.AddRange(waiting.Select(name => (name.Word!, Word(node, alone: true), name)));
                waiting.Clear();
                isType = false;
            }
            else if (Word(node, alone: true) == "-") isType = true;
            else waiting.Add(node);
        }
        typed.AddRange(waiting.Select(name => (name.Word!, "object", name)));
        return typed;
    }

    private Dictionary<string, T> Named<T>(string what, IEnumerable<(string Name, T Value, PddlNode Node)> found)
    {
        var named = new Dictionary<string, T>();
        foreach (var (name, value, node) in found)
        {
            if (!named.TryAdd(name, value)) throw Error(node, $"there are two {what} '{name}'");
        }
        return named;
    }

    private string Word(PddlNode node, bool alone = false) =>
        (alone ? node.Word : node.Head) ?? throw Error(node, alone ? "a name is missing here" : "not a name in brackets");

    private BadInputException Error(PddlNode node, string what) => new($"{_name}:{node.Line}: {what}.");
}
