using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// One feature of the steps on its way into a network: it becomes some of the numbers of the vector that enters at each step.
/// </summary>
/// <param name="place">Its place among the features, from 0.</param>
/// <param name="feature">What it is.</param>
internal abstract unsafe class FeatureEmbedder(int place, StepFeature feature)
{
    public int Place => place;

    public StepFeature Feature => feature;

    /// <summary>Whether its numbers are learned: it then has a table whose rows are picked.</summary>
    public virtual bool Learns => false;

    /// <summary>Makes the embedder of a feature, and its parameters.</summary>
    /// <param name="parameters">Takes the parameters.</param>
    /// <param name="place">The feature's place, from 0.</param>
    /// <param name="feature">What it is.</param>
    /// <param name="table">What the table of a feature of tokens is called.</param>
    /// <param name="isTied">Whether the output layer has the weights of the table.</param>
    public static FeatureEmbedder Create(ParameterSet parameters, int place, StepFeature feature, string table, bool isTied) =>
        feature.Kind switch
        {
            StepFeatureKind.Tokens =>
                new TokenEmbedder(place, feature, new Embedding(parameters, feature.Size, feature.EmbeddingSize, table, isTied)),
            StepFeatureKind.Characters =>
                new CharacterEmbedder(parameters, Invariant($"feature{place + 1}.characters"), place, feature),
            StepFeatureKind.Subwords =>
                new SubwordEmbedder(parameters, Invariant($"feature{place + 1}.subwords"), place, feature),
            _ => new FrameEmbedder(place, feature),
        };

    public virtual FeatureEmbedderPass? CreatePass() => null;

    /// <summary>Takes what a shard's batch leaves for the table; null where there is none.</summary>
    public virtual EmbeddingGradients? CreateGradients() => null;

    /// <summary>Draws the first weights.</summary>
    /// <param name="random">Where from.</param>
    /// <param name="deviation">Of the numbers that tokens' vectors begin with.</param>
    public virtual void Initialize(ref RandomStream random, float deviation) { }

    /// <summary>The transposes that training must refresh after each update.</summary>
    public virtual IEnumerable<Transposed> PrepareTraining() => [];

    /// <summary>Writes the feature's numbers of each step.</summary>
    /// <param name="pass">As <see cref="CreatePass"/> made it.</param>
    /// <param name="batch">Has the values.</param>
    /// <param name="to">[rows, I'], <paramref name="stride"/> floats a row.</param>
    /// <param name="stride">Floats from one step's vector to the next.</param>
    /// <param name="training">Whether Backward will follow.</param>
    public abstract void Forward(FeatureEmbedderPass? pass, SequenceBatch batch, float* to, nint stride, bool training);

    /// <summary>From the gradients of the feature's numbers to those of its parameters.</summary>
    /// <param name="pass">As Forward left it.</param>
    /// <param name="batch">As in Forward.</param>
    /// <param name="from">[rows, I'].</param>
    /// <param name="stride">As in Forward.</param>
    /// <param name="gradients">Of all parameters but the tables; added to.</param>
    /// <param name="table">Becomes what the table's gradient is summed from; of features that learn.</param>
    public virtual void Backward(FeatureEmbedderPass? pass, SequenceBatch batch, float* from, nint stride, FloatBuffer gradients,
        EmbeddingGradients? table)
    { }
}

/// <summary>Keys, each of which has a learned vector.</summary>
internal sealed unsafe class TokenEmbedder(int place, StepFeature feature, Embedding embedding) : FeatureEmbedder(place, feature)
{
    /// <summary>The vectors.</summary>
    public Embedding Embedding => embedding;

    public override bool Learns => true;

    public override EmbeddingGradients CreateGradients() => new([embedding.Table], Feature.Size, hasUnknownRow: true);

    public override void Initialize(ref RandomStream random, float deviation) => embedding.Initialize(ref random, deviation);

    public override void Forward(FeatureEmbedderPass? pass, SequenceBatch batch, float* to, nint stride, bool training) =>
        embedding.Forward(batch.Features[Place].Tokens, to, stride);

    public override void Backward(FeatureEmbedderPass? pass, SequenceBatch batch, float* from, nint stride, FloatBuffer gradients,
        EmbeddingGradients? table)
    {
        table!.SetTokens(batch.Features[Place].Tokens);
        table.TakeVectors(from, stride);
    }
}

/// <summary>Numbers, which enter as they are.</summary>
internal sealed unsafe class FrameEmbedder(int place, StepFeature feature) : FeatureEmbedder(place, feature)
{
    public override void Forward(FeatureEmbedderPass? pass, SequenceBatch batch, float* to, nint stride, bool training)
    {
        float* frames = batch.Features[Place].Frames.Data;
        for (int row = 0; row < batch.Rows; row++)
            Rows.Copy(frames + (long)row * Feature.Size, to + row * stride, Feature.Size);
    }
}
