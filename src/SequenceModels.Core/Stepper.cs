using SequenceModels.Heads;
using SequenceModels.Layers;

namespace SequenceModels;

/// <summary>
/// Feeds a network one step at a time and keeps its states in between: the score after each step is the one that the whole sequence
/// so far would have, to the bit. Allocates nothing after its first step. One per stream; the network is shared.
/// </summary>
internal sealed class Stepper
{
    private readonly NetworkLayers _layers;
    private readonly Workspace _workspace;

    /// <exception cref="NotSupportedException">The network reads to the end before it scores: it is bidirectional, pools over steps, or has a CRF.</exception>
    public Stepper(NetworkLayers layers)
    {
        NetworkSpec spec = layers.Spec;
        if (spec.Bidirectional)
            throw new NotSupportedException("A bidirectional network reads a sequence from its end too: it cannot be fed step by step.");
        if (spec.Head == HeadKind.Crf)
            throw new NotSupportedException("The CRF of this network tells a step's tag by the steps behind it too: it cannot be fed step by step.");
        if (!spec.EveryStep && spec.Pooling != SequencePooling.Last)
            throw new NotSupportedException($"A network with {spec.Pooling} pooling cannot be fed step by step; use {SequencePooling.Last}.");
        if (spec.Features.Count > 0)
            throw new NotSupportedException("A network whose steps have several features cannot be fed step by step.");
        _layers = layers;
        _workspace = layers.CreateWorkspace();
    }

    /// <summary>Takes one token.</summary>
    /// <returns>[K] the scores so far; valid until the next step.</returns>
    public ReadOnlySpan<float> Step(uint token)
    {
        _workspace.Batch.Pack([token], _layers.Spec.InputSize);
        return Advance();
    }

    /// <summary>Takes one frame [F].</summary>
    /// <returns>[K] the scores so far; valid until the next step.</returns>
    public ReadOnlySpan<float> Step(ReadOnlySpan<float> frame)
    {
        _workspace.Batch.Pack(frame, _layers.Spec.InputSize, _layers.Frames);
        return Advance();
    }

    /// <summary>Begins a new sequence.</summary>
    public void Restart()
    {
        foreach (RecurrentPass[] layer in _workspace.Passes)
            layer[0].HasInitialState = false;
    }

    private ReadOnlySpan<float> Advance()
    {
        _layers.Predict(_workspace);
        foreach (RecurrentPass[] layer in _workspace.Passes)
            layer[0].KeepStates(_workspace.Batch);
        return _workspace.ScoresOf(0);
    }
}
