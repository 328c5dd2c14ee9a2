using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>
/// The entrance of a network: from the workspace's batch to what the first recurrent layer reads. Tokens become vectors of the
/// embedding or pick rows of the first layer's W; frames enter as they are.
/// </summary>
internal sealed unsafe class InputLayer
{
    /// <summary>Share of a batch's rows with different tokens up to which it pays to compute each token once.</summary>
    private const double MostDistinct = 0.75;

    private readonly NetworkSpec _spec;
    private readonly Embedding? _embedding;

    public InputLayer(NetworkSpec spec, ParameterSet parameters)
    {
        _spec = spec;
        if (spec.Input == SequenceInput.Tokens && spec.EmbeddingSize > 0)
            _embedding = new Embedding(parameters, spec.InputSize, spec.EmbeddingSize, spec.TiedEmbeddings);
    }

    /// <summary>Whether tokens pick rows of the first layer's W.</summary>
    public bool IsOneHot => _spec.Input == SequenceInput.Tokens && _embedding is null;

    /// <summary>Whether the vectors that enter are learned.</summary>
    public bool Learns => _embedding is not null;

    /// <summary>Numbers in a vector that enters the first layer; of one-hot tokens, V.</summary>
    public int Size => _embedding?.Table.Units ?? _spec.InputSize;

    /// <summary>Floats from one vector to the next.</summary>
    public int Stride => _embedding?.Stride ?? _spec.InputSize;

    /// <summary>The vectors of all keys.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public Parameter Table => _embedding?.Table ?? throw new InvalidOperationException("Tokens have no vectors in this network.");

    /// <summary>Adds the gradients of the vectors that entered to those of the table, where it is no table of the parameter set.</summary>
    public void AddTiedGradients(InputGradients inputs, FloatBuffer gradients)
    {
        if (_spec.TiedEmbeddings)
            _embedding!.AddGradients(inputs.Tokens, inputs.Embedded.Data, gradients);
    }

    public void Initialize(ref RandomStream random) => _embedding?.Initialize(ref random);

    /// <summary>
    /// The batch for scoring: each row on its own, or, where the first layer's projection is folded, as a key that picks a row of it.
    /// </summary>
    public RecurrentInput Read(Workspace w, bool isFolded) => isFolded ? RecurrentInput.OfKeys(w.Batch.Keys) : Read(w, w.Batch.Tokens, null);

    /// <summary>
    /// The batch for learning: each different token once, unless dropout makes every occurrence another vector, or so few tokens occur
    /// twice that going through memory in order is worth more.
    /// </summary>
    /// <param name="w">Has the batch.</param>
    /// <param name="drops">Whether there is dropout.</param>
    /// <param name="gradients">Is told which tokens' vectors enter.</param>
    public RecurrentInput ReadToLearn(Workspace w, bool drops, InputGradients gradients)
    {
        bool share = _spec.Input == SequenceInput.Tokens && !(drops && _embedding is not null);
        if (share)
        {
            w.DistinctTokens.Find(w.Batch.Tokens);
            share = _embedding is null || w.DistinctTokens.Tokens.Length < MostDistinct * w.Batch.Rows;
        }
        gradients.SetTokens(share ? w.DistinctTokens.Tokens : w.Batch.Tokens);
        return Read(w, gradients.Tokens, share ? w.DistinctTokens.Index : null);
    }

    /// <summary>Every key from 0, for folding.</summary>
    public RecurrentInput ReadVocabulary()
    {
        if (_embedding is not null)
            return RecurrentInput.OfVectors(_embedding.VectorOf(0), _embedding.Stride, _spec.InputSize + 1);
        uint[] keys = new uint[_spec.InputSize + 1];
        for (int key = 0; key < keys.Length; key++)
            keys[key] = (uint)key;
        return RecurrentInput.OfTokens(keys);
    }

    private RecurrentInput Read(Workspace w, ReadOnlySpan<uint> tokens, int* index)
    {
        if (_spec.Input == SequenceInput.Frames)
            return RecurrentInput.OfVectors(w.Batch.Frames.Data, _spec.InputSize, w.Batch.Rows);
        if (_embedding is null)
            return RecurrentInput.OfTokens(tokens, index);
        w.Embedded.Reserve((long)tokens.Length * _embedding.Stride);
        _embedding.Forward(tokens, w.Embedded.Data);
        return RecurrentInput.OfVectors(w.Embedded.Data, _embedding.Stride, tokens.Length, index);
    }
}
