using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>What a <see cref="RecurrentStack"/> remembers between forward and backward, for one batch.</summary>
internal sealed class StackPass
{
    internal StackPass(IReadOnlyList<RecurrentLayer> layers)
    {
        Directions = [.. layers.Select(layer => layer.CreatePasses())];
        States = [.. layers.Select(_ => new FloatBuffer())];
        DroppedStates = [.. layers.Select(_ => new FloatBuffer())];
        StateGradients = [.. layers.Select(_ => new FloatBuffer())];
    }

    /// <summary>For each layer, of each direction.</summary>
    public RecurrentPass[][] Directions { get; }

    /// <summary>[rows, D] dLoss/dOutput, where the output is the top layer's states; to be filled before the way back.</summary>
    public FloatBuffer OutputGradient => StateGradients[^1];

    /// <summary>For each layer [rows, D] its states.</summary>
    internal FloatBuffer[] States { get; }

    /// <summary>The states as the layer above reads them, where dropout acts on them.</summary>
    internal FloatBuffer[] DroppedStates { get; }

    internal FloatBuffer[] StateGradients { get; }

    /// <summary>Of the values that dropout acts on at present; drawn anew for each place.</summary>
    internal DropoutMask Mask { get; } = new();

    /// <summary>
    /// Whether the way back is to go on to the states that sequences began with: their gradients are then in the directions'
    /// HiddenGradient and CellStateGradient.
    /// </summary>
    public bool WantsInitialGradient
    {
        set
        {
            foreach (RecurrentPass[] layer in Directions)
                foreach (RecurrentPass direction in layer)
                    direction.WantsInitialGradient = value;
        }
    }

    /// <summary>Where the rows of weight gradients wait, of a batch that goes its way back in several passes.</summary>
    public PendingRows Pending
    {
        set
        {
            foreach (RecurrentPass[] layer in Directions)
                foreach (RecurrentPass direction in layer)
                    direction.Pending = value;
        }
    }

    /// <summary>
    /// The way back goes on where that of a later part of the same sequences has ended. Of stacks with one direction.
    /// </summary>
    /// <param name="later">The pass of the later part.</param>
    /// <param name="continued">How many of the sequences, the first ones, it has.</param>
    /// <param name="sequences">How many there are.</param>
    public void TakeLaterGradient(StackPass later, int continued, int sequences)
    {
        for (int l = 0; l < Directions.Length; l++)
            Directions[l][0].TakeLaterGradient(later.Directions[l][0], continued, sequences);
    }

    /// <summary>
    /// The next batch goes on with the states that its sequences were left in, or begins them. Of stacks with one direction.
    /// </summary>
    public void RestoreStates(CarriedStates states, bool begins)
    {
        for (int l = 0; l < Directions.Length; l++)
        {
            (Directions[l][0].InitialHidden, Directions[l][0].InitialCellState) = (states.Hidden[l], states.CellStates[l]);
            Directions[l][0].HasInitialState = !begins;
        }
    }

    /// <summary>
    /// Leaves the batch's states, where <see cref="RestoreStates"/> found them, to the next part of its sequences.
    /// </summary>
    public void SaveStates(SequenceBatch batch)
    {
        foreach (RecurrentPass[] layer in Directions)
        {
            layer[0].KeepStates(batch);
            layer[0].HasInitialState = false;
        }
    }
}
