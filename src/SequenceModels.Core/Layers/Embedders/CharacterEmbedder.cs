using System.Numerics.Tensors;
using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// Words, each of which becomes a vector by its characters: an LSTM reads them in both directions, and the state after the last
/// of them going forward stands beside the state after the first going backward. A word without characters has the initial
/// states, zero.
/// </summary>
/// <remarks>Lample et al., "Neural Architectures for Named Entity Recognition", NAACL 2016, section 4.1.</remarks>
internal sealed unsafe class CharacterEmbedder : FeatureEmbedder
{
    private const int Directions = 2;

    private readonly RecurrentStack _stack;

    /// <summary>[V + 1, E] the characters' vectors.</summary>
    private readonly Embedding _characters;

    /// <param name="parameters">Takes the parameters.</param>
    /// <param name="name">Prefix of their names.</param>
    /// <param name="place">The feature's place, from 0.</param>
    /// <param name="feature">Of characters.</param>
    public CharacterEmbedder(ParameterSet parameters, string name, int place, StepFeature feature) : base(place, feature)
    {
        _characters = new Embedding(parameters, feature.Size, feature.EmbeddingSize, $"{name}.embedding");
        _stack = new RecurrentStack(parameters, RecurrentCells.Find(LstmCell.CellName)!,
            new StackShape(feature.EmbeddingSize, feature.HiddenSize,
            Layers: 1, Bidirectional: true, Depth: parameters.Depth), _ => name);
    }

    public override bool Learns => true;

    /// <summary>Floats from one word's vector to the next: each direction's H, padded to a multiple of 16.</summary>
    private int Stride => _stack.Stride;

    public override CharacterEmbedderPass CreatePass() => new(_stack.CreatePass(), Feature.Size);

    public override EmbeddingGradients CreateGradients() => new([_characters.Table], Feature.Size, hasUnknownRow: true);

    public override void Initialize(ref RandomStream random, float deviation)
    {
        _characters.Initialize(ref random, deviation: 1);
        _stack.Initialize(ref random);
    }

    public override IEnumerable<Transposed> PrepareTraining() => _stack.PrepareTraining(inputGradient: true);

    /// <summary>Each step gets the vector of its word, without the padding behind each direction.</summary>
    /// <inheritdoc/>
    public override void Forward(FeatureEmbedderPass? pass, SequenceBatch batch, float* to, nint stride, bool training)
    {
        var own = (CharacterEmbedderPass)pass!;
        BatchFeature values = batch.Features[Place];
        Read(own, values.Words, training);
        int hidden = Feature.HiddenSize;
        ReadOnlySpan<int> words = values.WordIndex;
        for (int row = 0; row < words.Length; row++)
            for (int d = 0; d < Directions; d++)
                Rows.Copy(VectorOf(own.Vectors, words[row], d), to + row * stride + d * hidden, hidden);
    }

    /// <summary>Each word's vector gets the gradients of all its occurrences, in the order of the steps.</summary>
    /// <inheritdoc/>
    public override void Backward(FeatureEmbedderPass? pass, SequenceBatch batch, float* from, nint stride,
        FloatBuffer gradients, EmbeddingGradients? table)
    {
        var own = (CharacterEmbedderPass)pass!;
        BatchFeature values = batch.Features[Place];
        int hidden = Feature.HiddenSize;
        own.VectorGradients.Reserve((long)values.Words.Count * Stride);
        own.VectorGradients.Clear((long)values.Words.Count * Stride);
        for (int row = 0; row < values.WordIndex.Length; row++)
            for (int d = 0; d < Directions; d++)
            {
                var sum = new Span<float>(VectorOf(own.VectorGradients, values.WordIndex[row], d), hidden);
                TensorPrimitives.Add(sum, new ReadOnlySpan<float>(from + row * stride + d * hidden, hidden), sum);
            }
        Learn(own, values.Words, gradients, table!.Vectors[0]);
        table.SetTokens(own.Characters.Tokens);
    }

    /// <summary>Writes the pass's Vectors.</summary>
    /// <param name="pass">Memory for the way back.</param>
    /// <param name="words">Different words; their steps are characters.</param>
    /// <param name="training">Whether a way back will follow.</param>
    private void Read(CharacterEmbedderPass pass, SequenceBatch words, bool training)
    {
        pass.Characters.Find(words.Tokens);
        pass.Embedded.Reserve((long)pass.Characters.Tokens.Length * _characters.Stride);
        _characters.Forward(pass.Characters.Tokens, pass.Embedded.Data);
        FloatBuffer states = _stack.Forward(pass.Stack, words, Characters(pass), Regularization.None, training);
        pass.Vectors.Reserve((long)words.Count * Stride);
        pass.Vectors.Clear((long)words.Count * Stride);
        CopyEnds(words, states, pass.Vectors, toStates: false);
    }

    /// <summary>
    /// From the pass's VectorGradients to the gradients of the parameters, which are added to, and of the characters' vectors.
    /// </summary>
    private void Learn(CharacterEmbedderPass pass, SequenceBatch words, FloatBuffer gradients, FloatBuffer dCharacters)
    {
        FloatBuffer dStates = pass.Stack.OutputGradient;
        dStates.Reserve((long)words.Rows * Stride);
        dStates.Clear((long)words.Rows * Stride);
        CopyEnds(words, dStates, pass.VectorGradients, toStates: true);
        _stack.Backward(pass.Stack, words, Characters(pass), Regularization.None, gradients, dCharacters);
    }

    private RecurrentInput Characters(CharacterEmbedderPass pass) => RecurrentInput.OfVectors(pass.Embedded.Data,
        _characters.Stride, pass.Characters.Tokens.Length, pass.Characters.Index);

    /// <summary>A word's vector of one direction.</summary>
    private float* VectorOf(FloatBuffer vectors, int word, int direction) =>
        vectors.Data + (long)word * Stride + direction * Stride / Directions;

    /// <summary>Between the words' vectors and the states in which each direction ends.</summary>
    private void CopyEnds(SequenceBatch words, FloatBuffer states, FloatBuffer vectors, bool toStates)
    {
        int width = Stride / Directions;
        for (int k = 0; k < words.Count && words.Length(k) > 0; k++)
            for (int d = 0; d < Directions; d++)
            {
                int row = d == 0 ? words.Offset(words.Length(k) - 1) + k : k;
                float* state = states.Data + (long)row * Stride + d * width, vector = VectorOf(vectors, k, d);
                Rows.Copy(toStates ? vector : state, toStates ? state : vector, width);
            }
    }
}
