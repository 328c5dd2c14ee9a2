using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>What one layer and direction remembers between forward and backward, for one batch.</summary>
internal sealed unsafe class RecurrentPass
{
    private int _hidden;

    /// <summary>[panel][rows][G·U] Wx, then the gates' values, then dWx.</summary>
    public FloatBuffer Wx { get; } = new();

    /// <summary>[panel][rows][G·U] Rh, then dRh; only of cells that take their products apart.</summary>
    public FloatBuffer Rh { get; } = new();

    /// <summary>[panel][picked rows][G·U] the projected input of each token, where rows of the batch share them.</summary>
    public FloatBuffer Projected { get; } = new();

    /// <summary>[panel][picked rows][G·U] its gradient.</summary>
    public FloatBuffer GatheredGradient { get; set; } = new();

    /// <summary>
    /// [rows + B, H] the hidden state before each step, and behind the last row the states that the last step has left.
    /// </summary>
    public FloatBuffer PreviousHidden { get; } = new();

    /// <summary>[rows + B, H] the cell state before each step, and behind the last row what the last step has left.</summary>
    public FloatBuffer PreviousCellState { get; } = new();

    /// <summary>[rows, S·H] what the cell saves for its way back.</summary>
    public FloatBuffer Saved { get; } = new();

    /// <summary>[B, H] the states that sequences begin with; empty: zero.</summary>
    public FloatBuffer InitialHidden { get; set; } = new();

    public FloatBuffer InitialCellState { get; set; } = new();

    /// <summary>Whether sequences begin with the initial states instead of zero.</summary>
    public bool HasInitialState { get; set; }

    /// <summary>Whether the way back is to go on to the states that sequences began with.</summary>
    public bool WantsInitialGradient { get; set; }

    /// <summary>
    /// Whether the way back begins with what <see cref="TakeLaterGradient"/> took, instead of zero: the states that sequences end
    /// with are read by somebody.
    /// </summary>
    private bool HasLaterGradient { get; set; }

    /// <summary>
    /// [B, H] dLoss/dh on its way to the earlier step; after the way back that of the states that sequences began with, where
    /// <see cref="WantsInitialGradient"/>.
    /// </summary>
    public FloatBuffer HiddenGradient { get; } = new();

    /// <summary>[B, H] the same of the cell state.</summary>
    public FloatBuffer CellStateGradient { get; } = new();

    /// <summary>What of the hidden state the recurrent product sees.</summary>
    public DropoutMask RecurrentMask { get; } = new();

    /// <summary>[rows, H] the hidden state before each step as the product sees it; not used where it sees all of it.</summary>
    public FloatBuffer MaskedHidden { get; } = new();

    /// <summary>[B, H] dLoss/dh that came through the product, before the mask; likewise.</summary>
    public FloatBuffer MaskedGradient { get; } = new();

    /// <summary>Steps between the cuts that no gradient crosses; 0: there are none.</summary>
    public int TruncatedSteps { get; set; }

    /// <summary>
    /// Where the rows of weight gradients wait, of a batch that goes its way back in several passes; null: there is but this one.
    /// </summary>
    public PendingRows? Pending { get; set; }

    /// <summary>Is shown each step of the way back. Null, as in training: nobody looks.</summary>
    public IBackwardObserver? Observer { get; set; }

    /// <summary>[n, H] what the recurrent product of the present step sees, ready for all panels.</summary>
    public ProductInput Seen { get; set; }

    /// <summary>The row of the states that the last forward pass has left in PreviousHidden and PreviousCellState.</summary>
    public int LastStates { get; set; }

    /// <summary>
    /// The states that the last forward pass has left become those that the next begins with. Meant for sequences of equal length
    /// read forward: shorter ones have left theirs elsewhere, and what is kept for them means nothing.
    /// </summary>
    public void KeepStates(SequenceBatch batch)
    {
        Keep(PreviousHidden, InitialHidden, batch.Count);
        if (PreviousCellState.Length > 0)
            Keep(PreviousCellState, InitialCellState, batch.Count);
        HasInitialState = true;
    }

    /// <summary>Makes room for a forward pass.</summary>
    /// <param name="cell">The memory.</param>
    /// <param name="hidden">H, padded.</param>
    /// <param name="rows">Rows of Wx to keep: all where Backward follows, else those of a chunk.</param>
    /// <param name="states">Rows of states to keep.</param>
    public void Reserve(RecurrentCell cell, int hidden, int rows, int states)
    {
        _hidden = hidden;
        Wx.Reserve((long)rows * hidden * cell.Gates);
        PreviousHidden.Reserve((long)states * hidden);
        if (cell.SeparateProducts)
            Rh.Reserve((long)rows * hidden * cell.Gates);
        if (cell.SavedValues > 0)
            Saved.Reserve((long)rows * hidden * cell.SavedValues);
        if (cell.HasCellState)
            PreviousCellState.Reserve((long)states * hidden);
        if (RecurrentMask.Drops)
            MaskedHidden.Reserve((long)states * hidden);
    }

    /// <summary>[count, H] what the recurrent product of a step sees of the state before it.</summary>
    public float* MaskStates(int row, int count)
    {
        if (RecurrentMask.Drops)
        {
            RecurrentMask.Apply(PreviousHidden.Data + (long)row * _hidden, firstRow: 0, count,
                MaskedHidden.Data + (long)row * _hidden);
        }
        return SeenStates(row);
    }

