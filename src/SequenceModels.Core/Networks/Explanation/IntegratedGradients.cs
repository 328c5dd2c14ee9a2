using SequenceModels.Kernels;

namespace SequenceModels.Networks;

/// <summary>
/// Shares of one output among the numbers of the vectors that enter: x times the integral of its gradient, as all of them grow
/// from zero to what they are. On every part of the way the shares must add up to what the score changes by: a part on which they
/// do not is cut in two. The points of a part are a batch of as many sequences.
/// </summary>
/// <param name="network">Reads the vectors.</param>
/// <param name="pass">Memory for its passes.</param>
/// <param name="output">Which output.</param>
internal sealed unsafe class IntegratedGradients(VectorNetwork network, VectorPass pass, int output)
{
    /// <summary>Steps, and floats of vectors, that are worked out at once, where one point has no more.</summary>
    private const int MostRows = 1 << 13, MostFloats = 1 << 22;

    private const int MostPoints = 2048;

    /// <summary>
    /// How far the shares' sum may be from the difference of the scores: a share of it, or the noise of single precision.
    /// </summary>
    private const double Tolerance = 0.005, Noise = 1e-5;

    /// <summary>So much less may they be away on each part.</summary>
    private const int ForEachPart = 16;

    /// <summary>Shares out the score of a sequence.</summary>
    /// <param name="vectors">[T, I].</param>
    /// <param name="stride">Floats from one vector to the next.</param>
    /// <param name="steps">T.</param>
    /// <param name="perStep">Whether shares are those of steps [T]; else of each number [T, I].</param>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by numbers or weights that are too large.</exception>
    public SequenceExplanation Explain(float* vectors, nint stride, int steps, bool perStep)
    {
        var sequence = new Sequence((nint)vectors, stride, steps);
        double score = ScoreAt(1, sequence), baseline = ScoreAt(0, sequence);
        double allowed = Math.Max(Tolerance * Math.Abs(score - baseline), Noise);
        for (double onPart = allowed / ForEachPart; ; onPart /= ForEachPart)
        {
            (double[] shares, int points) = Integrate(new Part(0, 1, baseline, score), onPart, sequence);
            if (points < MostPoints && Math.Abs(score - baseline - shares.Sum()) > allowed)
                continue;
            return new SequenceExplanation(perStep ? [.. shares.Chunk(network.Size).Select(step => (float)step.Sum())]
                : Array.ConvertAll(shares, share => (float)share), score, baseline, points);
        }
    }

    /// <summary>[T, I] the shares, and at how many points gradients were taken.</summary>
    private (double[] Shares, int Points) Integrate(Part whole, double allowed, in Sequence sequence)
    {
        int numbers = ArrayLength.Of(sequence.Steps, network.Size), points = 0;
        double[] shares = new double[numbers], ofPart = new double[numbers];
        var parts = new Queue<Part>([whole]);
        while (parts.TryDequeue(out Part part))
        {
            Array.Clear(ofPart);
            AddShares(part, sequence, ofPart);
            points += GaussLegendre.Points;
            if (Math.Abs(part.Change - ofPart.Sum()) <= allowed || points + GaussLegendre.Points * parts.Count >= MostPoints)
            {
                System.Numerics.Tensors.TensorPrimitives.Add<double>(shares, ofPart, shares);
                continue;
            }
            double middle = (part.From + part.To) / 2, score = ScoreAt(middle, sequence);
            parts.Enqueue(part with { To = middle, ScoreAtEnd = score });
            parts.Enqueue(part with { From = middle, ScoreAtStart = score });
        }
        return (shares, points);
    }

    private void AddShares(Part part, in Sequence sequence, double[] shares)
    {
        int atOnce = (int)Math.Clamp(Math.Min(MostRows / Math.Max(1, sequence.Steps),
            MostFloats / Math.Max(1, (long)sequence.Steps * network.Stride)), 1, GaussLegendre.Points);
        for (int first = 0; first < GaussLegendre.Points; first += atOnce)
        {
            int count = Math.Min(atOnce, GaussLegendre.Points - first);
            Begin(count, sequence.Steps);
            for (int k = 0; k < count; k++)
                Scale(sequence, k, (float)GaussLegendre.Point(first + k, part.From, part.To).At);
            network.Forward(pass);
            for (int k = 0; k < count; k++)
                Explain(k, GaussLegendre.Point(first + k, part.From, part.To).Weight);
            network.Backward(pass);
            for (int t = 0; t < sequence.Steps; t++)
                for (int k = 0; k < count; k++)
                    Add(pass.VectorGradients.Data + RowOf(t, k), sequence[t], shares.AsSpan(t * network.Size, network.Size));
        }
    }

    private double ScoreAt(double at, in Sequence sequence)
    {
        Begin(1, sequence.Steps);
        Scale(sequence, 0, (float)at);
        network.Forward(pass);
        double score = Explain(0, weight: 0);
        if (!double.IsFinite(score))
            FiniteNumbers.RequireScores([float.NaN]);
        return score;
    }

    private void Begin(int count, int steps)
    {
        pass.Batch.Shape(count, steps);
        pass.Vectors.Reserve((long)pass.Batch.Rows * network.Stride);
    }

    private long RowOf(int t, int k) => (long)(pass.Batch.Offset(t) + k) * network.Stride;

    /// <summary>The sequence k of the batch becomes so much of the vectors.</summary>
    private void Scale(in Sequence sequence, int k, float factor)
    {
        for (int t = 0; t < sequence.Steps; t++)
        {
            float* from = sequence[t], to = pass.Vectors.Data + RowOf(t, k);
            for (int i = 0; i < network.Size; i++)
                to[i] = factor * from[i];
        }
    }

    /// <summary>The number that is explained; the outputs are replaced by its gradient times a weight.</summary>
    private double Explain(int k, double weight)
    {
        int count = network.Output.NumberOfOutputs;
        var outputs = new Span<float>(pass.Outputs.Data + (long)k * network.Output.Stride, count);
        float[] gradient = new float[count];
        double score = network.Output.Explain(outputs, output, gradient);
        for (int i = 0; i < count; i++)
            outputs[i] = (float)(weight * gradient[i]);
        return score;
    }

    private static void Add(float* gradient, float* vector, Span<double> shares)
    {
        for (int i = 0; i < shares.Length; i++)
            shares[i] += (double)gradient[i] * vector[i];
    }

    /// <summary>A part of the way from 0 to 1, and the scores at its ends.</summary>
    private readonly record struct Part(double From, double To, double ScoreAtStart, double ScoreAtEnd)
    {
        public double Change => ScoreAtEnd - ScoreAtStart;
    }

    /// <summary>The vectors of a sequence [T, I].</summary>
    private readonly record struct Sequence(nint Data, nint Stride, int Steps)
    {
        public float* this[int t] => (float*)Data + t * Stride;
    }
}
