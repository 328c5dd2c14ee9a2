using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// One batch on its way through a network: the sequences, what the outputs should be, and all that is remembered on the way.
/// One per thread or cursor; grows to the largest batch seen.
/// </summary>
/// <param name="network">The network.</param>
internal abstract class NetworkPass(Network network)
{
    private readonly FloatBuffer _decisions = new();

    /// <summary>The sequences that enter.</summary>
    public SequenceBatch Batch { get; } = new();

    /// <summary>What the outputs should be; filled before learning.</summary>
    public TargetBatch Targets { get; } = new();

    /// <summary>Has the scores [M, K] in its outputs; in learning, scratch memory.</summary>
    public OutputPass Output { get; } = network.Output.CreatePass();

    /// <summary>M: rows of outputs that the batch has.</summary>
    public abstract int OutputRows { get; }

    /// <summary>[M, D] what each row of outputs decides, where that was asked for.</summary>
    public ReadOnlySpan<float> Decisions => _decisions.Span;

    /// <summary>Room for what each row of outputs decides.</summary>
    public Span<float> ReserveDecisions()
    {
        int count = OutputRows * network.Output.DecisionSize;
        _decisions.Reserve(count);
        return _decisions.Span[..count];
    }

    /// <summary>[K] the scores of one row: the k-th longest sequence, or a step in the order of the batch's rows.</summary>
    public unsafe Span<float> ScoresOf(int row) =>
        new(Output.Outputs.Data + (long)row * network.Output.Stride, network.Output.NumberOfOutputs);

    /// <summary>Takes rows of a data set, or some of their steps.</summary>
    /// <param name="data">Where they are.</param>
    /// <param name="rows">Which, longest first.</param>
    /// <param name="numbers">What each is called, whatever shard it is in.</param>
    /// <param name="steps">Which of their steps.</param>
    public virtual void Load(SequenceDataset data, ReadOnlySpan<int> rows, ReadOnlySpan<int> numbers, StepRange steps) =>
        Batch.Pack(data, rows, numbers, network.Frames, steps);

    /// <summary>Gives each row of outputs its label, and its share of a weight.</summary>
    /// <param name="data">As in <see cref="Load"/>.</param>
    /// <param name="rows">As in <see cref="Load"/>.</param>
    /// <param name="total">What the weights are divided by; with 0 nothing counts.</param>
    /// <param name="classWeights">What each class counts on top; null: all alike.</param>
    /// <param name="firstStep">Which step of the rows is the batch's first.</param>
    public virtual void LoadTargets(SequenceDataset data, ReadOnlySpan<int> rows, double total, float[]? classWeights,
        int firstStep = 0)
    {
        ReserveTargets();
        data.Targets.Place(Batch, rows, firstStep, total, classWeights, Targets);
    }

    /// <summary>Room for the labels of the batch.</summary>
    public void ReserveTargets() => Targets.Reserve(OutputRows, network.Output.LabelSize);

    /// <summary>The states that the batch's sequences begin with.</summary>
    /// <param name="states">As an earlier piece has left them.</param>
    /// <param name="begins">Whether there was none: they begin at zero.</param>
    public abstract void RestoreStates(CarriedStates states, bool begins);

    /// <summary>Keeps the states that the batch's sequences end with, where they were restored to.</summary>
    public abstract void SaveStates();
}
