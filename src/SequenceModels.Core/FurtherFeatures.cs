using System.Numerics.Tensors;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>
/// What a step has beside its first feature. Each feature becomes a vector, and the vectors stand side by side, without padding between
/// them, in the one that enters the first recurrent layer.
/// </summary>
internal sealed unsafe class FurtherFeatures
{
    private readonly Part[] _parts;

    /// <param name="parameters">Takes the features' parameters.</param>
    /// <param name="features">What they are.</param>
    /// <param name="firstSize">Numbers that the first feature takes in the vector.</param>
    public FurtherFeatures(ParameterSet parameters, StepFeatures features, int firstSize)
    {
        _parts = new Part[features.Count];
        Size = firstSize;
        for (int i = 0; i < _parts.Length; i++)
        {
            StepFeature feature = features[i];
            string name = Invariant($"feature{i + 2}"); // people count from 1, and the first feature is not among these
            _parts[i] = new Part(feature, Size,
                feature.Kind == StepFeatureKind.Tokens ? new Embedding(parameters, feature.Size, feature.EmbeddingSize, $"{name}.embedding") : null,
                feature.Kind == StepFeatureKind.Characters
                    ? new CharacterLayer(parameters, $"{name}.characters", feature.Size, feature.EmbeddingSize, feature.HiddenSize) : null);
            Size = checked(Size + feature.VectorSize);
        }
    }

    /// <summary>I: numbers in the vector of all features.</summary>
    public int Size { get; }

    /// <summary>Whether any of the vectors are learned.</summary>
    public bool Learn => _parts.Any(part => part.Feature.Kind != StepFeatureKind.Frames);

    public CharacterPass?[] CreatePasses() => Array.ConvertAll(_parts, part => part.Characters?.CreatePass());

    public void Initialize(ref RandomStream random)
    {
        foreach (Part part in _parts)
        {
            part.Embedding?.Initialize(ref random);
            part.Characters?.Initialize(ref random);
        }
    }

    public IEnumerable<Transposed> PrepareTraining() => _parts.SelectMany(part => part.Characters?.PrepareTraining() ?? []);

    /// <summary>The features' tables, which stand in this order behind those of the first feature.</summary>
    /// <param name="first">Place of the first of them.</param>
    public IEnumerable<TokenTables> Tables(int first)
    {
        for (int i = 0; i < _parts.Length; i++)
            if (_parts[i].Feature.Kind != StepFeatureKind.Frames)
                yield return new TokenTables(i + 1, first++, 1, _parts[i].Feature.Size);
    }

    /// <summary>Writes the features' numbers of each step behind those of the first feature.</summary>
    /// <param name="pass">Its Vectors have room.</param>
    /// <param name="batch">Has the features' values.</param>
    /// <param name="stride">Floats from one step's vector to the next.</param>
    /// <param name="remembers">Whether Backward will follow.</param>
    public void Forward(InputPass pass, SequenceBatch batch, int stride, bool remembers)
    {
        if (batch.Features.Length != _parts.Length)
            throw new InvalidOperationException(Invariant($"The network reads {1 + _parts.Length} features at each step; the batch has {1 + batch.Features.Length}."));
        for (int i = 0; i < _parts.Length; i++)
        {
            BatchFeature values = batch.Features[i];
            float* to = pass.Vectors.Data + _parts[i].Column;
            if (_parts[i].Embedding is { } embedding)
                embedding.Forward(values.Tokens, to, stride);
            else if (_parts[i].Characters is { } characters)
            {
                characters.Forward(pass.Characters[i]!, values.Words, remembers);
                CopyWords(_parts[i], pass.Characters[i]!, values.WordIndex, to, stride);
            }
            else
                for (int row = 0; row < batch.Rows; row++)
                    Rows.Copy(values.Frames.Data + (long)row * values.Feature.Size, to + (long)row * stride, values.Feature.Size);
        }
    }

    /// <summary>From the gradients of the steps' vectors to those of the features' parameters.</summary>
    /// <param name="pass">As Forward left it, and its Gradients.</param>
    /// <param name="batch">As in Forward.</param>
    /// <param name="stride">As in Forward.</param>
    /// <param name="gradients">Of all parameters but the tables; added to.</param>
    /// <param name="inputs">Becomes what the tables' gradients are summed from.</param>
    public void Backward(InputPass pass, SequenceBatch batch, int stride, FloatBuffer gradients, InputGradients inputs)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            BatchFeature values = batch.Features[i];
            float* from = pass.Gradients.Data + _parts[i].Column;
            if (_parts[i].Embedding is { } embedding)
            {
                inputs.Of(i + 1).SetTokens(values.Tokens);
                inputs.Of(i + 1).TakeVectors(from, stride, embedding.Table);
            }
            else if (_parts[i].Characters is { } characters)
            {
                AddWords(_parts[i], pass.Characters[i]!, values, from, stride);
                characters.Backward(pass.Characters[i]!, values.Words, gradients, inputs.Of(i + 1).Embedded);
                inputs.Of(i + 1).SetTokens(pass.Characters[i]!.Characters.Tokens);
            }
        }
    }

    /// <summary>Each step gets the vector of its word, without the padding behind each direction.</summary>
    private static void CopyWords(Part part, CharacterPass pass, ReadOnlySpan<int> words, float* to, int stride)
    {
        int hidden = part.Feature.HiddenSize, wordStride = part.Characters!.Stride;
        for (int row = 0; row < words.Length; row++)
            for (int d = 0; d < 2; d++)
                Rows.Copy(pass.Vectors.Data + (long)words[row] * wordStride + d * wordStride / 2, to + (long)row * stride + d * hidden, hidden);
    }

    /// <summary>Each word's vector gets the gradients of all its occurrences, in the order of the steps.</summary>
    private static void AddWords(Part part, CharacterPass pass, BatchFeature values, float* from, int stride)
    {
        int hidden = part.Feature.HiddenSize, wordStride = part.Characters!.Stride;
        pass.VectorGradients.Reserve((long)values.Words.Count * wordStride);
        pass.VectorGradients.Clear((long)values.Words.Count * wordStride);
        for (int row = 0; row < values.WordIndex.Length; row++)
            for (int d = 0; d < 2; d++)
            {
                var sum = new Span<float>(pass.VectorGradients.Data + (long)values.WordIndex[row] * wordStride + d * wordStride / 2, hidden);
                TensorPrimitives.Add(sum, new ReadOnlySpan<float>(from + (long)row * stride + d * hidden, hidden), sum);
            }
    }

    /// <param name="Feature">What it is.</param>
    /// <param name="Column">Where its numbers begin in the vector.</param>
    /// <param name="Embedding">Of tokens.</param>
    /// <param name="Characters">Of characters.</param>
    private sealed record Part(StepFeature Feature, int Column, Embedding? Embedding, CharacterLayer? Characters);
}
