// Writes conversations.jsonl: short conversations of several turns, made from sentences of our own. Each is drawn by its number alone.
//     cd data/chat && dotnet run make.cs

using System.Text.Json;

string[] names = [.. "Ada Ben Cleo Dan Eva Finn Gina Hugo Ida Jon Kim Leo Mia Nils Olga Paul Rosa Sam Tess Uwe".Split(' ')];
(string Word, string Opposite)[] opposites =
[
    ("hot", "cold"), ("big", "small"), ("up", "down"), ("day", "night"), ("old", "new"), ("fast", "slow"), ("wet", "dry"), ("open", "closed"),
    ("early", "late"), ("hard", "soft"), ("full", "empty"), ("left", "right"),
];
(string Thing, string Colour)[] colours =
    [("grass", "green"), ("snow", "white"), ("coal", "black"), ("the sky", "blue"), ("a lemon", "yellow"), ("blood", "red")];
const string brief = "Answer in one word.";
string?[] systems = [null, null, brief, "You are a friendly helper."];

using var file = new StreamWriter("conversations.jsonl") { NewLine = "\n" };
for (var number = 0; number < 1000; number++) file.WriteLine(JsonSerializer.Serialize(new { messages = Conversation(new Random(number)) }));

List<object> Conversation(Random draw)
{
    var messages = new List<object>();
    void Say(string role, string content) => messages.Add(new { role, content });
    var system = systems[draw.Next(systems.Length)];
    var name = draw.NextDouble() < 0.6 ? names[draw.Next(names.Length)] : null;
    if (system is not null) Say("system", system);
    if (name is not null)
    {
        Say("user", $"Hello, my name is {name}.");
        Say("assistant", system == brief ? "Hello!" : $"Hello {name}, how can I help you?");
    }
    for (var turns = 1 + draw.Next(4); turns > 0; turns--)
    {
        var (asked, sentence, word) = Question(draw, name);
        Say("user", asked);
        Say("assistant", system == brief ? word : sentence);
    }
    return messages;
}

(string Asked, string Sentence, string Word) Question(Random draw, string? name)
{
    switch (draw.Next(name is null ? 4 : 6))
    {
        case 0:
            var (a, b) = (draw.Next(1, 10), draw.Next(1, 10));
            return ($"What is {a} plus {b}?", $"{a} plus {b} is {a + b}.", $"{a + b}");
        case 1:
            var less = draw.Next(1, 99);
            var more = draw.Next(less + 1, 100);
            var (first, second) = draw.Next(2) == 0 ? (less, more) : (more, less);
            return ($"Which is larger, {first} or {second}?", $"{more} is larger than {less}.", $"{more}");
        case 2:
            var (of, opposite) = opposites[draw.Next(opposites.Length)];
            return ($"What is the opposite of {of}?", $"The opposite of {of} is {opposite}.", opposite);
        case 3:
            var (thing, colour) = colours[draw.Next(colours.Length)];
            return ($"What colour is {thing}?", $"{char.ToUpperInvariant(thing[0])}{thing[1..]} is {colour}.", colour);
        default:
            return ("What is my name?", $"Your name is {name}.", name!);
    }
}
