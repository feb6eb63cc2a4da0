using System.Globalization;
using System.Xml.Linq;
using FlowRL.Architecture;

namespace FlowRL.Tests.Architecture;

/// <summary>The graph of the folders and its picture.</summary>
public sealed class FolderGraphTests
{
    private static readonly Edge[] Some =
    [
        new("Configuration", "FlowRL", 1), new("Data", "Files", 2),
        new("Tasks", "FlowRL", 3), new("Tasks", "Files", 4), new("Tasks", "Data", 5), new("Tasks", "Configuration", 6),
    ];

    private static IReadOnlyList<Edge> Whole => FolderGraph.EdgesOf(SurveyedSource.Survey);

    [Fact]
    public void Uses_are_counted_and_those_that_break_the_law_left_out()
    {
        Use[] uses =
        [
            new("src/FlowRL/Tasks/A.cs", 1, "Tasks", "Data", "FlowRL.Data.DataRow"), new("src/FlowRL/Tasks/A.cs", 2, "Tasks", "Data", "FlowRL.Data.DataRow"),
            new("src/FlowRL/Data/B.cs", 1, "Data", "Tasks", "FlowRL.Tasks.Problem"), new("src/FlowRL/Data/B.cs", 1, "Data", "FlowRL", "FlowRL.Seeds"),
        ];
        Assert.Equal([new("Data", "FlowRL", 1), new("Tasks", "Data", 2)], FolderGraph.EdgesOf(new Survey(uses, ["Data", "Tasks"], [])));
    }

    [Fact]
    public void An_edge_that_others_imply_is_not_drawn() => Assert.Equal(
        [new("Configuration", "FlowRL", 1), new("Data", "Files", 2), new("Tasks", "Data", 5), new("Tasks", "Configuration", 6)], FolderGraph.ReducedOf(Some));

    [Fact]
    public void Rooms_share_a_storey_until_one_uses_another()
    {
        var storeys = FolderGraph.StoreysOf([.. Some, new("Numerics", "Files", 1)]).Select(rooms => string.Join(' ', rooms.Select(room => room.Name))).ToList();
        Assert.Equal(["FlowRL Files", "Configuration Hub Numerics Tokenization Models Checkpoints Data Sandbox Verifiers"], storeys[..2]);
        Assert.StartsWith("Tasks Decoding", storeys[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_room_of_the_picture_stands_clear_of_the_others_and_holds_its_words()
    {
        var picture = XDocument.Parse(Picture.Of(Whole)).Root!;
        XNamespace svg = "http://www.w3.org/2000/svg";
        var boxes = picture.Elements(svg + "rect").Skip(1) // the first is the ground that all is drawn on
            .Select(box => (X: Number(box, "x"), Y: Number(box, "y"), Width: Number(box, "width"), Height: Number(box, "height"))).ToList();
        var rooms = House.Rooms.Append(House.Apart).ToList();

        Assert.Equal(rooms.Count, boxes.Count);
        Assert.All(boxes, box => Assert.InRange(box.X, 0, Number(picture, "width") - box.Width));
        Assert.All(boxes, box => Assert.InRange(box.Y, 0, Number(picture, "height") - box.Height));
        Assert.All(boxes.Index(), one => Assert.DoesNotContain(boxes.Skip(one.Index + 1), other =>
            Math.Abs(one.Item.X - other.X) < other.Width && Math.Abs(one.Item.Y - other.Y) < other.Height));
        Assert.All(rooms, room => Assert.InRange(room.Purpose.Length, 1, 28));
        Assert.Equal(rooms.SelectMany(room => (string[])[room.Name, room.Purpose]).Order(), picture.Elements(svg + "text").Select(text => text.Value).Order());
    }

    [Fact]
    public void The_picture_of_the_same_edges_is_the_same() => Assert.Equal(Picture.Of(Whole), Picture.Of([.. Whole]));

    private static double Number(XElement element, string name) => double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
