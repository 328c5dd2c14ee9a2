using System.Security.Cryptography;

namespace SequenceModels.Sequences;

/// <summary>
/// What a network's outputs should say for each row of a data set, and where that stands among the outputs of a packed batch.
/// Each kind of target is a class of its own; nobody else knows where a label stands.
/// </summary>
/// <param name="data">The rows.</param>
internal abstract class Targets(SequenceDataset data) : IDisposable
{
    protected SequenceDataset Data => data;

    /// <summary>L: numbers in the label of a row of outputs.</summary>
    public abstract int Size { get; }

    /// <summary>Steps that count of a sequence that has so many.</summary>
    public virtual int StepsOf(int steps) => steps;

    /// <summary>Targets of the same kind for other rows; there are none yet.</summary>
    public abstract Targets CreateFor(SequenceDataset other);

    /// <summary>Takes the labels of the row that is added next.</summary>
    /// <param name="labels">As many as the kind of target wants.</param>
    /// <param name="steps">T of the row.</param>
    /// <exception cref="ArgumentException">There are more or fewer labels.</exception>
    public abstract void Add(ReadOnlySpan<float> labels, int steps);

    /// <summary>The row's labels as they were added; NaN where one is not known.</summary>
    public abstract ReadOnlySpan<float> Of(int row);

    /// <summary>
    /// What the labels of some of a row's steps count, its weight left aside: 1 each, or what their class counts.
    /// </summary>
    /// <param name="row">Which row.</param>
    /// <param name="steps">Of targets that have labels for each step: which.</param>
    /// <param name="classWeights">What each class counts; null: all alike.</param>
    public abstract double Count(int row, StepRange steps, float[]? classWeights);

    /// <summary>Writes the labels of a row to where its outputs stand, and what each counts.</summary>
    /// <param name="batch">Packed.</param>
    /// <param name="k">The row's place in it.</param>
    /// <param name="row">Which row of the data.</param>
    /// <param name="firstStep">Which of the row's steps is the batch's first.</param>
    /// <param name="share">What a label of the row counts.</param>
    /// <param name="classWeights">What its class counts on top; null: all alike.</param>
    /// <param name="to">Has room.</param>
    public abstract void Place(SequenceBatch batch, int k, int row, int firstStep, double share, float[]? classWeights,
        TargetBatch to);

    /// <summary>How many of a row's steps, from the first on, a label depends on, where states go forward.</summary>
    public virtual int LearnedSteps(int row) => data.Length(row);

    /// <summary>Visits each label of a row that is known.</summary>
    public abstract void Visit(int row, Action<float> visit);

    /// <summary>Adds all labels to a hash.</summary>
    public abstract void AppendTo(IncrementalHash hash);

    /// <summary>Forgets all labels and keeps the memory for others.</summary>
    public abstract void Clear();

    public abstract void Dispose();

    /// <summary>Writes the labels of a batch's rows to where their outputs stand, each row's by its weight.</summary>
    /// <param name="batch">Packed.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="firstStep">Which of the rows' steps is the batch's first.</param>
    /// <param name="total">What weights are divided by; with 0 nothing counts.</param>
    /// <param name="classWeights">What each class counts on top; null: all alike.</param>
    /// <param name="to">Becomes what the outputs should say.</param>
    public void Place(SequenceBatch batch, ReadOnlySpan<int> rows, int firstStep, double total, float[]? classWeights,
        TargetBatch to)
    {
        for (int k = 0; k < rows.Length; k++)
            Place(batch, k, rows[k], firstStep, total == 0 ? 0 : data.Weight(rows[k]) / total, classWeights, to);
    }
}
