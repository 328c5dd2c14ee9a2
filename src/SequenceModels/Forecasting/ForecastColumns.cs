using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Trainers;

namespace SequenceModels.Forecasting;

/// <summary>The columns that a forecast is made from, and those that it makes.</summary>
internal sealed record ForecastColumns
{
    private const int MostCalendar = 2 * (int)CalendarFeatures.DayOfYear - 1;

    public static ColumnRule TargetRule { get; } = new("a Single (ConvertType makes one of other numbers)", column =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar && !column.IsKey && column.ItemType == NumberDataViewType.Single);

    private static ColumnRule TimeRule { get; } = new("one value that has an order, such as a date or a number", column =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar && column.ItemType is PrimitiveDataViewType);

    private static ColumnRule CalendarRule { get; } = new($"a DateTime or a DateTimeOffset, of which " +
        $"{nameof(ForecastOptions)}.{nameof(CalendarFeatures)} reads (ConvertType makes one of a text)", column =>
        column.Kind == SchemaShape.Column.VectorKind.Scalar &&
        (column.ItemType == DateTimeDataViewType.Instance || column.ItemType == DateTimeOffsetDataViewType.Instance));

    public required string Output { get; init; }

    public required string LowerBound { get; init; }

    public required string UpperBound { get; init; }

    public required string[] Targets { get; init; }

    public required string[] Past { get; init; }

    public required string[] Future { get; init; }

    public required string[] Static { get; init; }

    public required string? Time { get; init; }

    public required string? Series { get; init; }

    /// <summary>What is read of the time: numbers behind those of <see cref="Past"/>.</summary>
    public required CalendarFeatures Calendar { get; init; }

    /// <summary>
    /// Of each of <see cref="Covariates"/>, how many numbers it had in training, 0 for a column that is no vector. Empty: not
    /// known yet.
    /// </summary>
    public int[] Widths { get; init; } = [];

    private ColumnRule RuleOfTime => Calendar == CalendarFeatures.None ? TimeRule : CalendarRule;

    public IEnumerable<string> Covariates => [.. Past, .. Future, .. Static];

    /// <summary>Throws if a column is missing or does not fit.</summary>
    public void Check(SchemaShape schema)
    {
        foreach (string name in Targets)
            schema.Find(name, TargetRule);
        foreach (string name in Covariates)
            schema.Find(name, NumbersReader.Rule);
        if (Time is not null)
            schema.Find(Time, RuleOfTime);
        if (Series is not null)
            schema.Find(Series, SeriesReader.Rule);
    }

    /// <summary>The columns of a step's numbers in a schema: targets, past, future, static.</summary>
    public DataViewSchema.Column[] Numbers(DataViewSchema schema) =>
        [.. Targets.Select(name => schema.Find(name, TargetRule)),
        .. Covariates.Select(name => schema.Find(name, NumbersReader.Rule))];

    /// <summary>
    /// Tells what the slots of a covariate stand for, where ML.NET's OneHotEncoding made it of a value; else an empty text.
    /// </summary>
    private static string FingerprintOf(DataViewSchema.Column numbers) => KeyFingerprint.Of(OneHotSteps.CategoryNames(numbers));

    /// <summary>What the slots of the numbers stand for in a schema.</summary>
    public KeyFingerprints FingerprintsIn(DataViewSchema schema) => new([.. Numbers(schema).Select(FingerprintOf)], classes: "",
        slots: "");

    /// <summary>
    /// Throws unless the columns of a schema are those of training: each as wide, and with slots that stand for the same.
    /// </summary>
    /// <param name="schema">The schema.</param>
    /// <param name="names">Of the training rows.</param>
    /// <exception cref="ArgumentOutOfRangeException">One is missing, or another; the message names it.</exception>
    public void RequireSame(DataViewSchema schema, KeyFingerprints names)
    {
        DataViewSchema.Column[] numbers = Numbers(schema);
        TimeIn(schema);
        SeriesIn(schema);
        static string Words(int width) => width == 0 ? "one number" : Invariant($"a vector of {width}");
        foreach ((string name, int trained, int found) in Covariates.Zip(Widths, WidthsIn(schema)))
            if (found != trained)
                throw new ArgumentOutOfRangeException(nameof(schema),
                    $"Column '{name}' was {Words(trained)} in training, and is {Words(found)} " +
                    "here. Prepare the data with the transforms that were fitted on the training rows.");
        names.RequireSameKeys(numbers, (column, _) => FingerprintOf(column));
    }

    /// <summary>What <see cref="Widths"/> is in a schema.</summary>
    public int[] WidthsIn(DataViewSchema schema) =>
        [.. Covariates.Select(name => schema.Find(name, NumbersReader.Rule).Type is VectorDataViewType vector ? vector.Size : 0)];

    public DataViewSchema.Column? TimeIn(DataViewSchema schema) => Time is null ? null : schema.Find(Time, RuleOfTime);

    public DataViewSchema.Column? SeriesIn(DataViewSchema schema) =>
        Series is null ? null : schema.Find(Series, SeriesReader.Rule);

    /// <summary>The columns that are made: forecast, lower and upper bound, each [H] or, of several targets, [H, D].</summary>
    public DataViewSchema.DetachedColumn[] Outputs(int horizon)
    {
        VectorDataViewType type = Targets.Length == 1 ? new(NumberDataViewType.Single, horizon)
            : new(NumberDataViewType.Single, horizon, Targets.Length);
        return [new(Output, type), new(LowerBound, type), new(UpperBound, type)];
    }

    public void Write(PayloadWriter writer)
    {
        writer.Write(Output);
        writer.Write(LowerBound);
        writer.Write(UpperBound);
        foreach (string[] names in new[] { Targets, Past, Future, Static, Time is null ? [] : [Time], Series is null ? []
            : [Series] })
        {
            writer.Write(names.Length);
            foreach (string name in names)
                writer.Write(name);
        }
        foreach (int width in Widths)
            writer.Write(width);
        writer.Write((int)Calendar);
    }

    public static ForecastColumns Read(PayloadReader reader)
    {
        string[] Names()
        {
            string[] names = new string[reader.ReadCount("the number of columns", 1)];
            for (int i = 0; i < names.Length; i++)
                names[i] = reader.ReadString();
            return names.All(name => name.Length > 0) ? names : throw reader.Invalid("a column has no name");
        }
        var columns = new ForecastColumns
        {
            Output = reader.ReadString(),
            LowerBound = reader.ReadString(),
            UpperBound = reader.ReadString(),
            Targets = Names(),
            Past = Names(),
            Future = Names(),
            Static = Names(),
            Time = Names().FirstOrDefault(),
            Series = Names().FirstOrDefault(),
            Calendar = CalendarFeatures.None,
        };
        int[] widths = [.. columns.Covariates.Select(_ => reader.ReadInt32("the width of a column", 0, int.MaxValue))];
        columns = columns with
        {
            Widths = widths,
            Calendar = (CalendarFeatures)reader.ReadInt32("calendar features", 0, MostCalendar),
        };
        if (columns.Calendar != CalendarFeatures.None && columns.Time is null)
            throw reader.Invalid("it reads the calendar of a time, and has no column of times");
        return columns.Targets.Length > 0 && columns.Output.Length > 0 && columns.LowerBound.Length > 0 &&
            columns.UpperBound.Length > 0
            ? columns : throw reader.Invalid("it names no column to forecast, or none for the forecast");
    }
}
