using FlowRL.Rollouts;
using FlowRL.Tasks;

namespace FlowRL.Tests.Rollouts;

public sealed class OrderedGroupsTests
{
    [Fact]
    public void Groups_come_in_the_order_of_their_requests_each_as_soon_as_it_may()
    {
        var requests = Enumerable.Range(0, 3).Select(i => new SampleRequest(new Problem($"{i}", "", ""), [i], Samples: 2, Seed: 1)).ToList();
        var came = new List<(int Request, string Texts)>();
        var groups = new OrderedGroups(requests, (request, group) =>
            came.Add((request, string.Join(' ', group.Responses.Select(response => response.Text)))));
        void End(int request, int sample) => groups.OnResponse(request, sample, Named($"{request}{sample}"));

        End(1, 1);
        End(1, 0);
        End(0, 1);
        Assert.Empty(came); // the first is not whole
        End(0, 0);
        Assert.Equal([(0, "00 01"), (1, "10 11")], came);
        End(2, 0);
        End(2, 1);
        Assert.Equal((2, "20 21"), came[^1]);
    }

    private static Response Named(string text) =>
        new() { TokenIds = [1], LossMask = [true], LogProbs = [0], PolicyVersions = [0], FinishReason = FinishReason.Stop, Text = text };
}
