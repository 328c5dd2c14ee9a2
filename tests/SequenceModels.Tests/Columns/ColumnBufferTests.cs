using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using Xunit;

namespace SequenceModels.Tests.Columns;

public class ColumnBufferTests
{
    [Fact]
    public void Values_of_any_type_are_kept()
    {
        Check(NumberDataViewType.Single, 1f, -2f, float.NaN);
        Check<ReadOnlyMemory<char>>(TextDataViewType.Instance, "a".AsMemory(), default, "b".AsMemory());
        Check(DateTimeDataViewType.Instance, new DateTime(2000, 1, 1), default, new DateTime(2000, 1, 3));
        Check(new KeyDataViewType(typeof(byte), 5), (byte)1, (byte)0, (byte)5);
        Check(new Plain(), "text", null!, "more");
    }

    [Fact]
    public void Vectors_share_no_array_with_the_getter_or_the_reader()
    {
        float[] one = [0, 0];
        var row = new OneRow(new VectorDataViewType(NumberDataViewType.Single),
            Getter((ref VBuffer<float> value) => value = new(2, one)));
        var buffer = (ColumnBuffer<VBuffer<float>>)ColumnBuffer.Of(row, row.Schema[0]);
        for (int i = 0; i < 3; i++)
        {
            one[1] = i; // a getter that hands out its own array, again and again
            buffer.Read(i);
        }
        VBuffer<float> found = default;
        buffer.Get(1, ref found);
        VBufferEditor.CreateFromBuffer(ref found).Values.Fill(9); // a reader that writes into what it got
        for (int i = 0; i < 3; i++)
        {
            buffer.Get(i, ref found);
            Assert.Equal([0, i], found.DenseValues());
        }
    }

    [Fact]
    public void Sparse_vectors_stay_sparse()
    {
        var row = new OneRow(new VectorDataViewType(NumberDataViewType.Single),
            Getter((ref VBuffer<float> value) => value = new(7, 1, [5], [3])));
        var buffer = (ColumnBuffer<VBuffer<float>>)ColumnBuffer.Of(row, row.Schema[0]);
        buffer.Read(0);
        VBuffer<float> found = default;
        buffer.Get(0, ref found);
        Assert.Equal((7, 5, 3), (found.Length, Assert.Single(found.GetValues().ToArray()),
            Assert.Single(found.GetIndices().ToArray())));
    }

    [Fact]
    public void A_getter_never_gets_the_object_that_was_given_out()
    {
        // As of ML.NET's images, which a getter disposes when it is handed one.
        var seen = new List<object?>();
        var row = new OneRow(new Plain(), Getter((ref string value) =>
        {
            seen.Add(value);
            value = "new";
        }));
        ColumnBuffer buffer = ColumnBuffer.Of(row, row.Schema[0]);
        buffer.Read(0);
        buffer.Read(0);
        Assert.Equal([null, null], seen);
    }

    [Fact]
    public void An_error_is_kept_until_its_row_is_written_again()
    {
        int reads = 0;
        var row = new OneRow(NumberDataViewType.Int32,
            Getter((ref int value) => value = ++reads == 2 ? throw new TimeoutException() : reads));
        var buffer = (ColumnBuffer<int>)ColumnBuffer.Of(row, row.Schema[0]);
        buffer.Read(0);
        buffer.Read(1);
        int found = 0;
        buffer.Get(0, ref found);
        Assert.Equal(1, found);
        Assert.Throws<TimeoutException>(() => buffer.Get(1, ref found));
        buffer.Read(0);
        buffer.Read(1);
        buffer.Get(1, ref found);
        Assert.Equal(4, found);
    }

    [Fact]
    public void Another_buffer_reads_by_the_same_getter_and_keeps_rows_of_its_own()
    {
        int getters = 0, reads = 0;
        var row = new OneRow(NumberDataViewType.Int32, Getter((ref int value) => value = ++reads), () => getters++);
        var first = (ColumnBuffer<int>)ColumnBuffer.Of(row, row.Schema[0]);
        var second = (ColumnBuffer<int>)first.Another();
        Assert.Equal(0, getters);
        first.Read(0);
        second.Read(0);
        int one = 0, two = 0;
        first.Get(0, ref one);
        second.Get(0, ref two);
        Assert.Equal((1, 1, 2), (getters, one, two));
    }

    private static ValueGetter<T> Getter<T>(ValueGetter<T> getter) => getter;

    private static void Check<T>(DataViewType type, params T[] values)
    {
        int next = 0;
        var row = new OneRow(type, Getter((ref T value) => value = values[next++]));
        var buffer = (ColumnBuffer<T>)ColumnBuffer.Of(row, row.Schema[0]);
        for (int i = 0; i < values.Length; i++)
            buffer.Read(i);
        T found = default!;
        for (int i = 0; i < values.Length; i++)
        {
            buffer.Get(i, ref found);
            Assert.Equal(values[i], found);
        }
    }

    /// <summary>A type of a user's own, of objects.</summary>
    private sealed class Plain() : StructuredDataViewType(typeof(string))
    {
        public override bool Equals(DataViewType? other) => other is Plain;

        public override int GetHashCode() => 1;

        public override bool Equals(object? obj) => obj is Plain;
    }

    /// <summary>A row of one column with this getter.</summary>
    private sealed class OneRow : DataViewRow
    {
        private readonly Delegate _getter;
        private readonly Action _onGetGetter;

        public OneRow(DataViewType type, Delegate getter, Action? onGetGetter = null)
        {
            var builder = new DataViewSchema.Builder();
            builder.AddColumn("Column", type);
            (Schema, _getter, _onGetGetter) = (builder.ToSchema(), getter, onGetGetter ?? (() => { }));
        }

        public override DataViewSchema Schema { get; }

        public override long Position => 0;

        public override long Batch => 0;

        public override ValueGetter<DataViewRowId> GetIdGetter() => throw new NotSupportedException();

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            _onGetGetter();
            return (ValueGetter<TValue>)_getter;
        }
    }
}
