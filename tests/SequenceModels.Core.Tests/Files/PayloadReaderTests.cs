using SequenceModels.Files;
using Xunit;

namespace SequenceModels.Tests;

public class PayloadReaderTests
{
    [Fact]
    public void Numbers_are_read_as_a_BinaryWriter_wrote_them()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(0x0102030405060708L);
        writer.Write(-1L);
        writer.Write(Math.PI);
        writer.Write(double.PositiveInfinity);
        var reader = new PayloadReader(stream.ToArray(), "numbers", 1);
        Assert.Equal(0x0102030405060708L, reader.ReadInt64());
        Assert.Equal(-1L, reader.ReadInt64());
        Assert.Equal(Math.PI, reader.ReadDouble());
        Assert.Equal(double.PositiveInfinity, reader.ReadDouble());
        reader.RequireEnd();
        Assert.Throws<InvalidDataException>(() => reader.ReadInt64());
        Assert.Throws<InvalidDataException>(() => reader.ReadDouble());
    }
}
