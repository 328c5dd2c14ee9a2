using System.Globalization;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;

namespace SequenceModels.Transforms;

/// <summary>Tells which series a row belongs to. Series are numbered from 0 in the order of their first rows.</summary>
internal abstract class SeriesReader
{
    private static readonly MethodInfo Keyed = typeof(SeriesReader).GetMethod(nameof(OfValues), BindingFlags.NonPublic | BindingFlags.Static)!;

    private readonly List<string> _names = [];

    /// <summary>What a series is named by.</summary>
    public static ColumnRule Rule { get; } = new("one value: a key, a text or a number",
        column => column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is PrimitiveDataViewType);

    /// <summary>The series so far, as text.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of the present row's series.</summary>
    public abstract int Read();

    /// <param name="row">Where the column is read.</param>
    /// <param name="column">Its active column of series; null: all rows are of one series, which has no name.</param>
    public static SeriesReader Of(DataViewRow row, DataViewSchema.Column? column) => column is not { } series ? new OneSeries()
        : series.Type is TextDataViewType ? new TextSeries(row, series)
        : (SeriesReader)Keyed.MakeGenericMethod(series.Type.RawType).Invoke(null, [row, series])!;

    private int Add(string name)
    {
        _names.Add(name);
        return _names.Count - 1;
    }

    private static ValueSeries<T> OfValues<T>(DataViewRow row, DataViewSchema.Column column) where T : notnull => new(row, column);

    private sealed class OneSeries : SeriesReader
    {
        public override int Read() => _names.Count == 0 ? Add("") : 0;
    }

    private sealed class TextSeries(DataViewRow row, DataViewSchema.Column column) : SeriesReader
    {
        private readonly ValueGetter<ReadOnlyMemory<char>> _get = row.GetGetter<ReadOnlyMemory<char>>(column);
        private readonly Dictionary<string, int> _numbers = [];
        private ReadOnlyMemory<char> _value;

        public override int Read()
        {
            _get(ref _value);
            Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> numbers = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
            return numbers.TryGetValue(_value.Span, out int number) ? number : numbers[_value.Span] = Add(_value.ToString());
        }
    }

    private sealed class ValueSeries<T>(DataViewRow row, DataViewSchema.Column column) : SeriesReader where T : notnull
    {
        private readonly ValueGetter<T> _get = row.GetGetter<T>(column);
        private readonly ClassNames? _keys = column.Type is KeyDataViewType ? ClassNames.Of(column) : null;
        private readonly Dictionary<T, int> _numbers = [];
        private T _value = default!;

        public override int Read()
        {
            _get(ref _value);
            return _numbers.TryGetValue(_value, out int number) ? number : _numbers[_value] = Add(Name());
        }

        private string Name()
        {
            string text = Convert.ToString(_value, CultureInfo.InvariantCulture)!;
            if (column.Type is not KeyDataViewType)
                return text;
            long key = long.Parse(text, CultureInfo.InvariantCulture);
            if (key == 0)
                throw new InvalidOperationException($"Column '{column.Name}', row {row.Position} (counted from 0): the key is missing, and the row " +
                    "belongs to no series. Remove such rows, or name their series.");
            return _keys is not null && key <= _keys.Count ? _keys.TextOf((int)key - 1) : text;
        }
    }
}
