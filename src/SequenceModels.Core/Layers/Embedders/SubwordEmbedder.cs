using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// Words, each of which becomes a vector by its subwords: the mean of their vectors, each subword picking its vector by its
/// bucket. A word without subwords has zeros. An update moves the vectors of subwords that its batch has, and no others, so that
/// it costs the same with any number of buckets.
/// </summary>
/// <remarks>Bojanowski et al., "Enriching Word Vectors with Subword Information", TACL 5, 2017.</remarks>
internal sealed unsafe class SubwordEmbedder : FeatureEmbedder
{
    private readonly ParameterSet _parameters;

    /// <summary>[V + 1, E], row 0 of no bucket.</summary>
    private readonly Parameter _table;

    /// <param name="parameters">Takes the table.</param>
    /// <param name="name">Its name.</param>
    /// <param name="place">The feature's place, from 0.</param>
    /// <param name="feature">Of subwords.</param>
    public SubwordEmbedder(ParameterSet parameters, string name, int place, StepFeature feature) : base(place, feature)
    {
        _parameters = parameters;
        int size = feature.EmbeddingSize;
        _table = parameters.AddTable(
            new Parameter(name, feature.Size + 1, 1, size, Rows.Padded(size)) { UpdatesLazily = true, Scale = ScaleOf.Rows });
    }

    public override bool Learns => true;

    /// <summary>Floats of a vector, padded to a multiple of 16.</summary>
    private int Stride => _table.PhysicalColumns;

    public override SubwordEmbedderPass CreatePass() => new();

    public override WeightedGradients CreateGradients() => new(_table, Feature.Size);

    /// <summary>
    /// Small numbers, as in fastText: what is learned of subwords that many words have is not drowned by those of rare ones,
    /// which stay nearly where they begin.
    /// </summary>
    public override void Initialize(ref RandomStream random, float deviation) =>
        Initializers.Uniform(_table, _parameters.Values, 1.0 / Feature.EmbeddingSize, ref random);

    public override void Forward(FeatureEmbedderPass? pass, SequenceBatch batch, float* to, nint stride, bool training)
    {
        BatchFeature values = batch.Features[Place];
        float* vectors = Average(values.Words, ((SubwordEmbedderPass)pass!).Vectors);
        ReadOnlySpan<int> words = values.WordIndex;
        for (int row = 0; row < words.Length; row++)
            Rows.Copy(vectors + (long)words[row] * Stride, to + row * stride, _table.Units);
    }

    /// <summary>Each word's vector gets the gradients of all its occurrences, in the order of the steps.</summary>
    /// <inheritdoc/>
    public override void Backward(FeatureEmbedderPass? pass, SequenceBatch batch, float* from, nint stride,
        FloatBuffer gradients, EmbeddingGradients? table)
    {
        BatchFeature values = batch.Features[Place];
        SequenceBatch words = values.Words;
        var ofWords = (WeightedGradients)table!;
        ofWords.Begin(words.Tokens, words.Count);
        for (int t = 0; t < words.Steps; t++)
            for (int k = 0; k < words.Alive(t); k++)
                ofWords.SetTerm(words.Offset(t) + k, sum: k, 1f / words.Length(k));
        ofWords.Vectors[0].Clear((long)words.Count * Stride);
        ReadOnlySpan<int> index = values.WordIndex;
        for (int row = 0; row < index.Length; row++)
        {
            var sum = new Span<float>(ofWords.Vectors[0].Data + (long)index[row] * Stride, _table.Units);
            TensorPrimitives.Add(sum, new ReadOnlySpan<float>(from + row * stride, _table.Units), sum);
        }
    }

    /// <summary>Writes [words, E] the mean of the vectors of each word's subwords.</summary>
    private float* Average(SequenceBatch words, FloatBuffer vectors)
    {
        vectors.Reserve((long)words.Count * Stride);
        vectors.Clear((long)words.Count * Stride);
        ReadOnlySpan<uint> subwords = words.Tokens;
        for (int k = 0; k < words.Count && words.Length(k) > 0; k++)
        {
            float* vector = vectors.Data + (long)k * Stride;
            for (int t = 0; t < words.Length(k); t++)
                Rows.Add(_table.In(_parameters.Values) + (long)subwords[words.Offset(t) + k] * Stride, vector, Stride);
            var mean = new Span<float>(vector, Stride);
            TensorPrimitives.Multiply(mean, 1f / words.Length(k), mean);
        }
        return vectors.Data;
    }
}
