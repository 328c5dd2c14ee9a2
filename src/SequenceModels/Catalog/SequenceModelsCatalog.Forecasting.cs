using Microsoft.ML.Data;
using SequenceModels;
using SequenceModels.Cells;
using SequenceModels.Forecasting;
using SequenceModels.Interop;

namespace Microsoft.ML;

public static partial class SequenceModelsCatalog
{
    /// <summary>
    /// Forecasts time series by an LSTM: any number of series, targets and covariates, all steps of the horizon at once,
    /// with bounds.
    /// </summary>
    /// <param name="catalog">The catalog that the estimator is made in.</param>
    /// <param name="outputColumnName">
    /// The new column of forecasts: <c>Vector&lt;Single, horizon&gt;</c>, or of several targets [horizon, targets].
    /// Two more columns hold the bounds: see <see cref="ForecastOptions.ConfidenceLowerBoundColumn"/>.
    /// </param>
    /// <param name="inputColumnNames">The targets, columns of Single; NaN is a missing value. A row is a step.</param>
    /// <param name="windowSize">Steps that a forecast is made from, at least 1.</param>
    /// <param name="horizon">Steps that are forecast, at least 1.</param>
    /// <param name="options">Shape of the network, training, and the other columns. Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of its range; the message names it.</exception>
    /// <exception cref="ArgumentException">A column is named twice, or options do not go together.</exception>
    /// <remarks>
    /// A direct multi-step forecast: each step of the horizon has outputs of its own. Where covariates are known ahead,
    /// the network reads them after the window, before it answers.
    /// </remarks>
    public static ForecastTrainer ForecastByLstm(this ForecastingCatalog catalog, string outputColumnName,
        string[] inputColumnNames,
        int windowSize, int horizon, ForecastOptions? options = null) =>
        new(Environments.Of(catalog), LstmCell.CellName, outputColumnName, inputColumnNames, windowSize, horizon, options);

    /// <summary>Forecasts time series by a GRU.</summary>
    /// <inheritdoc cref="ForecastByLstm"/>
    public static ForecastTrainer ForecastByGru(this ForecastingCatalog catalog, string outputColumnName,
        string[] inputColumnNames,
        int windowSize, int horizon, ForecastOptions? options = null) =>
        new(Environments.Of(catalog), GruCell.CellName, outputColumnName, inputColumnNames, windowSize, horizon, options);

    /// <summary>Forecasts time series by an RNN with tanh.</summary>
    /// <inheritdoc cref="ForecastByLstm"/>
    public static ForecastTrainer ForecastByRnn(this ForecastingCatalog catalog, string outputColumnName,
        string[] inputColumnNames,
        int windowSize, int horizon, ForecastOptions? options = null) =>
        new(Environments.Of(catalog), RnnCell.CellName, outputColumnName, inputColumnNames, windowSize, horizon, options);

    /// <summary>An engine that forecasts series whose steps arrive one by one.</summary>
    /// <typeparam name="TIn">A step: properties for the columns that the model, or the transforms around it, read.</typeparam>
    /// <typeparam name="TOut">
    /// A forecast: float[] properties named as its columns, and where wanted others for columns of the last step.
    /// </typeparam>
    /// <param name="transformer">A fitted forecast, or a chain with one in it; the transforms around it work row by row.</param>
    /// <param name="mlContext">The context.</param>
    /// <param name="ignoreMissingColumns">
    /// Whether properties of TOut for which there is no column stay as they are. Default: an error.
    /// </param>
    /// <param name="inputSchemaDefinition">Columns of TIn; null: as its properties and their attributes say.</param>
    /// <param name="outputSchemaDefinition">Columns of TOut; null: as its properties and their attributes say.</param>
    /// <exception cref="ArgumentException">
    /// There is no forecast in the chain, or more than one; a transform does not work row by row, or needs a column that steps do
    /// not have, or that cannot be kept of a series' last step. The message names both.
    /// </exception>
    /// <exception cref="InvalidOperationException">A property of TOut has another type than its column.</exception>
    public static ForecastEngine<TIn, TOut> CreateForecastEngine<TIn, TOut>(this ITransformer transformer, MLContext mlContext,
        bool ignoreMissingColumns = false, SchemaDefinition? inputSchemaDefinition = null,
        SchemaDefinition? outputSchemaDefinition = null)
        where TIn : class where TOut : class, new()
    {
        ArgumentNullException.ThrowIfNull(transformer);
        ArgumentNullException.ThrowIfNull(mlContext);
        return new ForecastEngine<TIn, TOut>(new(mlContext, ForecastPipeline.Of(transformer), ignoreMissingColumns,
            inputSchemaDefinition,
            outputSchemaDefinition));
    }
}
