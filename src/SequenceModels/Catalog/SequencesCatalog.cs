using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Diagnostics;
using SequenceModels.Scoring;
using SequenceModels.Trainers;
using SequenceModels.Transforms;

namespace SequenceModels;

/// <summary>What ML.NET has no catalog for; had from <c>mlContext.Sequences()</c>.</summary>
public sealed partial class SequencesCatalog
{
    private readonly IHostEnvironment _environment;

    internal SequencesCatalog(IHostEnvironment environment)
    {
        _environment = environment;
        LanguageModeling = new LanguageModelingCatalog(environment);
        Tagging = new TaggingCatalog(environment);
        Translation = new TranslationCatalog(environment);
        Transcription = new TranscriptionCatalog(environment);
    }

    /// <summary>A class for each token of a sequence.</summary>
    public TaggingCatalog Tagging { get; }

    /// <summary>From a sequence of tokens another one, of any length.</summary>
    public TranslationCatalog Translation { get; }

    /// <summary>What is said in a sequence of frames, such as speech.</summary>
    public TranscriptionCatalog Transcription { get; }

    /// <summary>Language models: what comes next in a text or a piece of music.</summary>
    public LanguageModelingCatalog LanguageModeling { get; }

    /// <summary>
    /// Fits a pipeline with a validation set of its own: each transform is fitted on the training rows alone, and prepares both;
    /// the trainer learns from the training rows and measures after each epoch on the validation rows.
    /// </summary>
    /// <typeparam name="TTransformer">
    /// What the pipeline's own Fit gives: of a chain a <see cref="TransformerChain{TLastTransformer}"/>.
    /// </typeparam>
    /// <param name="pipeline">
    /// A trainer of this library, or a chain with one: of classification, regression, tags, language models or forecasts. What
    /// stands behind it, such as MapKeyToValue or a calibrator, is fitted on its output of the training rows.
    /// </param>
    /// <param name="train">The rows to learn from, as they are before the first transform.</param>
    /// <param name="validation">
    /// The rows to measure on, with the columns that the pipeline reads of <paramref name="train"/>. The option
    /// ValidationFraction then has no effect.
    /// </param>
    /// <returns>
    /// The model that <c>pipeline.Fit(train)</c> would give, but for what the trainer does with validation rows: early stopping,
    /// the choice of the epoch, History, and the bounds of a forecast.
    /// </returns>
    /// <exception cref="ArgumentException">The pipeline has no trainer of this library in it.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column that the pipeline reads is missing, or has a type that does not fit; in the validation rows also one of another
    /// type than in the training rows. The message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">What the Fit of a transform or of the trainer throws.</exception>
    /// <exception cref="NotSupportedException">The version of ML.NET does not let its chains be taken apart.</exception>
    /// <remarks>
    /// Of a chain, AppendCacheCheckpoint keeps the training rows in memory as its Fit does. Trainers read rows once: a cache
    /// right before one has no use. WithOnFitDelegate calls back as always.
    /// </remarks>
    public TTransformer Fit<TTransformer>(IEstimator<TTransformer> pipeline, IDataView train, IDataView validation)
        where TTransformer : class, ITransformer
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(validation);
        return (TTransformer)ValidatedFit.Fit(pipeline, train, validation);
    }

    /// <summary>
    /// Feeds a trained network one step at a time: the score after each step is the one that the whole sequence so far would
    /// have, to the bit.
    /// </summary>
    /// <param name="model">
    /// A fitted transformer of this library's trainers, or a chain with one. The steps are what its feature column holds: keys
    /// or frames.
    /// </param>
    /// <returns>
    /// A stepper that threads may share. Its scores are those of the column Score: probabilities of the classes, the logit, or
    /// the value; of a language model the V + 1 probabilities of the next token, the unknown one's first, or those of the next
    /// frame's numbers.
    /// </returns>
    /// <exception cref="ArgumentException">There is no trained network in the model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The tokenization of the chain gives other keys than the network was trained on.
    /// </exception>
    /// <exception cref="NotSupportedException">
    /// The network is bidirectional, or reads several features at each step, or numbers of the whole row beside them.
    /// </exception>
    public SequenceStepper CreateStepper(ITransformer model)
    {
        (ISingleFeaturePredictionTransformer<SequenceModelParameters> found, IReadOnlyList<ITransformer> before) =
            ModelChain.FindLast<ISingleFeaturePredictionTransformer<SequenceModelParameters>>(model, "trained network");
        SequenceStepper stepper = found.Model.Network.CreateStepper();
        ModelChain.RequireSameKeys(found, before);
        return stepper;
    }

    /// <summary>
    /// Makes a vector of each sequence by a trained network, for ML.NET's KMeans, PCA, LightGbm or a search for similar ones: the
    /// pooled states, which the output layer reads; of a language model its state after the last step.
    /// </summary>
    /// <param name="outputColumnName">The column of the vectors: Single, of the fixed size HiddenSize for each direction.</param>
    /// <param name="model">
    /// A fitted classifier, regression or language model; or a chain with one, whose transformers before it then prepare the
    /// rows.
    /// </param>
    /// <exception cref="ArgumentException">There is no such network in the model.</exception>
    public SequenceFeaturizingEstimator Featurize(string outputColumnName, ITransformer model)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        (IFeaturizer found, IReadOnlyList<ITransformer> before) =
            ModelChain.FindLast<IFeaturizer>(model, "classifier, regression or language model");
        return new SequenceFeaturizingEstimator(
            new SequenceFeaturizingTransformer(_environment, outputColumnName, found.Features, found.Model), before);
    }

    /// <summary>Which tokens, or steps, of a row a prediction comes from, as data and as a page.</summary>
    /// <param name="model">
    /// A fitted transformer of binary classification, multiclass classification or regression, or a chain with one. The parts
    /// before it prepare the rows that are explained.
    /// </param>
    /// <exception cref="ArgumentException">There is no such transformer in the model.</exception>
    /// <remarks>Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017.</remarks>
    public SequenceExplainer Explain(ITransformer model)
    {
        (IExplainable found, IReadOnlyList<ITransformer> before) =
            ModelChain.FindLast<IExplainable>(model, "classifier or regression of sequences");
        return new SequenceExplainer(found, before);
    }

    /// <summary>Evaluation of forecasts.</summary>
    public ForecastCatalog Forecasting { get; } = new();

    /// <summary>A table with one row a step becomes a table with one row a sequence. Reads the data once, into memory.</summary>
    /// <param name="data">One row a step.</param>
    /// <param name="groupColumnName">Which sequence a step belongs to. Its steps need not stand together.</param>
    /// <param name="orderColumnName">
    /// The steps' order within a sequence, ascending; null: the order of the rows. Keys are in the order of their numbers, and
    /// texts in that of their characters: text that spells numbers or dates is refused where that is another order.
    /// </param>
    /// <param name="constantColumnNames">
    /// The columns of which a sequence has one value, such as its label; an error if one changes within a sequence. Null: none.
    /// What the others become does not depend on their values: each is a sequence.
    /// </param>
    /// <returns>
    /// A row for each sequence, in the order of first appearance. A scalar column becomes a vector [*], a vector column of size
    /// F becomes one of dimensions [*, F]; keys keep their values. The group column and the constant columns keep their type.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds vectors of different lengths.</exception>
    /// <exception cref="InvalidOperationException">
    /// A column of <paramref name="constantColumnNames"/> changes within a sequence; or the order column is text or keys, and
    /// spells numbers or dates in another order.
    /// </exception>
    public IDataView Group(IDataView data, string groupColumnName, string? orderColumnName = null,
        string[]? constantColumnNames = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(groupColumnName);
        return new GroupedDataView(data, groupColumnName, orderColumnName, constantColumnNames);
    }

    /// <summary>
    /// Tells what stops <c>Model.ConvertToOnnx</c> (package Microsoft.ML.OnnxConverter), which itself often does not: parts of
    /// this library and of ML.NET that cannot be written as ONNX, and why.
    /// </summary>
    /// <param name="model">A fitted transformer, or a chain of them.</param>
    /// <param name="inputSchema">Of the data that it takes.</param>
    /// <returns>A line for each obstacle, in the order of the pipeline; none where nothing stops it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column that the model reads is missing or of another type.</exception>
    /// <remarks>No row is read, and the package of the converter is not needed.</remarks>
    public IReadOnlyList<OnnxObstacle> ExplainOnnx(ITransformer model, DataViewSchema inputSchema)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputSchema);
        return OnnxExplainer.Explain(model, inputSchema);
    }

    /// <summary>
    /// A table with one row a step becomes a table with one row a window: sequences of one length, with what follows them as
    /// labels, for any trainer. Lazy: rows are read as windows are.
    /// </summary>
    /// <param name="data">
    /// One row a step, the steps of each series in their order; those of different series may alternate.
    /// </param>
    /// <param name="columnNames">
    /// The numbers of a step: columns of Single, or of vectors of Single of fixed size; F numbers in all.
    /// </param>
    /// <param name="windowSize">Steps in a window, at least 1.</param>
    /// <param name="horizon">
    /// Steps of the future that are given as labels; at least 0. With 0 there are none, and a window's label is that of its last
    /// row, as when the activity shown by a sensor is to be recognised.
    /// </param>
    /// <param name="seriesColumnName">
    /// Which series a step belongs to: no window has steps of two. Null: all rows are of one series.
    /// </param>
    /// <param name="stride">
    /// From the first step of a window to that of the next of its series, at least 1. Default 1: every window.
    /// </param>
    /// <returns>
    /// A row for each window whose steps and future are all there, in the order in which they become complete. It has the
    /// columns of the window's last row, and <c>Features</c>, the window as frames [windowSize, F]. With a horizon also
    /// <c>Label</c>, the first number of the step <paramref name="horizon"/> steps after the window (Single), and <c>Future</c>,
    /// all numbers of the steps up to it [horizon, F]; a column of the data that is called so is hidden by it. Missing values
    /// stay as they are, NaN.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is too small, or a column is missing or of a type that does not fit.
    /// </exception>
    public IDataView Windows(IDataView data, string[] columnNames, int windowSize, int horizon, string? seriesColumnName = null,
        int stride = 1)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(columnNames);
        if (columnNames.Length == 0)
            throw new ArgumentException("Name at least one column of numbers.", nameof(columnNames));
        if (windowSize < 1)
            throw new ArgumentOutOfRangeException(nameof(windowSize), InvariantText.Of(windowSize),
                "windowSize must be at least 1.");
        if (horizon < 0)
            throw new ArgumentOutOfRangeException(nameof(horizon), InvariantText.Of(horizon), "horizon must be at least 0.");
        if (stride < 1)
            throw new ArgumentOutOfRangeException(nameof(stride), InvariantText.Of(stride), "stride must be at least 1.");
        return new WindowedDataView(data, columnNames, new WindowSize(windowSize, horizon, stride), seriesColumnName,
            _environment);
    }
}
