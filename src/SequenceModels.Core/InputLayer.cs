using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>
/// The entrance of a network: from the workspace's batch to what the first recurrent layer reads. Tokens become vectors of the
/// embedding or pick rows of the first layer's W; frames enter as they are. Where a step has further features, the vectors of all stand
/// side by side.
/// </summary>
internal sealed unsafe class InputLayer
{
    /// <summary>Share of a batch's rows with different tokens up to which it pays to compute each token once.</summary>
    private const double MostDistinct = 0.75;

    private readonly NetworkSpec _spec;
    private readonly Embedding? _embedding;
    private readonly FurtherFeatures? _further;

    public InputLayer(NetworkSpec spec, ParameterSet parameters)
    {
        _spec = spec;
        if (spec.Input == SequenceInput.Tokens && spec.EmbeddingSize > 0)
            _embedding = new Embedding(parameters, spec.InputSize, spec.EmbeddingSize, tied: spec.TiedEmbeddings);
        if (spec.Features.Count == 0)
            return;
        _further = new FurtherFeatures(parameters, spec.Features, FirstSize);
    }

    /// <summary>Whether tokens pick rows of the first layer's W.</summary>
    public bool IsOneHot => _spec.Input == SequenceInput.Tokens && _embedding is null;

    /// <summary>Whether the vectors that enter are learned.</summary>
    public bool Learns => _embedding is not null || _further?.Learn == true;

    /// <summary>Whether dropout acts on the vectors that enter.</summary>
    public bool Drops => _embedding is not null || _further is not null;

    /// <summary>Numbers in a vector that enters the first layer; of one-hot tokens, V.</summary>
    public int Size => _further?.Size ?? FirstSize;

    private int FirstSize => _embedding?.Table.Units ?? _spec.InputSize;

    /// <summary>Floats from one vector of several features to the next.</summary>
    private int Stride => Rows.Padded(Size);

    public InputPass CreatePass() => new(_further?.CreatePasses() ?? []);

    public void Initialize(ref RandomStream random)
    {
        _embedding?.Initialize(ref random);
        _further?.Initialize(ref random);
    }

    public IEnumerable<Transposed> PrepareTraining() => _further?.PrepareTraining() ?? [];

    /// <summary>The network's tables, by the tokens that pick their rows.</summary>
    /// <param name="count">How many there are.</param>
    public IEnumerable<TokenTables> Tables(int count)
    {
        int first = _spec.Input == SequenceInput.Frames ? 0 : count - (_further?.Tables(0).Count() ?? 0);
        if (first > 0)
            yield return new TokenTables(0, 0, first, _spec.InputSize);
        foreach (TokenTables tables in _further?.Tables(first) ?? [])
            yield return tables;
    }

    /// <summary>The vectors of all keys.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public Parameter Table => _embedding?.Table ?? throw new InvalidOperationException("Tokens have no vectors in this network.");

    /// <summary>Adds the gradients of the vectors that entered to those of the table, where it is no table of the parameter set.</summary>
    public void AddTiedGradients(InputGradients inputs, FloatBuffer gradients)
    {
        if (_spec.TiedEmbeddings)
            _embedding!.AddGradients(inputs.Tokens, inputs.Embedded.Data, gradients);
    }

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
        bool share = _spec.Input == SequenceInput.Tokens && !(drops && _embedding is not null) && _further is null;
        if (share)
        {
            w.DistinctTokens.Find(w.Batch.Tokens);
            share = _embedding is null || w.DistinctTokens.Tokens.Length < MostDistinct * w.Batch.Rows;
        }
        gradients.SetTokens(share ? w.DistinctTokens.Tokens : w.Batch.Tokens);
        return Read(w, gradients.Tokens, share ? w.DistinctTokens.Index : null, learns: true);
    }

    /// <summary>Where the way back puts the gradients of the vectors that entered.</summary>
    public FloatBuffer VectorGradients(Workspace w, InputGradients gradients) => _further is null ? gradients.Embedded : w.Input.Gradients;

    /// <summary>From the gradients of vectors of several features to those of the features' parameters; of one feature they are all there is.</summary>
    public void Backward(Workspace w, FloatBuffer gradients, InputGradients inputs)
    {
        if (_further is null || !Learns)
            return;
        if (_embedding is not null)
            inputs.TakeVectors(w.Input.Gradients.Data, Stride, _embedding.Table);
        _further.Backward(w.Input, w.Batch, Stride, gradients, inputs);
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

    private RecurrentInput Read(Workspace w, ReadOnlySpan<uint> tokens, int* index, bool learns = false)
    {
        if (_further is not null)
            return ReadAll(w, learns);
        if (_spec.Input == SequenceInput.Frames)
            return RecurrentInput.OfVectors(w.Batch.Frames.Data, _spec.InputSize, w.Batch.Rows);
        if (_embedding is null)
            return RecurrentInput.OfTokens(tokens, index);
        w.Embedded.Reserve((long)tokens.Length * _embedding.Stride);
        _embedding.Forward(tokens, w.Embedded.Data);
        return RecurrentInput.OfVectors(w.Embedded.Data, _embedding.Stride, tokens.Length, index);
    }

    /// <summary>The vectors of all features side by side. The padding behind them is never written: it stays zero.</summary>
    private RecurrentInput ReadAll(Workspace w, bool learns)
    {
        int rows = w.Batch.Rows;
        w.Input.Vectors.Reserve((long)rows * Stride);
        float* vectors = w.Input.Vectors.Data;
        if (_embedding is not null)
            _embedding.Forward(w.Batch.Tokens, vectors, Stride);
        else
            for (int row = 0; row < rows; row++)
                Rows.Copy(w.Batch.Frames.Data + (long)row * FirstSize, vectors + (long)row * Stride, FirstSize);
        _further!.Forward(w.Input, w.Batch, Stride, remembers: learns);
        return RecurrentInput.OfVectors(vectors, Stride, rows);
    }
}
