using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Forecasting;
using SequenceModels.Interop;
using SequenceModels.Trainers;

[assembly: LoadableClass(typeof(ForecastTransformer), typeof(ForecastTransformer), null,
    typeof(SignatureLoadModel), "", ForecastTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>
/// A trained network that forecasts: adds to each row a forecast of the steps after it, made from the steps of its series up to
/// and including it, and a lower and an upper bound.
/// </summary>
/// <remarks>
/// <para>
/// Columns: forecast, lower and upper bound, each <c>Vector&lt;Single, horizon&gt;</c>; of several targets [horizon, targets],
/// step after step. A row has NaN in all of them where its series has not yet as many steps as a window, where a target has no
/// value in the whole window, or where something is missing that is to be known ahead.
/// </para>
/// <para>
/// Nothing of later rows is looked at but the covariates known ahead, and so not whether a target is ever observed again: a row
/// whose target is missing stands in a gap and has the last known value, until the next is observed. The forecast of the future
/// is that of the last row whose target is there.
/// </para>
/// <para>
/// The values of a row depend on other rows: this is no row-to-row mapper. <c>Transform</c> reads its input into memory when the
/// first forecast is asked for, and once more for the other columns; for rows that arrive one by one use
/// <c>CreateForecastEngine</c>. Safe to share between threads.
/// </para>
/// </remarks>
public sealed class ForecastTransformer : ITransformer, INetworkTransformer
{
    internal const string LoaderSignature = "SequenceForecast";
    private static readonly ModelFormat Format = new("SEQFORCA", 1, LoaderSignature);

    private readonly IHost _host;

    internal ForecastTransformer(IHostEnvironment environment, ForecastColumns columns, ForecastModel forecast,
        SequenceModelParameters model, ForecastEngineState trained)
    {
        _host = environment.Register(nameof(ForecastTransformer));
        (Columns, ForecastModel, Model, TrainedState) = (columns, forecast, model, trained);
        model.Forecast = forecast;
    }

    /// <summary>
    /// The model that a training has left in its checkpoint, of the best weights so far: those of the epoch with the best figure
    /// of the validation rows (<see cref="TrainingOptions.SelectBy"/>), or without validation rows the last ones. Complete, but
    /// that its report lacks what is measured on rows.
    /// </summary>
    /// <param name="mlContext">The context that the model will be at home in.</param>
    /// <param name="path">The training's <see cref="TrainingOptions.CheckpointPath"/>; the file is left as it is.</param>
    /// <exception cref="InvalidDataException">
    /// The file is no checkpoint, or damaged, or of a training of another kind; the message says of what.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file: a training that ends well deletes it.</exception>
    public static ForecastTransformer FromCheckpoint(MLContext mlContext, string path) =>
        CheckpointModel.Read(mlContext, path, Format, Create);

    /// <summary>What was learned. The network's outputs are on the scale of a window.</summary>
    public SequenceModelParameters Model { get; }

    /// <summary>
    /// What forecasts: the network, and how steps become its frames and its outputs forecasts. Usable without ML.NET.
    /// </summary>
    public ForecastModel ForecastModel { get; }

    /// <summary>Steps in a window.</summary>
    public int WindowSize => ForecastModel.Spec.WindowSize;

    /// <summary>Steps in a forecast.</summary>
    public int Horizon => ForecastModel.Spec.Horizon;

    /// <summary>The share of future values that should lie between the bounds.</summary>
    public float ConfidenceLevel => ForecastModel.Spec.ConfidenceLevel;

    /// <summary>The columns that are forecast.</summary>
    public IReadOnlyList<string> TargetColumnNames => Columns.Targets;

    /// <summary>Always false: a forecast depends on rows before its own.</summary>
    public bool IsRowToRowMapper => false;

    /// <summary>
    /// The same model with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new transformer; this one is left as it is.</returns>
    public ForecastTransformer WithEightBitWeights()
    {
        SequenceModelParameters model = Model.WithEightBitWeights();
        return new ForecastTransformer(_host, Columns, ForecastModel.With(model.Network), model, TrainedState);
    }

    ITransformer INetworkTransformer.WithEightBitWeights() => WithEightBitWeights();

    internal ForecastColumns Columns { get; }

    /// <summary>The state of the training rows' series after their last observation: what an engine begins with.</summary>
    internal ForecastEngineState TrainedState { get; }

    /// <summary>The columns whose values at the last steps are known.</summary>
    internal KeptColumn[] TrainedColumns => TrainedState.Columns;

    /// <summary>The last steps of a series of the training rows: what <see cref="ForecastModel"/> goes on from.</summary>
    /// <param name="series">The text of the series' value. Null: the only one.</param>
    /// <exception cref="ArgumentException">There is no such series, or there are several and none is named.</exception>
    public ForecastState CreateState(string? series = null) =>
        (series is null ? TrainedState.Only() : TrainedState.Require(series)).Steps.Copy();

    /// <summary>The columns that <see cref="Transform"/> would give for data of this schema.</summary>
    /// <param name="inputSchema">Schema of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has the wrong type.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        Columns.RequireSame(inputSchema, Model.Names);
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(inputSchema);
        builder.AddColumns(Columns.Outputs(Horizon));
        return builder.ToSchema();
    }

    /// <summary>Throws: a forecast depends on rows before its own.</summary>
    /// <param name="inputSchema">Schema of the input.</param>
    /// <exception cref="NotSupportedException">Always.</exception>
    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException(
        "A forecast depends on the rows before its own. Use CreateForecastEngine instead of a prediction engine, or Transform.");

    /// <summary>A view of the input with a forecast for each row; nothing is computed before it is read.</summary>
    /// <param name="input">A row a step; left as it is.</param>
    /// <exception cref="ArgumentOutOfRangeException">An input column is missing or has the wrong type.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var view = new ForecastDataView(input, this, GetOutputSchema(input.Schema), _host);
        return ConvertibleView.Of(view, input, this, _ => throw new NotSupportedException(
            "A forecast depends on the rows before its own, which a pipeline in ONNX does not know. Export the network " +
            "(Model.Network.ExportOnnx), which reads windows, or convert the pipeline without the forecaster."));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => ModelStreams.Save(ctx, Format, Write);

    /// <summary>All of it, as <see cref="FromCheckpoint"/> finds it.</summary>
    internal byte[] ToBytes() => ModelStreams.Bytes(Format, Write);

    private void Write(PayloadWriter writer)
    {
        Columns.Write(writer);
        ForecastFile.Write(ForecastModel, writer);
        Model.Write(writer);
        TrainedState.Write(writer);
    }

    // Found by its name and parameters when a model file is loaded.
    private static ForecastTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader =>
        {
            ForecastColumns columns = ForecastColumns.Read(reader);
            SequenceModelParameters? model = null;
            ForecastModel forecast = ForecastFile.Read(reader, rest => (model = SequenceModelParameters.Read(rest)).Network);
            long WidthOf(string[] names, int before) =>
                columns.Widths.Skip(before).Take(names.Length).Sum(width => Math.Max(1L, width));
            if (WidthOf(columns.Past, 0) + CalendarEncoding.SizeOf(columns.Calendar) != forecast.Spec.Past ||
                WidthOf(columns.Future, columns.Past.Length) != forecast.Spec.Future ||
                WidthOf(columns.Static, columns.Past.Length + columns.Future.Length) != forecast.Spec.Static)
                throw reader.Invalid("its columns have other widths than the network reads");
            if (columns.Targets.Length != forecast.Spec.Targets)
                throw reader.Invalid(Invariant($"it names {Counted.Of(columns.Targets.Length, "column")} to forecast where ") +
                    Invariant($"the network has {forecast.Spec.Targets}"));
            var trained = ForecastEngineState.Read(reader, forecast.Spec, columns);
            // Training had a window; so the size of windows is paid for in the file.
            return trained.HasWindow ? new ForecastTransformer(environment, columns, forecast, model!, trained)
                : throw reader.Invalid(Invariant($"none of its series has the {forecast.Spec.HistorySize} steps that a window ") +
                "is made of");
        });
}
