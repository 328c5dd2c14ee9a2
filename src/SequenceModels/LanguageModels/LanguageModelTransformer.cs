using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Interop;
using SequenceModels.LanguageModels;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Text;
using SequenceModels.Trainers;

[assembly: LoadableClass(typeof(LanguageModelTransformer), typeof(LanguageModelTransformer), null,
    typeof(SignatureLoadModel), "", LanguageModelTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>
/// A trained language model at work: tells of each row how likely it finds it, so that unusual ones can be found. Adds the
/// columns Perplexity and LogProbabilities.
/// </summary>
/// <remarks>
/// <para>
/// LogProbabilities (VarVector of Single) has for each token, or frame, the natural logarithm of its probability after those
/// before it; NaN, a missing value, for the first, which the model has nothing to tell from. Of a frame it is the sum over its
/// numbers. A model that reads rows from their end (<see cref="LanguageModelOptions.Reversed"/>) tells of each step after those
/// behind it, and the NaN is the last step's. Perplexity (Single) is e to the power of minus their mean without the NaN: among so
/// many equally likely tokens the model was in doubt, on average. NaN where a row has fewer than two steps.
/// </para>
/// <para>
/// Safe to share between threads. Like <see cref="SequencePredictionTransformer"/>, a cursor scores blocks of rows on all
/// processors and a prediction engine one row at a time; a row's values are the same, to the bit. Rows may be of any length:
/// long ones are read in pieces.
/// </para>
/// </remarks>
public sealed class LanguageModelTransformer : RowTransformer, INetworkTransformer,
    ISingleFeaturePredictionTransformer<SequenceModelParameters>, IFeaturizer
{
    internal const string LoaderSignature = "SequenceLanguageModel";
    private static readonly ModelFormat Format = new("SEQLMODE", 1, LoaderSignature);

    private readonly SavedColumn _feature;

    internal LanguageModelTransformer(IHostEnvironment environment, SequenceModelParameters model, SavedColumn feature,
        string[] tokens, Detokenization? detokenization, bool rowsFollowEachOther)
        : base(environment, nameof(LanguageModelTransformer))
    {
        _feature = feature;
        Tokens = tokens;
        Detokenization = detokenization;
        RowsFollowEachOther = rowsFollowEachOther;
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
    public static LanguageModelTransformer FromCheckpoint(MLContext mlContext, string path) =>
        CheckpointModel.Read(mlContext, path, Format, Create);

    /// <summary>What was learned.</summary>
    public SequenceModelParameters Model { get; }

    SavedColumn[] IFeaturizer.Features => [_feature];

    /// <summary>The column of sequences that the network reads.</summary>
    public string FeatureColumnName => _feature.Name;

    /// <summary>The type that the column had in training.</summary>
    public DataViewType FeatureColumnType => _feature.Type;

    /// <summary>
    /// Whether rows were one text in training (<see cref="LanguageModelOptions.RowsFollowEachOther"/>), and are where the model
    /// is measured. The columns that are added to a row tell of it by itself all the same.
    /// </summary>
    public bool RowsFollowEachOther { get; }

    /// <summary>The texts of keys 1, 2, ...; none where they have no names.</summary>
    internal string[] Tokens { get; }

    /// <summary>How the tokens become a text again; null where the column did not tell.</summary>
    internal Detokenization? Detokenization { get; }

    /// <summary>
    /// The same model with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new transformer; this one is left as it is.</returns>
    public LanguageModelTransformer WithEightBitWeights() =>
        new(Host, Model.WithEightBitWeights(), _feature, Tokens, Detokenization, RowsFollowEachOther);

    ITransformer INetworkTransformer.WithEightBitWeights() => WithEightBitWeights();

    private protected override IEnumerable<string> StepColumnNames => [FeatureColumnName];

    private protected override RowMapper Bind(DataViewSchema inputSchema) => new ScoreMapper(inputSchema,
        new LikelihoodScorer(Columns(inputSchema), Model.Network), LikelihoodColumns.All,
        scores => LikelihoodColumns.MakeGetters(scores, Model.Network.Reversed));

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        if (!Model.Network.TakesTokens)
            throw OnnxRefusal.Of(this, added);
        SequenceColumn column = Columns(inputSchema).All[0];
        OnnxSequences keys = column.AreKeys ? OnnxSequences.Keys(graph, column.Column.Name, column.InputSize)
            : OnnxSequences.OneHotKeys(graph, column.Column.Name, column.InputSize);
        LikelihoodColumns.WriteOnnx(graph, Model.Network, keys, added);
    }

    /// <summary>What the network reads in rows of a schema.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The column is missing, or holds steps of another kind or size, or other keys.
    /// </exception>
    internal InputColumns Columns(DataViewSchema schema)
    {
        InputColumns columns = SavedColumn.Bind(schema, [_feature], Model.Network.Spec.Inputs, []);
        Model.Names.RequireSame(columns);
        return columns;
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, Write);

    /// <summary>All of it, as <see cref="FromCheckpoint"/> finds it.</summary>
    internal byte[] ToBytes() => ModelStreams.Bytes(Format, Write);

    private void Write(PayloadWriter writer)
    {
        _feature.Write(writer);
        writer.Write(Tokens.Length);
        foreach (string token in Tokens)
            writer.Write(token);
        writer.Write(Detokenization?.ToString() ?? "");
        writer.Write(RowsFollowEachOther);
        Model.Write(writer);
    }

    // Found by its name and parameters when a model file is loaded.
    private static LanguageModelTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader =>
        {
            SavedColumn feature = SavedColumn.Read(reader);
            var tokens = new string[reader.ReadCount("the number of tokens", bytesPerItem: 1)];
            for (int i = 0; i < tokens.Length; i++)
                tokens[i] = reader.ReadString();
            Detokenization? detokenization = reader.ReadString() is { Length: > 0 } rule
                ? Text.Detokenization.Parse(rule) ?? throw reader.Invalid("it has no rule to join tokens by") : null;
            bool rowsFollowEachOther = reader.ReadBoolean();
            SequenceModelParameters model = SequenceModelParameters.Read(reader);
            if (NetworkFit.ToContinue(model.Network.Spec, tokens.Length == 0 ? null : tokens.Length) is { } misfit)
                throw reader.Invalid($"the network does not fit the task: {misfit}");
            SavedColumn.RequireFit([feature], model, reader);
            return new LanguageModelTransformer(environment, model, feature, tokens, detokenization, rowsFollowEachOther);
        });
}