    /// <summary>The same of any steps, once they have been masked.</summary>
    public float* SeenStates(int row) => (RecurrentMask.Drops ? MaskedHidden : PreviousHidden).Data + (long)row * _hidden;

    /// <summary>Makes room for the backward pass and clears the gradients that it carries through time.</summary>
    public void BeginBackward(RecurrentCell cell, int hidden, int sequences)
    {
        long states = (long)sequences * hidden;
        if (RecurrentMask.Drops)
            MaskedGradient.Reserve(states);
        if (HasLaterGradient)
        {
            HasLaterGradient = false;
            return;
        }
        HiddenGradient.Reserve(states);
        HiddenGradient.Clear(states);
        if (!cell.HasCellState)
            return;
        CellStateGradient.Reserve(states);
        CellStateGradient.Clear(states);
    }

    /// <summary>
    /// The way back goes on where that of another pass has ended: the states that this one's sequences end with are those that
    /// the other's begin with.
    /// </summary>
    /// <param name="later">The other pass; its sequences are the first of this one's.</param>
    /// <param name="continued">How many it has.</param>
    /// <param name="sequences">How many this one has.</param>
    public void TakeLaterGradient(RecurrentPass later, int continued, int sequences)
    {
        Take(later.HiddenGradient, HiddenGradient, continued, sequences);
        if (PreviousCellState.Length > 0)
            Take(later.CellStateGradient, CellStateGradient, continued, sequences);
        HasLaterGradient = true;
    }

    private void Take(FloatBuffer from, FloatBuffer to, int continued, int sequences)
    {
        to.Reserve((long)sequences * _hidden);
        Rows.Copy(from.Data, to.Data, (long)continued * _hidden);
        new Span<float>(to.Data + (long)continued * _hidden, (sequences - continued) * _hidden).Clear();
    }

    /// <summary>[count, H] where the gradient that comes through the recurrent product is added.</summary>
    public float* BeginProductGradient(int count)
    {
        if (!RecurrentMask.Drops)
            return HiddenGradient.Data;
        MaskedGradient.Clear((long)count * _hidden);
        return MaskedGradient.Data;
    }

    /// <summary>
    /// Ends a step of the way back: the mask acts on the product's gradient, and nothing goes on from steps behind a cut.
    /// </summary>
    public void EndProductGradient(in StepOrder order, int step)
    {
        int count = order.Alive(step);
        if (RecurrentMask.Drops)
            RecurrentMask.AddTo(MaskedGradient.Data, count, HiddenGradient.Data);
        // Sequences that begin at the step have no cut before it: their first states are nobody's last.
        int begun = count - order.Joining(step);
        for (int k = 0; TruncatedSteps > 0 && k < begun; k++)
        {
            if (order.StepsLeft(step, k) % TruncatedSteps != 0)
                continue;
            new Span<float>(HiddenGradient.Data + (long)k * _hidden, _hidden).Clear();
            if (CellStateGradient.Length > 0)
                new Span<float>(CellStateGradient.Data + (long)k * _hidden, _hidden).Clear();
        }
    }

    private void Keep(FloatBuffer states, FloatBuffer initial, int sequences)
    {
        long length = (long)sequences * _hidden;
        initial.Reserve(length);
        Rows.Copy(states.Data + (long)LastStates * _hidden, initial.Data, length);
    }

    /// <summary>Shows a step on the way back to who looks on, if anybody does.</summary>
    /// <param name="weight">R.</param>
    /// <param name="wx">The rows of the gates.</param>
    /// <param name="cellStep">The step as the cell sees it.</param>
    /// <param name="step">Which, in the order of reading.</param>
    /// <param name="row">The batch's first row of that step.</param>
    /// <param name="fromAbove">[n, H] dLoss/dh from above.</param>
    public void Observe(Parameter weight, in ProductRows wx, in CellStep cellStep, int step, int row, float* fromAbove) =>
        Observer?.Observe(new BackwardStep(weight, wx, cellStep, step, row, fromAbove, carried: HiddenGradient.Data));

    /// <summary>Sequences that begin at a step begin with zero, or with the states that the pass was given.</summary>
    /// <param name="order">Of the steps.</param>
    /// <param name="step">Which.</param>
    /// <param name="stride">Floats of a state.</param>
    /// <param name="hasCellState">Whether there is c beside h.</param>
    public void BeginStep(in StepOrder order, int step, int stride, bool hasCellState)
    {
        int joining = order.Joining(step);
        if (joining == 0)
            return;
        int sequence = order.Alive(step) - joining;
        long at = ((long)order.StateRow(step) + sequence) * stride, length = (long)joining * stride,
            from = (long)sequence * stride;
        Begin(PreviousHidden.Data + at, HasInitialState, InitialHidden, from, length);
        if (hasCellState)
            Begin(PreviousCellState.Data + at, HasInitialState, InitialCellState, from, length);
    }

    private static void Begin(float* states, bool hasInitial, FloatBuffer initial, long from, long length)
    {
        if (!hasInitial)
            System.Runtime.InteropServices.NativeMemory.Clear(states, (nuint)(length * sizeof(float)));
        else if (from + length <= initial.Length)
            Rows.Copy(initial.Data + from, states, length);
        else
            throw new InvalidOperationException("The states that sequences go on with are not of this network.");
    }
}
