using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

public unsafe class FloatBufferTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(1000)]
    public void It_begins_on_a_cache_line_and_is_zero(int length)
    {
        var buffer = new FloatBuffer(length);
        Assert.Equal(0, (nint)buffer.Data % 64);
        Assert.Equal(length, buffer.Span.Length);
        Assert.All(buffer.Span.ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void It_stays_where_it_is_while_it_is_large_enough()
    {
        var buffer = new FloatBuffer(100);
        float* before = buffer.Data;
        GC.Collect();
        buffer.Reserve(100);
        Assert.True(before == buffer.Data);
        buffer.Reserve(101);
        Assert.True(buffer.Length >= 101);
    }

    [Fact]
    public void More_than_an_array_holds_is_refused_with_the_mend()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new FloatBuffer(1L << 40));
        Assert.Contains("Make the batch, the sequences or the layers smaller", error.Message, StringComparison.Ordinal);
    }
}
