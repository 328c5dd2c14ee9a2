using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Heads;

/// <summary>
/// The end of a network: a dense layer from features to outputs, and what these mean. Either each row of outputs speaks for
/// itself (<see cref="RowOutputLayer"/>), or those of a sequence belong together (<see cref="CrfOutputLayer"/>).
/// </summary>
/// <param name="dense">From features [M, D] to outputs [M, K].</param>
/// <param name="outputs">K.</param>
/// <param name="labelSize">L: numbers in the label of a row.</param>
/// <param name="rowFeatures">Adds what sequences have beside their steps to their outputs; null: they have nothing.</param>
/// <param name="linear">Adds the numbers of the steps to the outputs; null: they go through the network alone.</param>
internal abstract unsafe class OutputLayer(IDense dense, int outputs, int labelSize, RowFeatureLayer? rowFeatures = null,
    LinearPath? linear = null)
{
    public IDense Dense => dense;

    /// <summary>K.</summary>
    public int NumberOfOutputs => outputs;

    /// <summary>L: numbers in the label of a row.</summary>
    public int LabelSize => labelSize;

    /// <summary>D: numbers that a row of outputs comes down to.</summary>
    public virtual int DecisionSize => 1;

    /// <summary>Classes that are told apart; 0 where labels are no classes.</summary>
    public abstract int NumberOfClasses { get; }

    /// <summary>Whether a decision is a logit, which tells two classes apart by its sign and ranks rows by its size.</summary>
    public virtual bool HasLogit => false;

    /// <summary>Whether labels are numbers that are learned on a scale of mean 0 and deviation 1.</summary>
    public virtual bool StandardisesLabels => false;

    /// <summary>From the steps straight to the outputs; null: there is no such path.</summary>
    public LinearPath? Linear => linear;

    protected RowFeatureLayer? RowFeatures => rowFeatures;

    /// <summary>What a number in a slot beside the steps counts for outputs that count so much [K].</summary>
    public double RowFeatureWeight(int slot, ReadOnlySpan<double> ofOutputs) => rowFeatures!.Weight(slot, ofOutputs);

    /// <summary>Takes what a shard's batch leaves for the tables of the layer.</summary>
    public IEnumerable<EmbeddingGradients> CreateGradients() => rowFeatures is null ? [] : [rowFeatures.CreateGradients()];

    /// <summary>What the outputs are for, in words.</summary>
    public abstract string Describe();

    /// <summary>The figures of a task with such outputs.</summary>
    public abstract ValidationMetrics Metrics(in MeasuredOutputs measured);

    /// <summary>The bias of outputs that say how often each is right, whatever came before.</summary>
    /// <param name="counts">[K] how often each was right.</param>
    /// <param name="total">Of so many times.</param>
    /// <exception cref="NotSupportedException">The outputs are of nothing that can be counted.</exception>
    public abstract float[] PriorBias(double[] counts, double total);

    /// <summary>Memory for passes, one for each thread.</summary>
    public virtual OutputPass CreatePass() => new();

    /// <summary>The class, or number, that a decision stands for.</summary>
    public float ClassOf(float decision) => HasLogit ? decision > 0 ? 1 : 0 : decision;

    /// <summary>Floats from one row of scores to the next.</summary>
    public int Stride => dense.Stride;

    public void Initialize(ref RandomStream random) => dense.Initialize(ref random);

    public void InitializeAsTokens(ref RandomStream random) => dense.InitializeAsTokens(ref random);

    public IEnumerable<Transposed> PrepareTraining() => dense.PrepareTraining();

    /// <summary>scores [M, K] of features [M, D].</summary>
    /// <param name="features">[M, D].</param>
    /// <param name="pass">Its outputs become the scores.</param>
    /// <param name="decisions">[M, D] becomes what each row comes down to; empty where that is not asked for.</param>
    public void Predict(FeatureRows features, OutputPass pass, Span<float> decisions)
    {
        OutputRows rows = Outputs(features, 0, features.Count, pass);
        if (!decisions.IsEmpty)
            Decide(rows, features.Batch, pass, decisions);
        Score(rows, features.Batch, pass);
    }

    /// <summary>The weighted sum of losses, and what each row comes down to; nothing is learned.</summary>
    /// <param name="features">[M, D].</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="weights">[M] what each row's loss counts.</param>
    /// <param name="pass">Overwritten.</param>
    /// <param name="decisions">[M, D] written.</param>
    public abstract double Evaluate(FeatureRows features, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        OutputPass pass,
        Span<float> decisions);

    /// <summary>The loss of each row on its own; nothing is learned.</summary>
    /// <param name="features">[M, D].</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="pass">Overwritten.</param>
    /// <param name="losses">[M] written.</param>
    /// <exception cref="NotSupportedException">Outputs belong together: a row has no loss of its own.</exception>
    public abstract void Losses(FeatureRows features, ReadOnlySpan<float> labels, OutputPass pass, Span<double> losses);

    /// <summary>The weighted sum of losses; its gradient is added to those of the layer's weights and of the features.</summary>
    /// <param name="features">[M, D].</param>
    /// <param name="dFeatures">[M, D] added to; same stride.</param>
    /// <param name="labels">[M, L].</param>
    /// <param name="weights">[M] what each row's loss counts.</param>
    /// <param name="regularization">Of this update.</param>
    /// <param name="pass">Overwritten.</param>
    /// <param name="gradients">Added to.</param>
    /// <param name="tables">Of all tables, those of <see cref="CreateGradients"/> last.</param>
    public abstract double Learn(FeatureRows features, float* dFeatures, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights,
        in Regularization regularization, OutputPass pass, FloatBuffer gradients, EmbeddingGradients[] tables);

    /// <summary>Adds what a sequence of a batch has beside its steps to its outputs [K].</summary>
    public void AddRowFeatures(SequenceBatch batch, int sequence, float* row) =>
        rowFeatures?.Forward(batch.RowFeatures, sequence, 1, row);

    /// <summary>The number that an explanation of one output shares out, and its gradient.</summary>
    /// <param name="outputs">[K] of one row, as the dense layer gives them.</param>
    /// <param name="output">Which of them.</param>
    /// <param name="gradient">[K] zero; becomes the number's gradient.</param>
    /// <exception cref="NotSupportedException">Outputs belong together: there is no such number of one.</exception>
    public abstract double Explain(ReadOnlySpan<float> outputs, int output, Span<float> gradient);

    /// <summary>What each row of outputs comes down to: a class, a logit, or a value in the label's own unit.</summary>
    protected abstract void Decide(OutputRows outputs, SequenceBatch batch, OutputPass pass, Span<float> decisions);

    /// <summary>Turns outputs into scores, in place.</summary>
    protected abstract void Score(OutputRows outputs, SequenceBatch batch, OutputPass pass);

    /// <summary>Outputs of some of the features' rows.</summary>
    protected OutputRows Outputs(FeatureRows features, int first, int count, OutputPass pass)
    {
        pass.Outputs.Reserve((long)count * Stride);
        dense.Forward(count, features[first], features.Stride, pass.Outputs.Data);
        BatchRowFeatures row = features.Batch.RowFeatures;
        if (row.Size != (rowFeatures?.Table.Rows ?? 0))
            throw new InvalidOperationException(Invariant($"The network reads {rowFeatures?.Table.Rows ?? 0} numbers of each ") +
                Invariant($"row beside its steps; the batch has {row.Size}."));
        rowFeatures?.Forward(row, first, count, pass.Outputs.Data);
        if (linear is not null)
            linear.Forward(new StepRows(features.Batch, (nint)features.Batch.Frames.Data, features.Batch.FrameSize), first, count,
                pass.Steps, pass.Outputs.Data, Stride);
        return new OutputRows((nint)pass.Outputs.Data, count, outputs, Stride);
    }
}

/// <summary>What the output layer reads: rows of features [M, D].</summary>
/// <param name="Batch">The sequences that they belong to.</param>
/// <param name="Count">M: the batch's sequences, or its steps where each has an output.</param>
/// <param name="Data">The first row.</param>
/// <param name="Stride">Floats from one row to the next.</param>
internal readonly unsafe record struct FeatureRows(SequenceBatch Batch, int Count, nint Data, nint Stride)
{
    public float* this[int row] => (float*)Data + row * Stride;
}
