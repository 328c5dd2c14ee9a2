using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// The entrance of a network: from the steps of a batch to the vectors that the first recurrent layer reads.
/// Each feature becomes some of a vector's numbers, side by side without padding between them. A feature alone takes a shorter
/// way: frames enter as they are, the vector of a token that occurs often is computed once, and one-hot tokens pick rows of the
/// first layer's W.
/// </summary>
internal sealed unsafe class StepEmbedder
{
    /// <summary>Share of a batch's rows with different tokens up to which it pays to compute each token once.</summary>
    private const double MostDistinct = 0.75;

    private readonly FeatureEmbedder[] _features;
    private readonly int[] _columns;
    private readonly int _maskedFeature;

    /// <param name="parameters">Takes the features' parameters.</param>
    /// <param name="features">
    /// In the order of their numbers. One-hot tokens alone need no parameters: each picks a row of the first layer's W.
    /// </param>
    /// <param name="isTied">Whether the output layer has the weights of the only feature's embedding.</param>
    /// <param name="table">The name of the table of the first feature that is tokens.</param>
    public StepEmbedder(ParameterSet parameters, StepFeatures features, bool isTied = false,
        string table = Embedding.TableName)
    {
        IsOneHot = features is [{ IsOneHot: true }];
        _maskedFeature = features.FirstTokens;
        _features = IsOneHot ? [] : [.. features.Select((feature, place) => FeatureEmbedder.Create(parameters, place, feature,
            // people count from 1
            place == features.FirstTokens ? table : Invariant($"feature{place + 1}.embedding"), isTied))];
        _columns = new int[_features.Length];
        for (int i = 0; i < _features.Length; i++)
        {
            _columns[i] = Size;
            Size = checked(Size + features[i].VectorSize);
        }
        if (IsOneHot)
            Size = features[0].Size;
    }

    /// <summary>Whether tokens pick rows of the first layer's W.</summary>
    public bool IsOneHot { get; }

    /// <summary>I: numbers in a vector that enters; of one-hot tokens, V.</summary>
    public int Size { get; }

    /// <summary>Whether the vectors that enter are learned.</summary>
    public bool Learns => _features.Any(feature => feature.Learns);

    /// <summary>Whether dropout acts on the vectors that enter.</summary>
    public bool Drops => Learns || _features.Length > 1;

    /// <summary>The vectors of tokens alone.</summary>
    /// <exception cref="InvalidOperationException">There are none.</exception>
    public Parameter Table => Single?.Table ?? throw new InvalidOperationException("Tokens have no vectors in this network.");

    /// <summary>The embedding of tokens alone.</summary>
    private Embedding? Single => _features is [TokenEmbedder tokens] ? tokens.Embedding : null;

    /// <summary>Floats from one vector of several features to the next.</summary>
    private int Stride => Rows.Padded(Size);

    public StepEmbedderPass CreatePass() =>
        new(IsOneHot ? Size : _features[0].Feature.Size, [.. _features.Select(feature => feature.CreatePass())]);

    /// <summary>Takes what a shard's batch leaves for each table, in the order of the tables.</summary>
    public IEnumerable<EmbeddingGradients> CreateGradients()
    {
        foreach (FeatureEmbedder feature in _features)
            if (feature.CreateGradients() is { } gradients)
                yield return gradients;
    }

    /// <summary>Draws the first weights.</summary>
    /// <param name="random">Where from.</param>
    /// <param name="deviation">Of the numbers that tokens' vectors begin with.</param>
    public void Initialize(ref RandomStream random, float deviation)
    {
        foreach (FeatureEmbedder feature in _features)
            feature.Initialize(ref random, deviation);
    }

    public IEnumerable<Transposed> PrepareTraining() => _features.SelectMany(feature => feature.PrepareTraining());

    /// <summary>
    /// The batch for scoring: each row on its own, or, where the first layer's projection is precomputed, as a key that picks a
    /// row of it.
    /// </summary>
    public RecurrentInput Read(StepEmbedderPass pass, SequenceBatch batch, bool isPrecomputed) =>
        isPrecomputed ? RecurrentInput.OfKeys(batch.Features[0].Keys) : Read(pass, batch, batch.Tokens, null, training: false);

