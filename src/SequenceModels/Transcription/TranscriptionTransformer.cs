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
using SequenceModels.Transcription;

[assembly: LoadableClass(typeof(TranscriptionTransformer), typeof(TranscriptionTransformer), null,
    typeof(SignatureLoadModel), "", TranscriptionTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>
/// A trained network that transcribes at work: adds PredictedLabel, a vector of keys (with the names of the label's keys, so that
/// DetokenizeSequence makes a text of it, and MapKeyToValue tokens), Score, the natural logarithm of their probability, and
/// Times, of dimensions [*, 2]: the first step that says each token, counted from 0, and how many do.
/// </summary>
/// <remarks>
/// Safe to share between threads. Like <see cref="SequencePredictionTransformer"/>, a cursor reads blocks of rows on all
/// processors and a prediction engine one row at a time; a row's values are the same, to the bit. In a row without steps nothing
/// is said.
/// </remarks>
public sealed class TranscriptionTransformer : RowTransformer, IPredictionTransformer<SequenceModelParameters>,
    INetworkTransformer
{
    internal const string LoaderSignature = "SequenceTranscription";
    private static readonly ModelFormat Format = new("SEQTSCRI", 1, LoaderSignature);

    private readonly SavedColumn _feature;
    private readonly ClassNames? _names;
    private readonly Detokenization? _joining;

    internal TranscriptionTransformer(IHostEnvironment environment, SequenceModelParameters model, SavedColumn feature,
        TranscriptionSearch search, ClassNames? names, Detokenization? joining)
        : base(environment, nameof(TranscriptionTransformer))
    {
        Model = model;
        Transcriber = new SequenceTranscriber(model.Network, search);
        (_feature, _names, _joining) = (feature, names, joining);
    }

    /// <summary>
    /// The model that a training has left in its checkpoint, of the best weights so far: those of the epoch with the best figure
    /// of the validation rows (<see cref="TranscriptionOptions.SelectBy"/>), or without validation rows the last ones.
    /// </summary>
    /// <param name="mlContext">The context that the model will be at home in.</param>
    /// <param name="path">The training's <see cref="TrainingOptions.CheckpointPath"/>; the file is left as it is.</param>
    /// <exception cref="InvalidDataException">
    /// The file is no checkpoint, or damaged, or of a training of another kind; the message says of what.
    /// </exception>
    /// <exception cref="FileNotFoundException">There is no such file: a training that ends well deletes it.</exception>
    public static TranscriptionTransformer FromCheckpoint(MLContext mlContext, string path) =>
        CheckpointModel.Read(mlContext, path, Format, Create);

    /// <summary>What was learned.</summary>
    public SequenceModelParameters Model { get; }

    /// <summary>The network and its search, usable without ML.NET, of a whole sequence or step by step.</summary>
    public SequenceTranscriber Transcriber { get; }

    /// <summary>The column of sequences that the network reads.</summary>
    public string FeatureColumnName => _feature.Name;

    /// <summary>The type that the column had in training.</summary>
    public DataViewType FeatureColumnType => _feature.Type;

    /// <summary>
    /// The same model with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new transformer; this one is left as it is.</returns>
    public TranscriptionTransformer WithEightBitWeights() =>
        new(Host, Model.WithEightBitWeights(), _feature, Transcriber.Search.WithEightBitWeights(), _names, _joining);

    ITransformer INetworkTransformer.WithEightBitWeights() => WithEightBitWeights();

    private protected override IEnumerable<string> StepColumnNames => [FeatureColumnName];

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        InputColumns columns = SavedColumn.Bind(inputSchema, [_feature], Model.Network.Spec.Inputs, []);
        Model.Names.RequireSame(columns);
        return new ScoreMapper(inputSchema, new TranscriptionScorer(columns, Transcriber),
            TranscribedColumns.Create(Transcriber.NumberOfTokens, _names, _joining, ScoreAnnotations.NextSetId(inputSchema)),
            TranscribedColumns.MakeGetters);
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, Write);

    /// <summary>All of it, as <see cref="FromCheckpoint"/> finds it.</summary>
    internal byte[] ToBytes() => ModelStreams.Bytes(Format, Write);

    private void Write(PayloadWriter writer)
    {
        _feature.Write(writer);
        writer.WriteOptional(_names, (to, names) => names.Write(to));
        writer.Write(_joining?.ToString() ?? "");
        Transcriber.Search.Write(writer);
        Model.Write(writer);
    }

    // Found by its name and parameters when a model file is loaded.
    private static TranscriptionTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader =>
        {
            SavedColumn feature = SavedColumn.Read(reader);
            ClassNames? names = reader.ReadBoolean() ? ClassNames.Read(reader) : null;
            Detokenization? joining = reader.ReadString() is { Length: > 0 } rule
                ? Detokenization.Parse(rule) ?? throw reader.Invalid("it has no rule to join tokens by") : null;
            TranscriptionSearch search = TranscriptionSearch.Read(reader);
            SequenceModelParameters model = SequenceModelParameters.Read(reader);
            if (SequenceTranscriber.Misfit(model.Network, search, names?.Count) is { } misfit)
                throw reader.Invalid($"the network does not fit the task: {misfit}");
            SavedColumn.RequireFit([feature], model, reader);
            return new TranscriptionTransformer(environment, model, feature, search, names, joining);
        });
}
