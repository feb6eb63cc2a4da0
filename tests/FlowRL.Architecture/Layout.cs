namespace FlowRL.Architecture;

/// <summary>A box of the picture; without a room, the place where an arrow passes a storey on its way down.</summary>
internal sealed class Spot(Room? room, int storey, double width)
{
    public Room? Room => room;
    public int Storey => storey;
    public double Width => width;

    /// <summary>Of its middle.</summary>
    public double X { get; set; }

    public List<Spot> Below { get; } = [];
    public List<Spot> Above { get; } = [];
}

/// <summary>Where the boxes stand, so that arrows cross seldom and lean little: Sugiyama's way, in storeys, by the means of neighbours.</summary>
internal sealed class Layout
{
    private const double PassWidth = 10;
    private const double Gap = 22;
    private const int Sweeps = 40;
    private const int Pulls = 3000;

    private readonly List<List<Spot>> _storeys = [];

    /// <param name="storeys">From the ground up.</param>
    /// <param name="edges">Each from a higher storey to a lower one.</param>
    /// <param name="boxWidth">Of every box.</param>
    public Layout(IReadOnlyList<IReadOnlyList<Room>> storeys, IReadOnlyList<Edge> edges, double boxWidth)
    {
        foreach (var (number, rooms) in storeys.Index()) _storeys.Add([.. rooms.Select(room => new Spot(room, number, boxWidth))]);
        var spots = _storeys.SelectMany(storey => storey).ToDictionary(spot => spot.Room!.Name);
        foreach (var edge in edges) Connect(spots[edge.From], spots[edge.To]);
        Order();
        Place();
    }

    /// <summary>From the ground up, each from left to right.</summary>
    public IReadOnlyList<IReadOnlyList<Spot>> Storeys => _storeys;

    private void Connect(Spot from, Spot to)
    {
        for (var storey = from.Storey - 1; storey >= to.Storey; storey--)
        {
            var next = storey == to.Storey ? to : new Spot(null, storey, PassWidth);
            if (next != to) _storeys[storey].Add(next);
            from.Below.Add(next);
            next.Above.Add(from);
            from = next;
        }
    }

    /// <summary>Sorts storeys by the mean place of what stands below, then above, and keeps the order with the fewest crossings.</summary>
    private void Order()
    {
        var best = _storeys.Select(storey => storey.ToList()).ToList();
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var up = sweep % 2 == 0;
            foreach (var storey in up ? _storeys : _storeys.AsEnumerable().Reverse())
            {
                var places = _storeys.SelectMany(one => one.Index()).ToDictionary(one => one.Item, one => (double)one.Index);
                var sorted = storey.OrderBy(spot =>
                    (up ? spot.Below : spot.Above).Select(other => places[other]).DefaultIfEmpty(places[spot]).Average()).ToList();
                storey.Clear();
                storey.AddRange(sorted);
            }
            if (Crossings(_storeys) < Crossings(best)) best = [.. _storeys.Select(storey => storey.ToList())];
        }
        _storeys.Clear();
        _storeys.AddRange(best);
    }

    private static int Crossings(List<List<Spot>> storeys)
    {
        var count = 0;
        for (var number = 1; number < storeys.Count; number++)
        {
            var lines = storeys[number].Index()
                .SelectMany(spot => spot.Item.Below.Select(below => (From: spot.Index, To: storeys[number - 1].IndexOf(below)))).ToList();
            count += lines.Sum(one => lines.Count(other => one.From < other.From && one.To > other.To));
        }
        return count;
    }

    /// <summary>Pulls every spot towards its neighbours as far as those beside it give way.</summary>
    private void Place()
    {
        foreach (var storey in _storeys) Spread(storey, [.. storey.Select(_ => new Wish(0, 1))]);
        for (var pull = 0; pull < Pulls; pull++)
            foreach (var storey in pull % 2 == 0 ? _storeys : _storeys.AsEnumerable().Reverse()) Spread(storey, [.. storey.Select(WishOf)]);
    }

    /// <summary>The mean of the neighbours, those of a long arrow heavy, so that it stays straight; a little of the picture's middle.</summary>
    private static Wish WishOf(Spot spot)
    {
        var pulls = spot.Below.Concat(spot.Above).Select(other => new Wish(other.X, (spot.Room, other.Room) switch
        {
            (null, null) => 60,
            (null, _) or (_, null) => 2,
            _ => 8,
        })).Append(new Wish(0, 0.02)).ToList();
        var weight = pulls.Sum(pull => pull.Weight);
        return new Wish(pulls.Sum(pull => pull.X * pull.Weight) / weight, weight);
    }

    /// <summary>
    /// The places nearest to those wished for, by least squares, at which neighbours keep their distance: without the distances an
    /// isotonic regression, so that blocks whose wishes clash are pooled at their mean.
    /// </summary>
    private static void Spread(List<Spot> storey, List<Wish> wishes)
    {
        var offsets = new double[storey.Count];
        for (var i = 1; i < offsets.Length; i++) offsets[i] = offsets[i - 1] + (storey[i - 1].Width + storey[i].Width) / 2 + Gap;
        var blocks = new List<(double X, double Weight, int Count)>();
        foreach (var (index, wish) in wishes.Index())
        {
            blocks.Add((wish.X - offsets[index], wish.Weight, 1));
            while (blocks.Count > 1 && blocks[^2].X >= blocks[^1].X)
            {
                var (one, other) = (blocks[^2], blocks[^1]);
                var weight = one.Weight + other.Weight;
                blocks.RemoveRange(blocks.Count - 2, 2);
                blocks.Add(((one.X * one.Weight + other.X * other.Weight) / weight, weight, one.Count + other.Count));
            }
        }
        foreach (var (index, place) in blocks.SelectMany(block => Enumerable.Repeat(block.X, block.Count)).Index()) storey[index].X = place + offsets[index];
    }

    private readonly record struct Wish(double X, double Weight);
}
