using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Text;
using SequenceModels.Trainers;
using SequenceModels.Translation;

[assembly: LoadableClass(typeof(TranslationTransformer), typeof(TranslationTransformer), null,
    typeof(SignatureLoadModel), "", TranslationTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>
/// A trained translator at work: adds PredictedLabel, a vector of keys (with the names of the target's keys, so that
/// DetokenizeSequence makes a text of it, and MapKeyToValue tokens), and Score, the natural logarithm of their probability. With
/// <see cref="TranslationOptions.OutputAttention"/> also Attention, of dimensions [*, S]: what each of the S steps of the source
/// counted at each token.
/// </summary>
/// <remarks>
/// Safe to share between threads. Like <see cref="SequencePredictionTransformer"/>, a cursor translates blocks of rows on all
/// processors and a prediction engine one row at a time; a row's values are the same, to the bit. A row without steps is
/// translated too: the model has then read nothing.
/// </remarks>
public sealed class TranslationTransformer : RowTransformer, IPredictionTransformer<TranslationModelParameters>,
    INetworkTransformer
{
    internal const string LoaderSignature = "SequenceTranslation";
    private static readonly ModelFormat Format = new("SEQTRNSF", 1, LoaderSignature);

    private readonly SavedColumn _feature;
    private readonly ClassNames? _names;
    private readonly bool _hasAttention;

    internal TranslationTransformer(IHostEnvironment environment, TranslationModelParameters model, SavedColumn feature,
        ClassNames? names, Detokenization? joining, bool hasAttention)
        : base(environment, nameof(TranslationTransformer))
    {
        Model = model;
        Joining = joining;
        (_feature, _names, _hasAttention) = (feature, names, hasAttention);
    }

    /// <summary>
    /// The model that a training has left in its checkpoint, of the best weights so far: those of the epoch with the best figure
    /// of the validation rows (<see cref="TranslationOptions.SelectBy"/>), or without validation rows the last ones.
    /// </summary>
    /// <param name="mlContext">The context that the model will be at home in.</param>
    /// <param name="path">The training's <see cref="TrainingOptions.CheckpointPath"/>; the file is left as it is.</param>
    /// <exception cref="InvalidDataException">
    /// The file is no checkpoint, or damaged, or of a training of another kind; the message says of what.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file: a training that ends well deletes it.</exception>
    public static TranslationTransformer FromCheckpoint(MLContext mlContext, string path) =>
        CheckpointModel.Read(mlContext, path, Format, Create);

    /// <summary>What was learned.</summary>
    public TranslationModelParameters Model { get; }

    /// <summary>The column of sources that the network reads.</summary>
    public string FeatureColumnName => _feature.Name;

    /// <summary>The type that the column had in training.</summary>
    public DataViewType FeatureColumnType => _feature.Type;

    /// <summary>The texts of the target's keys 1, 2, ...; none where they have no names.</summary>
    internal string[] TargetTexts => _names is null ? [] : Array.ConvertAll(_names.Texts, text => text.ToString());

    /// <summary>How the target's tokens become a text again; null where the column did not tell.</summary>
    internal Detokenization? Joining { get; }

    /// <summary>
    /// The same model with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new transformer; this one is left as it is.</returns>
    public TranslationTransformer WithEightBitWeights() =>
        new(Host, Model.WithEightBitWeights(), _feature, _names, Joining, _hasAttention);

    ITransformer INetworkTransformer.WithEightBitWeights() => WithEightBitWeights();

    private protected override IEnumerable<string> StepColumnNames => [FeatureColumnName];

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        SequenceTranslator network = Model.Network;
        InputColumns columns = SavedColumn.Bind(inputSchema, [_feature], network.Network.Spec.Inputs, []);
        Model.Names.RequireSame(columns);
        return new ScoreMapper(inputSchema, new TranslationScorer(columns, network, _hasAttention),
            TranslatedColumns.Create(network.TargetSize, _names, Joining, ScoreAnnotations.NextSetId(inputSchema), _hasAttention),
            row => TranslatedColumns.MakeGetters(row, _hasAttention));
    }

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added) => throw new NotSupportedException(
            $"{nameof(TranslationTransformer)} cannot be written as ONNX: a translation is a loop over two models, which " +
            "Model.Network.ExportOnnx writes. Convert the pipeline without it.");

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, Write);

    /// <summary>All of it, as <see cref="FromCheckpoint"/> finds it.</summary>
    internal byte[] ToBytes() => ModelStreams.Bytes(Format, Write);

    private void Write(PayloadWriter writer)
    {
        _feature.Write(writer);
        writer.WriteOptional(_names, (to, names) => names.Write(to));
        writer.Write(Joining?.ToString() ?? "");
        writer.Write(_hasAttention);
        Model.Write(writer);
    }

    // Found by its name and parameters when a model file is loaded.
    private static TranslationTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader =>
        {
            SavedColumn feature = SavedColumn.Read(reader);
            ClassNames? names = reader.ReadBoolean() ? ClassNames.Read(reader) : null;
            Detokenization? joining = reader.ReadString() is { Length: > 0 } rule
                ? Detokenization.Parse(rule) ?? throw reader.Invalid("it has no rule to join tokens by") : null;
            bool hasAttention = reader.ReadBoolean();
            TranslationModelParameters model = TranslationModelParameters.Read(reader);
            if (NetworkFit.ToTranslate(model.Network.Network.Spec, names?.Count, hasAttention) is { } misfit)
                throw reader.Invalid($"the network does not fit the task: {misfit}");
            SavedColumn.RequireFit(feature, model.Network.Network.Spec.Inputs, reader);
            return new TranslationTransformer(environment, model, feature, names, joining, hasAttention);
        });
}
