using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Networks;
using SequenceModels.Scoring;
using SequenceModels.Trainers;

[assembly: LoadableClass(typeof(SequenceFeaturizingTransformer), typeof(SequenceFeaturizingTransformer), null,
    typeof(SignatureLoadModel), "", SequenceFeaturizingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Makes vectors of sequences by a trained network. There is nothing to learn.</summary>
public sealed class SequenceFeaturizingEstimator : IEstimator<ITransformer>
{
    private readonly SequenceFeaturizingTransformer _transformer;
    private readonly IReadOnlyList<ITransformer> _before;

    /// <param name="transformer">The vectors.</param>
    /// <param name="before">The parts of the model that prepare its rows.</param>
    internal SequenceFeaturizingEstimator(SequenceFeaturizingTransformer transformer, IReadOnlyList<ITransformer> before) =>
        (_transformer, _before) = (transformer, before);

    /// <summary>Checks the input columns; reads no row.</summary>
    /// <param name="input">The data.</param>
    /// <returns>
    /// A <see cref="SequenceFeaturizingTransformer"/>; where the model was a chain, a chain of the parts before its network and
    /// this.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An input column is missing or of another type; the message names it.
    /// </exception>
    public ITransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        ITransformer fitted = _before.Count == 0 ? _transformer
            : new TransformerChain<SequenceFeaturizingTransformer>([.. _before, _transformer]);
        fitted.GetOutputSchema(input.Schema);
        return fitted;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (SavedColumn feature in _transformer.Features)
            if (_before.Count == 0)
                inputSchema.Find(feature.Name, ColumnRule.Sequence);
            else
                inputSchema = inputSchema.With(new DataViewSchema.DetachedColumn(feature.Name, feature.Type));
        return inputSchema.With(_transformer.Added);
    }
}

/// <summary>
/// Adds a vector of Single of fixed size to each row: what the output layer of a trained network reads of its sequence.
/// </summary>
/// <remarks>
/// <para>
/// Of a network with one answer for a sequence these are its pooled states: HiddenSize numbers for each direction. Of a language
/// model it is the state after the last step that it reads. Zeros where a row has no steps.
/// </para>
/// <para>
/// Safe to share between threads. Like <see cref="SequencePredictionTransformer"/>, a cursor works on blocks of rows on all
/// processors and a prediction engine on one row at a time; a row's vector is the same, to the bit. The network is saved with it.
/// </para>
/// </remarks>
public sealed class SequenceFeaturizingTransformer : RowTransformer, INetworkTransformer
{
    internal const string LoaderSignature = "SequenceFeaturizing";
    private static readonly ModelFormat Format = new("SEQFEATU", 1, LoaderSignature);

    private readonly string _outputColumnName;
    private readonly SequenceModelParameters _model;

    internal SequenceFeaturizingTransformer(IHostEnvironment environment, string outputColumnName, SavedColumn[] features,
        SequenceModelParameters model) : base(environment, nameof(SequenceFeaturizingTransformer))
    {
        (_outputColumnName, Features) = (outputColumnName, features);
        // Neither the history nor the report of its training.
        _model = new SequenceModelParameters(model.Network, names: model.Names, characters: model.Characters)
        {
            Text = model.Text,
        };
    }

    /// <summary>D, the numbers in a vector.</summary>
    public int VectorSize => SequenceVectors.SizeOf(_model.Network.Layers);

    /// <summary>The columns that the network reads, in its order.</summary>
    internal SavedColumn[] Features { get; }

    internal DataViewSchema.DetachedColumn Added =>
        new(_outputColumnName, new VectorDataViewType(NumberDataViewType.Single, VectorSize));

    /// <summary>
    /// The same vectors of a network with 8-bit weights: a quarter of the file, faster, and numbers that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new transformer; this one is left as it is.</returns>
    public SequenceFeaturizingTransformer WithEightBitWeights() =>
        new(Host, _outputColumnName, Features, _model.WithEightBitWeights());

    ITransformer INetworkTransformer.WithEightBitWeights() => WithEightBitWeights();

    private protected override IEnumerable<string> StepColumnNames => Features.Select(feature => feature.Name);

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        InputColumns columns = SavedColumn.Bind(inputSchema, Features, _model.Network.Spec.Inputs, _model.Characters,
            _model.Text);
        _model.Names.RequireSameKeys([.. columns.All.Select(column => column.Column)]);
        return new ScoreMapper(inputSchema, new VectorScorer(columns, _model.Network), [Added], scores => [MakeGetter(scores)]);
    }

    private static ValueGetter<VBuffer<float>> MakeGetter(IRowScores row) => (ref VBuffer<float> vector) =>
    {
        ReadOnlySpan<float> scores = row.Scores;
        VBufferEditor<float> editor = VBufferEditor.Create(ref vector, scores.Length);
        scores.CopyTo(editor.Values);
        vector = editor.Commit();
    };

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        writer.Write(_outputColumnName);
        SavedColumn.WriteAll(writer, Features);
        _model.Write(writer);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequenceFeaturizingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader =>
        {
            string output = reader.ReadString();
            SavedColumn[] features = SavedColumn.ReadAll(reader);
            SequenceModelParameters model = SequenceModelParameters.Read(reader);
            if (output == "")
                throw reader.Invalid("its output column has no name");
            SavedColumn.RequireFit(features, model, reader);
            return new SequenceFeaturizingTransformer(environment, output, features, model);
        });
}
