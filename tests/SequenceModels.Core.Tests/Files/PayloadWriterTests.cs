using SequenceModels.Files;
using Xunit;

namespace SequenceModels.Tests;

public class PayloadWriterTests
{
    [Fact]
    public void Numbers_are_read_as_they_were_written()
    {
        PayloadReader reader = Written(writer =>
        {
            writer.Write(0x0102030405060708L);
            writer.Write(-1L);
            writer.Write(Math.PI);
            writer.Write(double.PositiveInfinity);
        });
        Assert.Equal(0x0102030405060708L, reader.ReadInt64());
        Assert.Equal(-1L, reader.ReadInt64());
        Assert.Equal(Math.PI, reader.ReadDouble());
        Assert.Equal(double.PositiveInfinity, reader.ReadDouble());
        reader.RequireEnd();
        Assert.Throws<InvalidDataException>(() => reader.ReadInt64());
        Assert.Throws<InvalidDataException>(() => reader.ReadDouble());
    }

    [Fact]
    public void Arrays_are_read_as_they_were_written_and_empty_ones_too()
    {
        PayloadReader reader = Written(writer =>
        {
            writer.WriteArray(["", "a", "\ud800"]);
            writer.WriteArray([1, -2]);
            writer.WriteArray([Math.E, double.NaN]);
            writer.WriteArray([1.5f, -0.5f]);
            writer.WriteArray([1.25f]);
            writer.WriteArray(new[] { true, false }, (to, item) => to.Write(item));
            writer.WriteArray(Array.Empty<int>());
        });
        Assert.Equal(["", "a", "\ud800"], reader.ReadStringArray("texts"));
        Assert.Equal([1, -2], reader.ReadInt32Array("numbers"));
        Assert.Equal([Math.E, double.NaN], reader.ReadDoubleArray("numbers"));
        Assert.Equal([1.5f, -0.5f], reader.ReadFiniteArray("numbers", "a number"));
        float[] single = new float[1];
        Assert.Equal(1, reader.ReadInt32());
        reader.ReadSingles(single);
        Assert.Equal([1.25f], single);
        Assert.Equal([true, false], reader.ReadArray("answers", 1, from => from.ReadBoolean()));
        Assert.Empty(reader.ReadInt32Array("numbers"));
        reader.RequireEnd();
    }

    [Fact]
    public void Optional_values_enumerations_and_blocks_are_read_as_they_were_written()
    {
        PayloadReader reader = Written(writer =>
        {
            writer.WriteOptional("there", (to, text) => to.Write(text));
            writer.WriteOptional<string>(null, (to, text) => to.Write(text));
            writer.WriteEnum(DayOfWeek.Friday);
            writer.WriteBlock([1, 2, 3]);
        });
        Assert.Equal("there", reader.ReadOptional(from => from.ReadString()));
        Assert.Null(reader.ReadOptional(from => from.ReadString()));
        Assert.Equal(DayOfWeek.Friday, reader.ReadEnum<DayOfWeek>("day"));
        Assert.Equal([1, 2, 3], reader.ReadBlock("the block").ToArray());
        reader.RequireEnd();
    }

    [Theory]
    [InlineData(-1), InlineData(3), InlineData(int.MaxValue)]
    public void An_array_that_cannot_be_there_is_refused_before_memory_is_taken(int count)
    {
        PayloadReader reader = Written(writer =>
        {
            writer.Write(count);
            writer.Write(1L);
        });
        Assert.Contains($"the number of counts is {count}, outside 0 to 2",
            Assert.Throws<InvalidDataException>(() => reader.ReadInt32Array("counts")).Message);
    }

    [Fact]
    public void A_number_that_must_be_finite_is_refused_by_its_name()
    {
        PayloadReader reader = Written(writer => writer.WriteArray([1, float.NaN]));
        Assert.Contains("a mean is NaN or infinite",
            Assert.Throws<InvalidDataException>(() => reader.ReadFiniteArray("means", "a mean")).Message);
    }

    private static PayloadReader Written(Action<PayloadWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new PayloadWriter(stream))
            write(writer);
        return new PayloadReader(stream.ToArray(), "SEQTESTS", 1);
    }
}
