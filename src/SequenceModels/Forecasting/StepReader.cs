using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;

namespace SequenceModels.Forecasting;

/// <summary>
/// Reads the numbers of observed steps: those of columns, and those of the calendar behind what is known until now.
/// </summary>
internal sealed class StepReader
{
    private readonly (NumbersReader Reader, DataViewSchema.Column[] Columns, int Size) _before, _after;
    private readonly CalendarFeatures _calendar;
    private readonly Func<DateTime>? _readTime;
    private readonly int _targets, _calendarSize;
    private readonly bool _needPositive;

    /// <param name="row">Where the columns are read; they are active.</param>
    /// <param name="columns">Which they are.</param>
    /// <param name="needPositive">Whether targets are logarithms later.</param>
    public StepReader(DataViewRow row, ForecastColumns columns, bool needPositive)
    {
        (_targets, _needPositive, _calendar) = (columns.Targets.Length, needPositive, columns.Calendar);
        _calendarSize = CalendarEncoding.SizeOf(_calendar);
        DataViewSchema.Column[] numbers = columns.Numbers(row.Schema);
        (NumbersReader, DataViewSchema.Column[], int) Part(DataViewSchema.Column[] part) =>
            (new NumbersReader(row, part), part, part.Sum(NumbersReader.SizeOf));
        int until = columns.Targets.Length + columns.Past.Length;
        (_before, _after) = (Part(numbers[..until]), Part(numbers[until..]));
        if (_calendar != CalendarFeatures.None)
            _readTime = TimeOf(row, columns.TimeIn(row.Schema)!.Value);
    }

    /// <summary>N.</summary>
    public int Size => _before.Size + _calendarSize + _after.Size;

    /// <summary>Fills [N] with the present row's numbers.</summary>
    /// <param name="step">Written.</param>
    /// <param name="row">Which row of several it is; null: it comes alone.</param>
    /// <exception cref="InvalidOperationException">A number is one that no step may have.</exception>
    public void Read(Span<float> step, int? row)
    {
        _before.Reader.Read(step[.._before.Size]);
        SeriesTable.Check(step[.._before.Size], _before.Columns, _targets, _needPositive, row);
        if (_readTime is not null)
            CalendarEncoding.Encode(_calendar, _readTime(), step.Slice(_before.Size, _calendarSize));
        Span<float> after = step[(_before.Size + _calendarSize)..];
        _after.Reader.Read(after);
        SeriesTable.Check(after, _after.Columns, targets: 0, _needPositive, row);
    }

    private static Func<DateTime> TimeOf(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type == DateTimeDataViewType.Instance)
        {
            ValueGetter<DateTime> get = row.GetGetter<DateTime>(column);
            DateTime time = default;
            return () =>
            {
                get(ref time);
                return time;
            };
        }
        ValueGetter<DateTimeOffset> getOffset = row.GetGetter<DateTimeOffset>(column);
        DateTimeOffset offset = default;
        return () =>
        {
            getOffset(ref offset);
            return offset.DateTime;
        };
    }
}
