using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Layers;
using SequenceModels.Reports;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>A column of a <see cref="TestView"/>: any type, any annotations, values as given (sparse stays sparse).</summary>
internal sealed record TestColumn(DataViewSchema.DetachedColumn Declared, Array Values)
{
    public string Name => Declared.Name;

    public TestColumn Renamed(string name) => new(new(name, Declared.Type, Declared.Annotations), Values);

    public static TestColumn Of<T>(string name, DataViewType type, params T[] values) => new(new(name, type), values);

    public static TestColumn Texts(string name, params string[] texts) =>
        Of(name, TextDataViewType.Instance, Array.ConvertAll(texts, text => text.AsMemory()));

    /// <summary>VarVector&lt;Key&lt;uint, V&gt;&gt; whose keys stand for k1, k2, ...</summary>
    public static TestColumn Keys(string name, int count, params uint[][] rows) =>
        Keys(name, [.. Enumerable.Range(1, count).Select(key => $"k{key}")], rows);

    /// <summary>
    /// VarVector&lt;Key&lt;uint, V&gt;&gt; whose keys stand for tags; each row has its tags side by side,
    /// "?" where one is missing.
    /// </summary>
    public static TestColumn Tags(string name, string tags, params string[] rows)
    {
        string[] names = tags.Split(' ');
        return Keys(name, names, [.. rows.Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(tag => tag == "?" ? 0 : (uint)Array.IndexOf(names, tag) + 1).ToArray())]);
    }

    private static TestColumn Keys(string name, string[] names, uint[][] rows)
    {
        var builder = new DataViewSchema.Annotations.Builder();
        ReadOnlyMemory<char>[] values = [.. names.Select(text => text.AsMemory())];
        builder.Add<VBuffer<ReadOnlyMemory<char>>>("KeyValues", new VectorDataViewType(TextDataViewType.Instance, names.Length),
            (ref VBuffer<ReadOnlyMemory<char>> target) =>
                new VBuffer<ReadOnlyMemory<char>>(names.Length, values).CopyTo(ref target));
        var type = new VectorDataViewType(new KeyDataViewType(typeof(uint), names.Length));
        return new(new(name, type, builder.ToAnnotations()), Dense(rows));
    }

    /// <summary>Vector&lt;Int32&gt; of dimensions [*, 2].</summary>
    public static TestColumn Offsets(string name, params int[][] rows) =>
        Of(name, new VectorDataViewType(NumberDataViewType.Int32, 0, 2), Dense(rows));

    /// <summary>Vector&lt;Single&gt; of these dimensions (0 = unknown; none = VarVector).</summary>
    public static TestColumn Numbers(string name, int[] dimensions, params float[][] rows)
    {
        VectorDataViewType type = dimensions.Length == 0
            ? new(NumberDataViewType.Single)
            : new(NumberDataViewType.Single, dimensions);
        return Of(name, type, Dense(rows));
    }

    /// <summary>The same values, said to be one-hot steps as OneHotSequenceEncoding says it.</summary>
    public TestColumn AsOneHot()
    {
        var builder = new DataViewSchema.Annotations.Builder();
        builder.AddPrimitiveValue("SequenceKind", TextDataViewType.Instance, "OneHot".AsMemory());
        return this with { Declared = new(Name, Declared.Type, builder.ToAnnotations()) };
    }

    /// <summary>The same values, stored the other way: dense vectors as sparse ones.</summary>
    public TestColumn AsSparse() => Values switch
    {
        VBuffer<float>[] rows => this with { Values = Array.ConvertAll(rows, Sparse) },
        VBuffer<uint>[] rows => this with { Values = Array.ConvertAll(rows, Sparse) },
        VBuffer<int>[] rows => this with { Values = Array.ConvertAll(rows, Sparse) },
        _ => this,
    };

    public static VBuffer<T>[] Dense<T>(T[][] rows) => Array.ConvertAll(rows, row => new VBuffer<T>(row.Length, row));

    public static VBuffer<T> Sparse<T>(VBuffer<T> row) where T : IEquatable<T>
    {
        T[] values = [.. row.DenseValues()];
        int[] active = [.. Enumerable.Range(0, values.Length).Where(i => !values[i].Equals(default!))];
        // A full vector counts as dense; an all-zero one has no indices.
        return new VBuffer<T>(values.Length, active.Length, [.. active.Select(i => values[i])], active);
    }
}

/// <summary>A view over arrays that counts how often each column is read and hands out real parallel cursors.</summary>
internal sealed class TestView : IDataView
{
    private readonly TestColumn[] _columns;
    private readonly int _count;

    public TestView(params TestColumn[] columns)
    {
        _columns = columns;
        _count = columns[0].Values.Length;
        Assert.All(columns, column => Assert.Equal(_count, column.Values.Length));
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns.Select(column => column.Declared));
        Schema = builder.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public IReadOnlyList<TestColumn> Columns => _columns;

    public bool CanShuffle => false;

    /// <summary>Reads so far, by column.</summary>
    public ConcurrentDictionary<string, int> Reads { get; } = new();

    public TestView TakeNone() => new([.. _columns.Select(column =>
        column with { Values = Array.CreateInstance(column.Values.GetType().GetElementType()!, 0) })]);

    public long? GetRowCount() => _count;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, columnsNeeded, 0, 1);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null)
    {
        DataViewSchema.Column[] needed = [.. columnsNeeded];
        return [.. Enumerable.Range(0, Math.Max(1, n)).Select(i => new Cursor(this, needed, i, Math.Max(1, n)))];
    }

    private sealed class Cursor(TestView view, IEnumerable<DataViewSchema.Column> needed, int first, int stride)
        : DataViewRowCursor
    {
        private readonly HashSet<int> _active = [.. needed.Select(column => column.Index)];
        private int _row = -1;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => _row < 0 ? -1 : (_row - first) / stride;

        public override long Batch => _row;

        public override bool MoveNext()
        {
            _row = _row < 0 ? first : _row + stride;
            return _row < view._count;
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId id) => id = new((ulong)_row, 0);

        public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Assert.True(IsColumnActive(column), $"'{column.Name}' is read without having been asked for");
            var values = (TValue[])view._columns[column.Index].Values;
            return (ref TValue value) =>
            {
                view.Reads.AddOrUpdate(column.Name, 1, (_, count) => count + 1);
                Copy(in values[_row], ref value);
            };
        }

        // Two vectors never share arrays: the receiver may write into its own.
        private static void Copy<T>(in T source, ref T target)
        {
            switch (source)
            {
                case VBuffer<float> row:
                    row.CopyTo(ref System.Runtime.CompilerServices.Unsafe.As<T, VBuffer<float>>(ref target));
                    break;
                case VBuffer<uint> row:
                    row.CopyTo(ref System.Runtime.CompilerServices.Unsafe.As<T, VBuffer<uint>>(ref target));
                    break;
                case VBuffer<int> row:
                    row.CopyTo(ref System.Runtime.CompilerServices.Unsafe.As<T, VBuffer<int>>(ref target));
                    break;
                default:
                    target = source;
                    break;
            }
        }
    }
}
