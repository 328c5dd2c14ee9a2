using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Prediction;
using SequenceModels.Scoring;
using SequenceModels.Trainers;

[assembly: LoadableClass(typeof(SequencePredictionTransformer), typeof(SequencePredictionTransformer), null,
    typeof(SignatureLoadModel), "", SequencePredictionTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>
/// A trained network at work: adds the columns Score, PredictedLabel and Probability that the task has, with the annotations
/// that ML.NET's evaluators, calibrators and MapKeyToValue look for.
/// </summary>
/// <remarks>
/// <para>
/// Safe to share between threads. A cursor of <c>Transform</c> reads its input in blocks, and scores a block on all processors
/// when its first score is asked for; while other threads score, the next block is read, always by the thread that uses the
/// cursor. A row's scores are, to the bit, those that it gets alone, and an error comes with the row that it belongs to. The
/// first block is one row, later ones have up to 1,024.
/// </para>
/// <para>
/// A prediction engine scores one row at a time on its own thread: the right choice where rows arrive one by one.
/// </para>
/// </remarks>
public sealed class SequencePredictionTransformer : RowTransformer,
    ISingleFeaturePredictionTransformer<SequenceModelParameters>, IFeaturizer, IExplainable, INetworkTransformer
{
    internal const string LoaderSignature = "SequencePrediction";
    private static readonly ModelFormat Format = new("SEQPREDI", 1, LoaderSignature);

    private readonly SequenceTask _task;
    private readonly SavedColumn[] _features;
    private readonly string? _rowFeatures;
    private readonly ClassNames? _names;
    private readonly float _threshold;

    internal SequencePredictionTransformer(IHostEnvironment environment, SequenceTask task, SequenceModelParameters model,
        SavedColumn[] features, string? rowFeatures, ClassNames? names, float threshold = 0)
        : base(environment, nameof(SequencePredictionTransformer))
    {
        _task = task;
        _features = features;
        _rowFeatures = rowFeatures;
        _names = names;
        _threshold = threshold;
        Model = model;
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
    public static SequencePredictionTransformer FromCheckpoint(MLContext mlContext, string path) =>
        CheckpointModel.Read(mlContext, path, Format, Create);

    /// <summary>What was learned.</summary>
    public SequenceModelParameters Model { get; }

    SavedColumn[] IFeaturizer.Features => _features;

    /// <summary>The column of sequences that the network reads; where it reads several, the first of them.</summary>
    public string FeatureColumnName => _features[0].Name;

    /// <summary>The columns that the network reads at each step, in the order given to the trainer.</summary>
    public IReadOnlyList<string> FeatureColumnNames => [.. _features.Select(feature => feature.Name)];

    /// <summary>
    /// The column of numbers of the whole row that the network reads beside the sequence; null where it reads none.
    /// </summary>
    public string? RowFeatureColumnName => _rowFeatures;

    /// <summary>The type that <see cref="FeatureColumnName"/> had in training.</summary>
    public DataViewType FeatureColumnType => _features[0].Type;

    /// <summary>
    /// The same binary model with another line between negative and positive: PredictedLabel is true where Score is above
    /// <paramref name="threshold"/>. Score and Probability stay as they are.
    /// </summary>
    /// <param name="threshold">
    /// In units of Score, the logit; 0 unless changed, which is a probability of one half. For a probability p, give ln(p / (1 -
    /// p)).
    /// </param>
    /// <returns>A new transformer; this one is left as it is.</returns>
    /// <exception cref="InvalidOperationException">The model is not one of binary classification.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threshold"/> is NaN or infinite.</exception>
    /// <remarks>
    /// As with ML.NET's ChangeModelThreshold, <c>BinaryClassification.Evaluate</c> looks at Score and draws its own line at 0.
    /// </remarks>
    public SequencePredictionTransformer WithThreshold(float threshold)
    {
        if (_task != SequenceTask.Binary)
            throw new InvalidOperationException($"{nameof(WithThreshold)} is for models of BinaryClassification; this one is " +
                $"of {_task.ScoreKind}.");
        if (!float.IsFinite(threshold))
            throw new ArgumentOutOfRangeException(nameof(threshold), InvariantText.Of(threshold),
                "The threshold must be a finite number.");
        return new SequencePredictionTransformer(Host, _task, Model, _features, _rowFeatures, _names, threshold);
    }

    /// <summary>
    /// The same model with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new transformer; this one is left as it is.</returns>
    public SequencePredictionTransformer WithEightBitWeights() =>
        new(Host, _task, Model.WithEightBitWeights(), _features, _rowFeatures, _names, _threshold);

    ITransformer INetworkTransformer.WithEightBitWeights() => WithEightBitWeights();

    private protected override IEnumerable<string> StepColumnNames => FeatureColumnNames;

    IRowExplainer IExplainable.BindExplainer(DataViewSchema inputSchema) => new PredictionExplainer(BindColumns(inputSchema),
        Model.Network, scores => _task.Decide(scores, _names, _threshold));

    /// <summary>The columns that the network reads, in rows of a schema.</summary>
    internal InputColumns BindColumns(DataViewSchema inputSchema)
    {
        EncoderNetworkSpec spec = Model.Network.Spec;
        InputColumns columns = SavedColumn.Bind(inputSchema, _features, spec.Inputs, Model.Characters, Model.Text,
            RowFeatureColumn.Bind(inputSchema, _rowFeatures, RowFeatureSizeOf(Model)));
        Model.Names.RequireSame(columns);
        return columns;
    }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        EncoderNetworkSpec spec = Model.Network.Spec;
        InputColumns columns = BindColumns(inputSchema);
        IEnumerable<DataViewSchema.DetachedColumn> added =
            _task.OutputColumns(spec.Output.NumberOfOutputs, _names, ScoreAnnotations.NextSetId(inputSchema));
        return new ScoreMapper(inputSchema, new NetworkScorer(columns, Model.Network), added,
            scores => _task.MakeGetters(scores, _threshold));
    }

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        NetworkInputs inputs = OnnxNetworkInputs.Read(graph, BindColumns(inputSchema));
        OnnxAnswers answers = NetworkGraph.Add(graph, Model.Network.Layers, inputs).Answers;
        foreach ((DataViewSchema.Column column, string value) in added.Zip(_task.WriteOnnx(graph, answers, _threshold)))
            graph.Define(column.Name, column.Type, value);
    }

    /// <summary>Numbers of the whole row that come from a column of their own, not from a text.</summary>
    private static int RowFeatureSizeOf(SequenceModelParameters model) =>
        model.Network.RowFeatureSize - (model.Text?.NGrams.Count ?? 0);

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, Write);

    /// <summary>All of it, as <see cref="FromCheckpoint"/> finds it.</summary>
    internal byte[] ToBytes() => ModelStreams.Bytes(Format, Write);

    private void Write(PayloadWriter writer)
    {
        writer.Write(_task.ScoreKind);
        SavedColumn.WriteAll(writer, _features);
        writer.Write(_rowFeatures ?? "");
        writer.Write(_threshold);
        writer.Write(_names is not null);
        _names?.Write(writer);
        Model.Write(writer);
    }

    // Found by its name and parameters when a model file is loaded.
    private static SequencePredictionTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader =>
        {
            SequenceTask task = SequenceTask.Read(reader);
            SavedColumn[] features = SavedColumn.ReadAll(reader);
            string? rowFeatures = reader.ReadString() is var name && name == "" ? null : name;
            float threshold = reader.ReadFinite("the threshold");
            ClassNames? names = reader.ReadBoolean() ? ClassNames.Read(reader) : null;
            SequenceModelParameters model = SequenceModelParameters.Read(reader);
            if (NetworkFit.ToPredict(model.Network.Spec, task.Head, names?.Count) is { } misfit)
                throw reader.Invalid($"the network does not fit the task: {misfit}");
            SavedColumn.RequireFit(features, model, reader);
            if (RowFeatureSizeOf(model) < 0 || (rowFeatures is null) != (RowFeatureSizeOf(model) == 0))
                throw reader.Invalid("the network does not read the columns that rows have beside their sequences");
            return new SequencePredictionTransformer(environment, task, model, features, rowFeatures, names, threshold);
        });
}
