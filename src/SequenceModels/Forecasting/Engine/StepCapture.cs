using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;

namespace SequenceModels.Forecasting;

/// <summary>
/// The end of a step's way through the transforms before a forecast: whoever reads its one column takes the step's series and
/// numbers. Nothing is read that is not needed: of a step that is still to come, what is to be forecast may be anything.
/// </summary>
internal sealed class StepCapture(ForecastTransformer forecasting, KeptColumn[] kept) : RowPart
{
    public const string Taken = nameof(Taken);

    private readonly int _time = Array.FindIndex(kept, column => column.Name == forecasting.Columns.Time);
    private readonly int _firstAhead = forecasting.ForecastModel.Spec.Targets + forecasting.ForecastModel.Spec.Past;
    private readonly int _ahead = forecasting.ForecastModel.Spec.Future;

    /// <summary>
    /// Whether the step is still to come: series, time and covariates that are known ahead are all that is read.
    /// </summary>
    public bool IsAhead { get; set; }

    /// <summary>Which of several steps it is; null: it comes alone.</summary>
    public int? Place { get; set; }

    /// <summary>[N]; of a step still to come only what is known ahead.</summary>
    public float[] Numbers { get; } = new float[forecasting.ForecastModel.Spec.StepSize];

    /// <summary>The numbers that are known ahead.</summary>
    public Span<float> Ahead => Numbers.AsSpan(_firstAhead, _ahead);

    /// <summary>A value for each kept column; of a step still to come only its time.</summary>
    public StepValue[] Values { get; } = KeptColumn.NewValues(kept);

    /// <summary>Of the step; null where there is no column of times.</summary>
    public StepValue? Time => _time < 0 ? null : Values[_time];

    /// <summary>Room for a time.</summary>
    public StepValue NewTime() => kept[_time].NewValue();

    /// <summary>Throws unless the step comes after the last one of its series.</summary>
    /// <exception cref="InvalidOperationException">It comes before, or at the same time.</exception>
    public void RequireAfter(EngineSeries series)
    {
        if (Time is not { } time)
            return;
        int order = time.CompareTo(series.Last[_time]);
        if (order == 0)
            throw TimeFaults.Doubled(forecasting.Columns, time.ToString()!, series.Name);
        if (order < 0)
            throw TimeFaults.NotAfter(forecasting.Columns, time, series.Last[_time], series.Name, IsAhead);
    }

    /// <summary>The name of the step's series, until the next step.</summary>
    public ReadOnlyMemory<char> Series { get; private set; }

    public override IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema)
    {
        var output = new DataViewSchema.Builder();
        output.AddColumn(Taken, BooleanDataViewType.Instance);
        ForecastColumns columns = forecasting.Columns;
        DataViewSchema.Column[] numbers = columns.Numbers(inputSchema),
            values = Array.ConvertAll(kept, column => inputSchema[column.Name]);
        DataViewSchema.Column? series = columns.SeriesIn(inputSchema);
        var needed = numbers.Concat(values).Concat(new[] { series, columns.TimeIn(inputSchema) }.OfType<DataViewSchema.Column>())
            .DistinctBy(column => column.Index);
        return new Mapper(inputSchema, output.ToSchema(), [.. needed], (row, _) => MakeGetter(row, numbers, series, values));
    }

    private ValueGetter<bool> MakeGetter(DataViewRow row, DataViewSchema.Column[] numbers, DataViewSchema.Column? series,
        DataViewSchema.Column[] values)
    {
        ForecastColumns columns = forecasting.Columns;
        bool needPositive = forecasting.ForecastModel.Spec.IsLog;
        DataViewSchema.Column[] ahead = [.. numbers.Where(column => columns.Future.Contains(column.Name))];
        var steps = new StepReader(row, columns, needPositive);
        var aheadNumbers = new NumbersReader(row, ahead);
        var seriesReader = SeriesReader.Of(row, series);
        Action<StepValue>[] readers = [.. values.Select((column, i) => Values[i].Reader(row, column))];
        return (ref bool taken) =>
        {
            Series = seriesReader.ReadName();
            if (IsAhead)
            {
                aheadNumbers.Read(Ahead);
                SeriesTable.Check(Ahead, ahead, targets: 0, needPositive: false, Place);
            }
            else
                steps.Read(Numbers, Place);
            for (int i = 0; i < readers.Length; i++)
                if (!IsAhead || i == _time)
                    readers[i](Values[i]);
            if (Time is { IsMissing: true })
                throw TimeFaults.Missing(columns.Time, Place);
            taken = true;
        };
    }
}