    /// <summary>
    /// The batch for learning: each different token once, unless dropout makes every occurrence another vector,
    /// or so few tokens occur twice that going through memory in order is worth more.
    /// </summary>
    /// <param name="pass">Memory for the way back.</param>
    /// <param name="batch">The steps.</param>
    /// <param name="drops">Whether there is dropout.</param>
    /// <param name="tables">The first is told which tokens' vectors enter.</param>
    public RecurrentInput ReadToLearn(StepEmbedderPass pass, SequenceBatch batch, bool drops,
        ReadOnlySpan<EmbeddingGradients> tables)
    {
        if (!IsOneHot && Single is null)
            return Read(pass, batch, tokens: [], index: null, training: true);
        bool share = IsOneHot || !drops;
        if (share)
        {
            pass.DistinctTokens.Find(batch.Tokens);
            share = IsOneHot || pass.DistinctTokens.Tokens.Length < MostDistinct * batch.Rows;
        }
        tables[0].SetTokens(share ? pass.DistinctTokens.Tokens : batch.Tokens);
        return Read(pass, batch, tables[0].Tokens, share ? pass.DistinctTokens.Index : null, training: true);
    }

    /// <summary>Makes tokens unknown that word dropout hides: those of the first feature that is tokens.</summary>
    public void MaskTokens(SequenceBatch batch, Dropout words)
    {
        if (!words.Drops || _maskedFeature < 0)
            return;
        BatchFeature tokens = batch.Features[_maskedFeature];
        for (int t = 0; t < batch.Steps; t++)
            for (int k = 0; k < batch.Alive(t); k++)
                if (words.DropsToken(batch.Number(k), t))
                    tokens.MaskToken(batch.Offset(t) + k);
    }

    /// <summary>Where the way back puts the gradients of the vectors that entered; null where nobody learns from them.</summary>
    public FloatBuffer? VectorGradients(StepEmbedderPass pass, ReadOnlySpan<EmbeddingGradients> tables) =>
        !Learns ? null : Single is not null ? tables[0].Vectors[0] : pass.Gradients;

    /// <summary>
    /// From the gradients of vectors of several features to those of the features' parameters; of one feature they are all there
    /// is.
    /// </summary>
    public void Backward(StepEmbedderPass pass, SequenceBatch batch, FloatBuffer gradients,
        ReadOnlySpan<EmbeddingGradients> tables)
    {
        if (!Learns || Single is not null)
            return;
        for (int i = 0, table = 0; i < _features.Length; i++)
            _features[i].Backward(pass.Features[i], batch, pass.Gradients.Data + _columns[i], Stride, gradients,
                _features[i].Learns ? tables[table++] : null);
    }

    /// <summary>
    /// Adds the gradients of the vectors that entered to those of a tied table, which is no table of the parameter set.
    /// </summary>
    public void AddTiedGradients(ReadOnlySpan<EmbeddingGradients> tables, FloatBuffer gradients) =>
        Single!.AddGradients(tables[0].Tokens, tables[0].Vectors[0].Data, gradients);

    /// <summary>Every key from 0, for precomputing.</summary>
    public RecurrentInput ReadVocabulary()
    {
        if (Single is { } embedding)
            return RecurrentInput.OfVectors(embedding.VectorOf(0), embedding.Stride, embedding.Table.Rows);
        uint[] keys = new uint[Size + 1];
        for (int key = 0; key < keys.Length; key++)
            keys[key] = (uint)key;
        return RecurrentInput.OfTokens(keys);
    }

    private RecurrentInput Read(StepEmbedderPass pass, SequenceBatch batch, ReadOnlySpan<uint> tokens, int* index, bool training)
    {
        if (IsOneHot)
            return RecurrentInput.OfTokens(tokens, index);
        if (_features is [FrameEmbedder])
            return RecurrentInput.OfVectors(batch.Frames.Data, Size, batch.Rows);
        if (Single is not { } embedding)
            return ReadAll(pass, batch, training);
        pass.Embedded.Reserve((long)tokens.Length * embedding.Stride);
        embedding.Forward(tokens, pass.Embedded.Data);
        return RecurrentInput.OfVectors(pass.Embedded.Data, embedding.Stride, tokens.Length, index);
    }

    /// <summary>The vectors of all features side by side. The padding behind them is never written: it stays zero.</summary>
    private RecurrentInput ReadAll(StepEmbedderPass pass, SequenceBatch batch, bool training)
    {
        if (batch.Features.Length != _features.Length)
            throw new InvalidOperationException(
                Invariant($"The network reads {_features.Length} features at each step; the batch has {batch.Features.Length}."));
        pass.Vectors.Reserve((long)batch.Rows * Stride);
        for (int i = 0; i < _features.Length; i++)
            _features[i].Forward(pass.Features[i], batch, pass.Vectors.Data + _columns[i], Stride, training);
        return RecurrentInput.OfVectors(pass.Vectors.Data, Stride, batch.Rows);
    }
}
