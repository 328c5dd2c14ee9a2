using System.Numerics.Tensors;
using SequenceModels.Kernels;

namespace SequenceModels.Heads;

/// <summary>
/// All ways in which the steps of one sequence may spell its label: the T steps beside the S = 2 L + 1 states blank, token,
/// blank, ..., token, blank. A way begins in one of the first two states, ends in one of the last two, and at each step stays,
/// goes to the next state, or passes over a blank between two tokens that differ. Scratch memory of a pass; one sequence after
/// the other.
/// </summary>
/// <remarks>
/// <para>
/// Graves, Fernández, Gomez and Schmidhuber, "Connectionist Temporal Classification", ICML 2006, section 4.1. The ways on from a
/// step are summed without the step's own probability, so that nothing has to be divided by it.
/// </para>
/// <para>
/// The sums of a step are scaled to 1 together, and the logarithm of the scale is kept. What fades to 0 beside the others is
/// lost, with all ways through it; but no way on from there is likelier than 1, so that it was at most 10^-308 of what the scales
/// come to. Where the label is likelier than e^-600, all that can be lost is nothing beside it. Else all is done in logarithms,
/// which takes ten times as long.
/// </para>
/// </remarks>
internal sealed unsafe partial class CtcLattice
{
    /// <summary>
    /// Stands for the logarithm of 0. The library's vectors of doubles are quick, and give the same bits, for finite numbers
    /// only.
    /// </summary>
    private const double LogOfZero = -1e30;

    /// <summary>e to this power is nothing beside 1, but a normal number.</summary>
    private const double Lowest = -700;

    /// <summary>log p of a label below which scaled sums may have lost something of it.</summary>
    private const double LeastScaled = -600;

    private readonly DoubleBuffer _emissions = new(); // [T, S] log y of each state's output
    private readonly DoubleBuffer _factors = new();   // [T, S] y
    private readonly DoubleBuffer _alpha = new();     // [T, 2 + S] the sum over all ways up to the step and its state, or its log
    private readonly DoubleBuffer _beta = new();      // [S + 2] the sum over all ways on from it, or its log; of the step at hand
    private readonly DoubleBuffer _passes = new();    // [S + 2] 1 where a way may come from two states before, else 0
    private readonly DoubleBuffer _skips = new();     // [S + 2] 0 where a way may come from two states before, else LogOfZero
    private readonly DoubleBuffer _terms = new();     // [4, S]
    private int[] _outputs = [];                      // [S] the output of each state
    private double _logProbability;
    private bool _isScaled;

    /// <summary>T.</summary>
    public int Steps { get; private set; }

    /// <summary>S.</summary>
    public int States { get; private set; }

    /// <summary>Begins with a sequence; its outputs are to be set next.</summary>
    /// <param name="label">[L] the output of each token; none is the blank's.</param>
    /// <param name="steps">T, at least 1.</param>
    public void Begin(ReadOnlySpan<float> label, int steps)
    {
        (Steps, States) = (steps, 2 * label.Length + 1);
        _emissions.Reserve((long)steps * States);
        _alpha.Reserve((long)steps * (States + 2));
        _beta.Reserve(States + 2);
        _factors.Reserve((long)steps * States);
        _passes.Reserve(States + 2);
        _skips.Reserve(States + 2);
        _terms.Reserve(4L * States);
        if (_outputs.Length < States)
            _outputs = new int[States];
        Span<double> skips = _skips.First(States + 2), passes = _passes.First(States + 2);
        skips.Fill(LogOfZero);
        passes.Clear();
        _outputs[0] = CtcOutputLayer.Blank;
        for (int i = 0; i < label.Length; i++)
        {
            (_outputs[2 * i + 1], _outputs[2 * i + 2]) = ((int)label[i], CtcOutputLayer.Blank);
            if (i > 0 && !label[i].Equals(label[i - 1]))
                (skips[2 * i + 1], passes[2 * i + 1]) = (0, 1);
        }
    }

    /// <summary>Takes the outputs of a step, each the logarithm of a probability but for what all have in common.</summary>
    public void SetOutputs(int step, ReadOnlySpan<float> outputs)
    {
        Span<double> emissions = Emissions(step);
        for (int s = 0; s < emissions.Length; s++)
            emissions[s] = outputs[_outputs[s]];
    }

    /// <summary>Tells what the outputs of a step have in common: the logarithm of the sum of their powers of e.</summary>
    public void Normalize(int step, double logOfSum) => TensorPrimitives.Subtract(Emissions(step), logOfSum, Emissions(step));

