using System.Numerics.Tensors;

namespace SequenceModels.Heads;

// The sums in logarithms, of labels that are next to impossible.
internal sealed unsafe partial class CtcLattice
{
    private void ForwardInLogs()
    {
        Alpha(0).Fill(LogOfZero);
        for (int s = 0; s < Math.Min(2, States); s++)
            Alpha(0)[s + 2] = Emissions(0)[s];
        for (int t = 1; t < Steps; t++)
        {
            ReadOnlySpan<double> before = Alpha(t - 1);
            Span<double> alpha = Alpha(t);
            alpha[..2].Fill(LogOfZero);
            Sum(before[2..], before[1..^1], before[..^2], _skips.First(States), alpha[2..]);
            TensorPrimitives.Add(alpha[2..], Emissions(t), alpha[2..]);
        }
        ReadOnlySpan<double> last = Alpha(Steps - 1);
        // Of an empty label there is one last state; what stands before it is nothing.
        double larger = Math.Max(last[^1], last[^2]), smaller = Math.Min(last[^1], last[^2]);
        _logProbability = larger + Math.Log(1 + Math.Exp(smaller - larger));
    }

    private void BackwardInLogs()
    {
        Span<double> beta = _beta.First(States + 2), ofStates = beta[..^2];
        ReadOnlySpan<double> skips = _skips.First(States + 2)[2..];
        beta.Fill(LogOfZero);
        ofStates[Math.Max(0, States - 2)..].Clear();
        for (int t = Steps - 1; ; t--)
        {
            Span<double> ways = Alpha(t)[2..];
            TensorPrimitives.Add(ways, ofStates, ways);
            TensorPrimitives.Subtract(ways, _logProbability, ways);
            TensorPrimitives.Max(ways, Lowest, ways);
            TensorPrimitives.Exp(ways, ways);
            if (t == 0)
                return;
            TensorPrimitives.Add(ofStates, Emissions(t), ofStates);
            Sum(ofStates, beta[1..^1], beta[2..], skips, ofStates);
        }
    }

    /// <summary>destination = log(e^a + e^b + e^(c + skips)); it may be a.</summary>
    private void Sum(ReadOnlySpan<double> a, ReadOnlySpan<double> b, ReadOnlySpan<double> c, ReadOnlySpan<double> skips,
        Span<double> destination)
    {
        // Side by side, so that the powers of all three are one call.
        Span<double> all = _terms.First(4L * States), terms = all[..(3 * States)], largest = all[(3 * States)..];
        Span<double> first = terms[..States], second = terms.Slice(States, States), third = terms[(2 * States)..];
        TensorPrimitives.Add(c, skips, third);
        TensorPrimitives.Max(a, b, largest);
        TensorPrimitives.Max(largest, third, largest);
        TensorPrimitives.Subtract(a, largest, first);
        TensorPrimitives.Subtract(b, largest, second);
        TensorPrimitives.Subtract(third, largest, third);
        TensorPrimitives.Max(terms, Lowest, terms);
        TensorPrimitives.Exp(terms, terms);
        TensorPrimitives.Add(first, second, first);
        TensorPrimitives.Add(first, third, first);
        TensorPrimitives.Log(first, first);
        TensorPrimitives.Add(first, largest, destination);
    }
}
