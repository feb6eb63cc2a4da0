using FlowRL.Numerics.Products;
using FlowRL.Tests.Support;

namespace FlowRL.Tests.Numerics.Products;

public sealed class ProductChoiceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_measured_first_holds(bool first)
    {
        Assert.Equal(first, ProductChoice.IsOwn(_folder.In("machine"), () => first));
        Assert.Equal(first, ProductChoice.IsOwn(_folder.In("machine"), () => throw new InvalidOperationException("Measured again.")));
        Assert.Single(Directory.GetFiles(_folder.In("machine")));
    }

    [Fact]
    public void The_word_of_a_process_that_was_faster_holds()
    {
        Assert.False(ProductChoice.IsOwn(_folder.In("machine"), () =>
        {
            _ = ProductChoice.IsOwn(_folder.In("machine"), () => false);
            return true;
        }));
        Assert.Single(Directory.GetFiles(_folder.In("machine")));
    }

    [Fact]
    public void A_damaged_note_is_written_anew()
    {
        _ = ProductChoice.IsOwn(_folder.In("machine"), () => true);
        File.WriteAllText(Directory.GetFiles(_folder.In("machine"))[0], "ow");
        Assert.False(ProductChoice.IsOwn(_folder.In("machine"), () => false));
        Assert.False(ProductChoice.IsOwn(_folder.In("machine"), () => true));
    }

    [Fact]
    public void Where_nothing_can_be_kept_what_is_measured_holds()
    {
        _folder.Write("file", "in the way");
        Assert.True(ProductChoice.IsOwn(_folder.In("file"), () => true));
        Assert.False(ProductChoice.IsOwn(_folder.In("file"), () => false));
    }

    [Fact]
    public void Measuring_leaves_the_threads_of_others_alone()
    {
        var before = TorchSharp.torch.get_num_threads();
        _ = ProductChoice.Measure();
        Assert.Equal(before, TorchSharp.torch.get_num_threads());
    }
}
