using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// A network of any topology: its parameters, and the way of one batch through it, forward and back. Training,
/// validation and files know no more of a network than this.
/// </summary>
/// <param name="frames">What happens to the numbers that enter.</param>
/// <param name="labels">What happens to labels that are numbers.</param>
internal abstract class Network(FrameTransform frames, LabelTransform labels)
{
    /// <summary>The shape.</summary>
    public abstract NetworkSpec Spec { get; }

    public FrameTransform Frames => frames;

    public LabelTransform Labels => labels;

    public ParameterSet Parameters { get; } = new();

    /// <summary>What the outputs mean.</summary>
    public abstract OutputLayer Output { get; }

    /// <summary>
    /// A network of the same shape and weights, without what only training needs. Its weights are floats, also where these are
    /// 8-bit.
    /// </summary>
    public Network Copy()
    {
        Network copy = Spec.CreateNetwork(frames, labels);
        copy.Parameters.Allocate();
        Parameters.Values.Span.CopyTo(copy.Parameters.Values.Span);
        return copy;
    }

    /// <summary>
    /// As <see cref="Copy"/>, but of these weights themselves. The memory of a large network is not taken a second time, and what
    /// only training needs can be let go of with this one, which must learn no more.
    /// </summary>
    public Network WithoutTraining()
    {
        Network trained = Spec.CreateNetwork(frames, labels);
        trained.Parameters.ShareValues(Parameters);
        return trained;
    }

    /// <summary>A network of the same shape that scores with 8-bit weights; itself, where it already does.</summary>
    public Network WithEightBitWeights()
    {
        if (Parameters.EightBits is not null)
            return this;
        Network rounded = Copy();
        rounded.Parameters.EightBits = EightBitScales.Round(rounded.Parameters);
        return rounded;
    }

    /// <summary>Memory for the way of a batch through the network.</summary>
    public abstract NetworkPass CreatePass();

    /// <summary>Room for the states that a batch's pieces hand on; of networks that read in pieces.</summary>
    public abstract CarriedStates CreateCarriedStates();

    /// <summary>Takes what a shard's batch leaves for the tables whose rows tokens pick, in the tables' order.</summary>
    public abstract EmbeddingGradients[] CreateEmbeddingGradients();

    /// <summary>Draws the first weights.</summary>
    /// <param name="seed">The same seed draws the same weights.</param>
    /// <param name="embeddingDeviation">Of the numbers that tokens' vectors begin with.</param>
    public abstract void Initialize(int seed, float embeddingDeviation = 1);

    /// <summary>Makes the network able to learn; returns the transposes to refresh before each batch.</summary>
    public abstract Transposed[] PrepareTraining();

    /// <summary>From the pass's batch, as for scoring, to what the output layer reads: [M, D].</summary>
    public abstract FeatureRows ReadFeatures(NetworkPass pass);

    /// <summary>From the pass's batch to its outputs: the scores [M, K].</summary>
    /// <param name="pass">Has the batch.</param>
    /// <param name="decisions">
    /// [M, D] becomes what each row of outputs decides: the class, the logit or the value; of a CRF the tags of the likeliest
    /// sequence, which the scores of each step by itself do not tell. Empty: not asked for.
    /// </param>
    public void Predict(NetworkPass pass, Span<float> decisions = default) =>
        Output.Predict(ReadFeatures(pass), pass.Output, decisions);

    /// <summary>The loss of each of the M rows of outputs by its label, as the network would predict it.</summary>
    /// <param name="pass">Has the batch and its targets.</param>
    /// <param name="losses">[M] written.</param>
    public void Losses(NetworkPass pass, Span<double> losses) =>
        Output.Losses(ReadFeatures(pass), pass.Targets.Labels, pass.Output, losses);

    /// <summary>The weighted sum of the batch's losses, as they are without anything that only training adds.</summary>
    /// <param name="pass">Has the batch and its targets.</param>
    /// <param name="decisions">[M, D] becomes what each row of outputs decides.</param>
    public double Evaluate(NetworkPass pass, Span<float> decisions) =>
        Output.Evaluate(ReadFeatures(pass), pass.Targets.Labels, pass.Targets.Weights, pass.Output, decisions);

    /// <summary>The weighted sum of the batch's losses, and the gradients of all parameters.</summary>
    /// <param name="pass">Has the batch and its targets.</param>
    /// <param name="regularization">Of this update.</param>
    /// <param name="gradients">Of all parameters but the tables; added to.</param>
    /// <param name="tables">
    /// As <see cref="CreateEmbeddingGradients"/> made them: become what the tables' gradients are summed from.
    /// </param>
    public abstract double Learn(NetworkPass pass, in Regularization regularization, FloatBuffer gradients,
        EmbeddingGradients[] tables);
}
