using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Sequences;

namespace SequenceModels.Benchmarks.Pipeline;

/// <summary>The pipeline that is measured: from texts to a yes or no.</summary>
internal sealed class TextPipeline
{
    public const int Seed = 1;

    private const string Features = "Features";

    private const int MaximumLength = 256;

    private readonly MLContext _ml = new(Seed);

    public static SequenceTrainerOptions Options { get; } = new()
    {
        HiddenSize = 128,
        EmbeddingSize = 100,
        BatchSize = 32,
        NumberOfEpochs = 1,
        Pooling = SequencePooling.Last,
        Dropout = 0, // what is drawn takes time that is no part of the pipeline
        WordDropout = 0,
        EmbeddingDeviation = 1,
        Seed = Seed,
    };

    public static string Title =>
        $"TokenizeIntoSequence (at most {MaximumLength} words), Lstm with hidden size {Options.HiddenSize}, " +
        $"embedding size {Options.EmbeddingSize}, batch size {Options.BatchSize}, {Options.NumberOfEpochs} epoch";

    public IDataView View(IReadOnlyList<TextRow> rows) => _ml.Data.LoadFromEnumerable(rows);

    public TransformerChain<SequencePredictionTransformer> Fit(IDataView view) =>
        _ml.Transforms.Text.TokenizeIntoSequence(Features, nameof(TextRow.Text),
                SequenceTokenization.Words() with { MaximumLength = MaximumLength })
            .Append(_ml.BinaryClassification.Trainers.Lstm(options: Options))
            .Fit(view);

    /// <summary>A model of ML.NET's own parts alone, that reads and gives the same columns.</summary>
    public ITransformer FitNothing(IDataView view) =>
        _ml.Transforms.Conversion.ConvertType(nameof(TextScore.Score), nameof(TextRow.Label), DataKind.Single).Fit(view);

    /// <summary>The same model with 8-bit weights.</summary>
    public TransformerChain<SequencePredictionTransformer> WithEightBitWeights(
        TransformerChain<SequencePredictionTransformer> model) => _ml.Sequences().WithEightBitWeights(model);

    public PredictionEngine<TextRow, TextScore> Engine(ITransformer model) =>
        _ml.Model.CreatePredictionEngine<TextRow, TextScore>(model);

    /// <summary>The rows as the trainer hands them to the engine.</summary>
    public static SequenceDataset Encode(TransformerChain<SequencePredictionTransformer> model, IDataView view)
    {
        IDataView encoded = model.First().Transform(view);
        var column = SequenceColumn.Bind(encoded.Schema, Features);
        var data = new SequenceDataset([column.FeatureOf(embeddingSize: 0)]);
        DataViewSchema.Column label = encoded.Schema[nameof(TextRow.Label)];
        using DataViewRowCursor cursor = encoded.GetRowCursor([column.Column, label]);
        SequenceReader reader = column.CreateReader(cursor);
        ValueGetter<bool> getLabel = cursor.GetGetter<bool>(label);
        bool isPositive = false;
        while (cursor.MoveNext())
        {
            reader.Read();
            getLabel(ref isPositive);
            data.Add(reader.Tokens, isPositive ? 1 : 0);
        }
        return data;
    }
}
