using FlowRL.Architecture;

namespace FlowRL.Tests.Architecture;

/// <summary>The folders of src are floors: each uses those below it. The order stands in <see cref="House.Rooms"/>.</summary>
public sealed class FolderLawTests
{
    [Fact]
    public void Each_folder_uses_only_those_below_it()
    {
        Assert.True(SurveyedSource.Survey.Uses.Count > 1000, "The survey found next to nothing.");
        Assert.Empty(SurveyedSource.Survey.Unknown);
        Assert.Empty(FolderLaw.BreaksOf(SurveyedSource.Survey));
    }

    [Fact]
    public void Every_listed_folder_is_there() =>
        Assert.Equal(House.Rooms.Append(House.Apart).Select(room => room.Name).Order(), SurveyedSource.Survey.Rooms.Order());

    [Fact]
    public void Every_project_is_compiled() => Assert.Equal(
        House.Projects.Order(), Directory.GetDirectories(Path.Combine(Repository.Root, "src")).Select(folder => Path.GetFileName(folder)!).Order());

    [Fact]
    public void What_the_ground_holds_uses_no_folder() => Assert.DoesNotContain(SurveyedSource.Survey.Uses, use => use.From == House.Library);

    [Fact]
    public void The_picture_shows_the_source_as_it_is()
    {
        var drawn = File.ReadAllText(Path.Combine(Repository.Root, "docs", "architecture.svg"));
        Assert.True(drawn == Picture.Of(FolderGraph.EdgesOf(SurveyedSource.Survey)), "docs/architecture.svg is of another source: run docs/graph.");
    }
}
