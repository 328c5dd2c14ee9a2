namespace SequenceModels.Heads;

/// <summary>
/// What the outputs mean where each row speaks for itself: the loss that trains them and the scores that come of them.
/// </summary>
internal interface IHead
{
    /// <summary>Numbers in the label of a row of K outputs.</summary>
    int LabelSize(int outputs) => 1;

    /// <summary>D: numbers that a row of K outputs comes down to.</summary>
    int DecisionSize(int outputs) => 1;

    /// <summary>Classes that K outputs tell apart; 0 where the label is no class.</summary>
    int NumberOfClasses(int outputs) => 0;

    /// <summary>Whether the decision is a logit, which tells two classes apart by its sign and ranks rows by its size.</summary>
    bool HasLogit => false;

    /// <summary>Whether labels are numbers that are learned on a scale of mean 0 and deviation 1.</summary>
    bool StandardisesLabels => false;

    /// <summary>What K outputs are for, in words.</summary>
    string Describe(int outputs);

    /// <summary>The figures of a task with such outputs.</summary>
    ValidationMetrics Metrics(in MeasuredOutputs measured) => new() { Loss = measured.MeanLoss };

    /// <summary>
    /// The bias of outputs that say how often each of K things is right, whatever came before; what was never seen is taken as
    /// seen half a time.
    /// </summary>
    /// <param name="counts">[K] how often each was right.</param>
    /// <param name="total">Of so many times.</param>
    /// <exception cref="NotSupportedException">The outputs are of nothing that can be counted.</exception>
    float[] PriorBias(double[] counts, double total) =>
        throw new NotSupportedException("What these outputs say cannot be counted.");

    /// <summary>The sum of the rows' losses, each times its weight; the outputs are replaced by its gradient.</summary>
    /// <param name="outputs">[M, K] as the output layer gave them; then dLoss/dOutput, zero in the padding.</param>
    /// <param name="labels">[M] what they should have said; of a head with several labels a row, [M, L].</param>
    /// <param name="weights">[M] what each row counts.</param>
    /// <param name="smoothing">Share of the true class's probability that is spread over all classes; numbers have none.</param>
    double Loss(OutputRows outputs, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, float smoothing);

    /// <summary>
    /// What a row comes down to: the likeliest class, the logit, or the value in the label's own unit; of several labels that are
    /// numbers, one for each.
    /// </summary>
    /// <param name="outputs">[M, K].</param>
    /// <param name="decisions">[M, D].</param>
    void Decide(OutputRows outputs, Span<float> decisions);

    /// <summary>
    /// The number that an explanation of one output shares out, with its gradient: of a class the log-odds, of a value the value
    /// in the label's own unit.
    /// </summary>
    /// <param name="outputs">[K] of one row.</param>
    /// <param name="output">Which of them.</param>
    /// <param name="gradient">[K] zero; becomes the number's gradient.</param>
    double Explain(ReadOnlySpan<float> outputs, int output, Span<float> gradient)
    {
        gradient[output] = 1;
        return outputs[output];
    }

    /// <summary>Turns outputs into scores, in place.</summary>
    /// <param name="outputs">[M, K].</param>
    void Predict(OutputRows outputs);
}

/// <summary>Rows of outputs [M, K], padded to whole cache lines.</summary>
/// <param name="Data">The first row.</param>
/// <param name="Rows">M.</param>
/// <param name="Count">K.</param>
/// <param name="Stride">Floats from one row to the next: K padded to a multiple of 16.</param>
internal readonly unsafe record struct OutputRows(nint Data, int Rows, int Count, int Stride)
{
    public float* this[int row] => (float*)Data + (long)row * Stride;
}
