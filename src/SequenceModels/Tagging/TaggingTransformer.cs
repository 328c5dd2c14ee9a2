using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Tagging;
using SequenceModels.Trainers;

[assembly: LoadableClass(typeof(TaggingTransformer), typeof(TaggingTransformer), null,
    typeof(SignatureLoadModel), "", TaggingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>
/// A trained tagger at work: adds PredictedLabel, a key for each step (with the names of the label's classes, so that
/// MapKeyToValue gives them back), and Score, of dimensions [*, K], the probabilities of the K classes at each step.
/// </summary>
/// <remarks>
/// <para>
/// With <see cref="TagDecoding.Softmax"/> PredictedLabel is each step's likeliest class. With <see cref="TagDecoding.Crf"/> it
/// is the likeliest sequence of all, and Score the marginals: the likeliest class of a single step may be another one.
/// </para>
/// <para>
/// Safe to share between threads. Like <see cref="SequencePredictionTransformer"/>, a cursor scores blocks of rows on all
/// processors and a prediction engine one row at a time; a row's scores are the same, to the bit.
/// </para>
/// </remarks>
public sealed class TaggingTransformer : RowTransformer, IPredictionTransformer<SequenceModelParameters>, INetworkTransformer
{
    internal const string LoaderSignature = "SequenceTagging";
    private static readonly ModelFormat Format = new("SEQTAGGI", 2, LoaderSignature);

    private readonly SavedColumn[] _features;
    private readonly ClassNames? _names;
    private readonly BioesTags? _bioes;
    private readonly Lazy<SequenceTagger> _tagger;

    internal TaggingTransformer(IHostEnvironment environment, SequenceModelParameters model, SavedColumn[] features,
        ClassNames? names, BioesTags? bioes)
        : base(environment, nameof(TaggingTransformer))
    {
        Model = model;
        _features = features;
        _names = names;
        _bioes = bioes;
        _tagger = new(() => new SequenceTagger(model.Network, [.. Enumerable.Range(0, NumberOfTags)
            .Select(tag => names?.TextOf(tag) ?? InvariantText.Of(tag + 1))], bioes is not null));
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
    public static TaggingTransformer FromCheckpoint(MLContext mlContext, string path) =>
        CheckpointModel.Read(mlContext, path, Format, Create);

    /// <summary>What was learned.</summary>
    public SequenceModelParameters Model { get; }

    /// <summary>
    /// The network with the names of its tags, usable without ML.NET. Tags whose keys stand for nothing are called by their
    /// numbers, from 1.
    /// </summary>
    public SequenceTagger Tagger => _tagger.Value;

    /// <summary>The columns that the network reads at each step, in the order given to the trainer.</summary>
    public IReadOnlyList<string> FeatureColumnNames =>
        [.. _features.Where(feature => !feature.AreShapes).Select(feature => feature.Name)];

    /// <summary>
    /// The same model with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new transformer; this one is left as it is.</returns>
    public TaggingTransformer WithEightBitWeights() =>
        new(Host, Model.WithEightBitWeights(), _features, _names, _bioes);

    ITransformer INetworkTransformer.WithEightBitWeights() => WithEightBitWeights();

    private protected override IEnumerable<string> StepColumnNames => FeatureColumnNames;

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        return new ScoreMapper(inputSchema, new NetworkScorer(BindColumns(inputSchema), Model.Network),
            TagColumns.Create(NumberOfTags, _names, ScoreAnnotations.NextSetId(inputSchema)),
            row => TagColumns.MakeGetters(row, _bioes));
    }

    /// <summary>The columns that the network reads, in rows of a schema.</summary>
    internal InputColumns BindColumns(DataViewSchema inputSchema)
    {
        InputColumns columns = SavedColumn.Bind(inputSchema, _features, Model.Network.Spec.Inputs, Model.Characters);
        Model.Names.RequireSame(columns);
        return columns;
    }

    private int NumberOfTags => _bioes?.GivenCount ?? Model.Network.NumberOfOutputs;

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, Write);

    /// <summary>All of it, as <see cref="FromCheckpoint"/> finds it.</summary>
    internal byte[] ToBytes() => ModelStreams.Bytes(Format, Write);

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        NetworkInputs inputs = OnnxNetworkInputs.Read(graph, BindColumns(inputSchema));
        TagColumns.WriteOnnx(graph, NetworkGraph.Add(graph, Model.Network.Layers, inputs).Answers, inputs.Lengths, _bioes, added);
    }

    private void Write(PayloadWriter writer)
    {
        SavedColumn.WriteAll(writer, _features);
        writer.Write(_names is not null);
        _names?.Write(writer);
        writer.Write(_bioes is not null);
        Model.Write(writer);
    }

    // Found by its name and parameters when a model file is loaded.
    private static TaggingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader =>
        {
            SavedColumn[] features = SavedColumn.ReadAll(reader);
            ClassNames? names = reader.ReadBoolean() ? ClassNames.Read(reader) : null;
            BioesTags? bioes = !reader.ReadBoolean() ? null
                : (names is null ? null : LearnedTags.Scheme(names).AsBioes()) ?? throw reader.Invalid("its tags are not of BIO");
            SequenceModelParameters model = SequenceModelParameters.Read(reader);
            if (NetworkFit.ToTag(model.Network.Spec, bioes?.Count ?? names?.Count) is { } misfit)
                throw reader.Invalid($"the network does not fit the task: {misfit}");
            SavedColumn.RequireFit(features, model, reader);
            return new TaggingTransformer(environment, model, features, names, bioes);
        });
}
