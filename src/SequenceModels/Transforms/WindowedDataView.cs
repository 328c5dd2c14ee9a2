using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Sequences;

namespace SequenceModels.Transforms;

/// <summary>
/// A table with one row a step, seen as a table with one row a window of steps. Nothing is read before a cursor moves, and a
/// cursor holds no more than one window of each series.
/// </summary>
internal sealed class WindowedDataView : IDataView
{
    public const string Features = "Features", Label = "Label", Future = "Future";

    private readonly IChannelProvider _log;
    private int _isWarned;

    /// <param name="input">One row a step, the steps of a series in their order.</param>
    /// <param name="columnNames">The columns of a step's numbers; the first number of the first is the one to predict.</param>
    /// <param name="size">What a window holds.</param>
    /// <param name="seriesColumnName">Which series a step belongs to; null: all are of one.</param>
    /// <param name="log">Told of series that make no window.</param>
    public WindowedDataView(IDataView input, string[] columnNames, WindowSize size, string? seriesColumnName,
        IChannelProvider log)
    {
        _log = log;
        Input = input;
        Size = size;
        Numbers = [.. columnNames.Select(name => input.Schema.Find(name, NumbersReader.Rule))];
        Series = seriesColumnName is null ? null : input.Schema.Find(seriesColumnName, SeriesReader.Rule);
        NumbersOfStep = Numbers.Sum(NumbersReader.SizeOf);
        WindowLimits.Require(size.Steps, size.Horizon, NumbersOfStep, (long)size.Steps + size.Horizon, NumbersOfStep);
        var schema = new DataViewSchema.Builder();
        schema.AddColumns(input.Schema);
        schema.AddColumn(Features, new VectorDataViewType(NumberDataViewType.Single, size.Steps, NumbersOfStep));
        if (size.Horizon > 0)
        {
            schema.AddColumn(Label, NumberDataViewType.Single);
            schema.AddColumn(Future, new VectorDataViewType(NumberDataViewType.Single, size.Horizon, NumbersOfStep));
        }
        Schema = schema.ToSchema();
    }

    public IDataView Input { get; }

    public WindowSize Size { get; }

    /// <summary>The columns of the input that a step's numbers are from.</summary>
    public DataViewSchema.Column[] Numbers { get; }

    public DataViewSchema.Column? Series { get; }

    /// <summary>F.</summary>
    public int NumbersOfStep { get; }

    public DataViewSchema Schema { get; }

    /// <summary>Windows are made of consecutive rows: shuffle them afterwards.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => null;

    /// <summary>Tells, once, of series that ended before they made a window.</summary>
    /// <param name="names">Of all series.</param>
    /// <param name="counts">How many steps each has.</param>
    public void WarnOfShort(IReadOnlyList<string> names, IReadOnlyList<long> counts)
    {
        if (ShortSeries.Describe(names, counts, Size.Steps + Size.Horizon, "",
            "no window is made there (windowSize and horizon)") is not { } text ||
            Interlocked.Exchange(ref _isWarned, 1) != 0)
            return;
        using IChannel channel = _log.Start("Windows");
        channel.Warning(MessageSensitivity.None, "{0}", text);
    }

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new WindowCursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];
}

/// <summary>How many steps a window holds.</summary>
/// <param name="Steps">Of the past, the present one included.</param>
/// <param name="Horizon">Of the future that is to be predicted.</param>
/// <param name="Stride">From the first step of a window to that of the next.</param>
internal readonly record struct WindowSize(int Steps, int Horizon, int Stride);