    /// <summary>Takes the probabilities of a step.</summary>
    public void SetProbabilities(int step, ReadOnlySpan<float> probabilities)
    {
        Span<double> emissions = Emissions(step);
        for (int s = 0; s < emissions.Length; s++)
            emissions[s] = Math.Max(Math.Log(probabilities[_outputs[s]]), LogOfZero);
    }

    /// <summary>log p of the label; minus infinity where no way spells it.</summary>
    public double Forward()
    {
        _isScaled = ForwardScaled();
        if (!_isScaled)
            ForwardInLogs();
        return _logProbability <= LogOfZero / 2 ? double.NegativeInfinity : _logProbability;
    }

    /// <summary>
    /// From <see cref="Forward"/> on to how likely a way that spells the label is in each state at each step.
    /// </summary>
    public void Backward()
    {
        if (_isScaled)
            BackwardScaled();
        else
            BackwardInLogs();
    }

    /// <summary>
    /// What <see cref="Backward"/> has found, summed by outputs, times a weight, is taken from an output row.
    /// </summary>
    public void Discount(int step, float weight, Span<float> row)
    {
        ReadOnlySpan<double> ways = Alpha(step)[2..];
        double blank = 0;
        for (int s = 0; s < ways.Length; s += 2)
            blank += ways[s];
        row[CtcOutputLayer.Blank] -= (float)(weight * blank);
        for (int s = 1; s < ways.Length; s += 2)
            row[_outputs[s]] -= (float)(weight * ways[s]);
    }

    /// <returns>Whether nothing was lost.</returns>
    private bool ForwardScaled()
    {
        ReadOnlySpan<double> passes = _passes.First(States + 2)[..States];
        Span<double> factors = _factors.First((long)Steps * States);
        TensorPrimitives.Max(_emissions.First((long)Steps * States), Lowest, factors);
        TensorPrimitives.Exp(factors, factors);
        double log = 0;
        for (int t = 0; t < Steps; t++)
        {
            Span<double> alpha = Alpha(t), ofStates = alpha[2..];
            alpha.Clear();
            if (t == 0)
                Factors(0)[..Math.Min(2, States)].CopyTo(ofStates);
            else
            {
                ReadOnlySpan<double> before = Alpha(t - 1);
                TensorPrimitives.Multiply(before[..^2], passes, ofStates);
                TensorPrimitives.Add(ofStates, before[1..^1], ofStates);
                TensorPrimitives.Add(ofStates, before[2..], ofStates);
                TensorPrimitives.Multiply(ofStates, Factors(t), ofStates);
            }
            double sum = TensorPrimitives.Sum<double>(ofStates);
            if (!(sum > 0))
                return false;
            TensorPrimitives.Multiply(ofStates, 1 / sum, ofStates);
            log += Math.Log(sum);
        }
        ReadOnlySpan<double> last = Alpha(Steps - 1);
        _logProbability = log + Math.Log(last[^1] + last[^2]);
        return _logProbability > LeastScaled;
    }

    private void BackwardScaled()
    {
        Span<double> beta = _beta.First(States + 2), ofStates = beta[..^2], before = _terms.First(States);
        ReadOnlySpan<double> passes = _passes.First(States + 2)[2..];
        beta.Clear();
        ofStates[Math.Max(0, States - 2)..].Fill(1);
        for (int t = Steps - 1; ; t--)
        {
            Span<double> ways = Alpha(t)[2..];
            TensorPrimitives.Multiply(ways, ofStates, ways);
            TensorPrimitives.Multiply(ways, 1 / TensorPrimitives.Sum<double>(ways), ways);
            if (t == 0)
                return;
            TensorPrimitives.Multiply(ofStates, Factors(t), ofStates);
            TensorPrimitives.Multiply(beta[2..], passes, before);
            TensorPrimitives.Add(before, beta[1..^1], before);
            TensorPrimitives.Add(before, ofStates, before);
            TensorPrimitives.Multiply(before, 1 / TensorPrimitives.Sum<double>(before), ofStates);
        }
    }

    private Span<double> Factors(int step) => new(_factors.Data + (long)step * States, States);

    private Span<double> Emissions(int step) => new(_emissions.Data + (long)step * States, States);

    /// <summary>[2 + S], the first two of which are nothing's.</summary>
    private Span<double> Alpha(int step) => new(_alpha.Data + (long)step * (States + 2), States + 2);
}
