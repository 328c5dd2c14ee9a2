using System.Globalization;
using System.Numerics;
using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Columns;

/// <summary>
/// Tells which series a row belongs to, by the text of a value: a key's is that of its KeyValues. Series are numbered from 0 in
/// the order of their first rows.
/// </summary>
internal abstract class SeriesReader
{
    private const BindingFlags Private = BindingFlags.NonPublic | BindingFlags.Static;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<string> _names = [];

    /// <summary>What a series is named by.</summary>
    public static ColumnRule Rule { get; } = new("one value: a key, a text or a number",
        column => column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is PrimitiveDataViewType);

    /// <summary>The series so far, as text.</summary>
    public IReadOnlyList<string> Names => _names;

    /// <summary>The number of the present row's series.</summary>
    /// <exception cref="InvalidOperationException">The row belongs to none.</exception>
    public int Read()
    {
        ReadOnlySpan<char> name = ReadName().Span;
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> numbers = _numbers.GetAlternateLookup<ReadOnlySpan<char>>();
        if (numbers.TryGetValue(name, out int number))
            return number;
        _names.Add(name.ToString());
        return _numbers[_names[^1]] = _names.Count - 1;
    }

    /// <summary>The name of the present row's series, until the next one is read. No series is remembered.</summary>
    /// <exception cref="InvalidOperationException">The row belongs to none.</exception>
    public abstract ReadOnlyMemory<char> ReadName();

    /// <param name="row">Where the column is read.</param>
    /// <param name="column">Its active column of series; null: all rows are of one series, which has no name.</param>
    public static SeriesReader Of(DataViewRow row, DataViewSchema.Column? column)
    {
        if (column is not { } series)
            return new OneSeries();
        if (series.Type is TextDataViewType)
            return new TextSeries(row, series);
        Type type = series.Type.RawType;
        string make = series.Type is KeyDataViewType ? nameof(OfKeys)
            : type.IsAssignableTo(typeof(ISpanFormattable)) ? nameof(OfNumbers)
            : nameof(OfValues);
        return (SeriesReader)typeof(SeriesReader).GetMethod(make, Private)!.MakeGenericMethod(type)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [row, series], null)!;
    }

    private static KeySeries<T> OfKeys<T>(DataViewRow row, DataViewSchema.Column column) where T : IBinaryInteger<T> =>
        new(row, column);

    private static NumberSeries<T> OfNumbers<T>(DataViewRow row, DataViewSchema.Column column) where T : ISpanFormattable =>
        new(row, column);

    private static ValueSeries<T> OfValues<T>(DataViewRow row, DataViewSchema.Column column) => new(row, column);

    /// <summary>The row of a table has a number; one that comes alone has none.</summary>
    private static InvalidOperationException NoSeries(DataViewRow row, DataViewSchema.Column column, string why, string mend)
    {
        string place = row is DataViewRowCursor ? Invariant($", row {row.Position} (counted from 0)") : "";
        return new($"Column '{column.Name}'{place}: {why}, and the row belongs to no series. {mend}");
    }

    private sealed class OneSeries : SeriesReader
    {
        public override ReadOnlyMemory<char> ReadName() => default;
    }

    private sealed class TextSeries(DataViewRow row, DataViewSchema.Column column) : SeriesReader
    {
        private readonly ValueGetter<ReadOnlyMemory<char>> _get = row.GetGetter<ReadOnlyMemory<char>>(column);
        private ReadOnlyMemory<char> _value;

        public override ReadOnlyMemory<char> ReadName()
        {
            _get(ref _value);
            return _value;
        }
    }

    private sealed class KeySeries<T> : SeriesReader where T : IBinaryInteger<T>
    {
        private readonly DataViewRow _row;
        private readonly DataViewSchema.Column _column;
        private readonly ValueGetter<T> _get;

        /// <summary>What the keys from 1 stand for; of more keys than these nothing is known but the number.</summary>
        private readonly string[] _values;
        private T _key = default!;

        public KeySeries(DataViewRow row, DataViewSchema.Column column)
        {
            (_row, _column, _get) = (row, column, row.GetGetter<T>(column));
            ClassNames? names = ClassNames.Of(column);
            _values = [.. Enumerable.Range(0, names?.Count ?? 0).Select(key => names!.TextOf(key))];
        }

        public override ReadOnlyMemory<char> ReadName()
        {
            _get(ref _key);
            ulong key = ulong.CreateTruncating(_key);
            if (key == 0)
                throw Missing();
            return (key <= (ulong)_values.Length ? _values[key - 1] : key.ToString(CultureInfo.InvariantCulture)).AsMemory();
        }

        private InvalidOperationException Missing() => NoSeries(_row, _column, "the key is 0: " + (_values.Length == 0
            ? "it is missing"
            : Invariant($"its value is missing, or none of the {_values.Length} that the keys were made of")),
            "A column of keys knows no series but those. Leave such rows out; or, where new series come, name the text or " +
            "number that the keys are made of.");
    }

    private sealed class NumberSeries<T>(DataViewRow row, DataViewSchema.Column column) : SeriesReader where T : ISpanFormattable
    {
        /// <summary>Longer than any number or time.</summary>
        private readonly char[] _text = new char[64];
        private readonly ValueGetter<T> _get = row.GetGetter<T>(column);

        /// <summary>A time with all that it has; a number's shortest text is exact.</summary>
        private readonly string? _format = typeof(T) == typeof(DateTime) || typeof(T) == typeof(DateTimeOffset) ? "O" : null;
        private T _value = default!;

        public override ReadOnlyMemory<char> ReadName()
        {
            _get(ref _value);
            if (!_value.TryFormat(_text, out int length, _format, CultureInfo.InvariantCulture))
                return _value.ToString(_format, CultureInfo.InvariantCulture).AsMemory();
            ReadOnlyMemory<char> name = _text.AsMemory(0, length);
            return name.Span switch
            {
                "-0" => name[1..],
                "NaN" => throw NoSeries(row, column, "the number is missing (NaN)", "Leave such rows out, or name their series."),
                _ => name,
            };
        }
    }

    private sealed class ValueSeries<T>(DataViewRow row, DataViewSchema.Column column) : SeriesReader
    {
        private readonly ValueGetter<T> _get = row.GetGetter<T>(column);
        private T _value = default!;

        public override ReadOnlyMemory<char> ReadName()
        {
            _get(ref _value);
            return Convert.ToString(_value, CultureInfo.InvariantCulture).AsMemory();
        }
    }
}
