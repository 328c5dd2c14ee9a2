using System.Numerics.Tensors;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Reports;

/// <summary>One sequence, what a network that transcribes says at each of its steps, and what comes of it.</summary>
internal sealed record HeardExample
{
    /// <summary>Steps, rows of a picture and outputs that a page has room for.</summary>
    private const int MostSteps = 120, MostBands = 20, MostOutputs = 24;

    /// <summary>An output that is never likelier than this is left out.</summary>
    private const float LeastShown = 0.1f;

    /// <summary>
    /// [bands][T] the numbers of the frames, neighbours together, 0 for the smallest and 1 for the largest; or none.
    /// </summary>
    public required float[][] Bands { get; init; }

    /// <summary>What the outputs are called that are ever likely.</summary>
    public required string[] Outputs { get; init; }

    /// <summary>[outputs][T].</summary>
    public required float[][] Probabilities { get; init; }

    /// <summary>[T] the token that begins at a step; else empty.</summary>
    public required string[] Tokens { get; init; }

    /// <summary>The tokens of the label.</summary>
    public required string[] Said { get; init; }

    /// <summary>Steps that the sequence has; the first of them are shown.</summary>
    public required int NumberOfSteps { get; init; }

    /// <summary>Looks at a row; null where the network does not transcribe, or says what is no number.</summary>
    /// <param name="network">Scores it.</param>
    /// <param name="data">Where it is.</param>
    /// <param name="row">Which.</param>
    /// <param name="name">What an output is called.</param>
    public static HeardExample? Of(EncoderNetwork network, SequenceDataset data, int row, Func<int, string> name)
    {
        if (network.Spec.Output.Head != HeadKind.Ctc)
            return null;
        EncoderPass pass = network.CreatePass();
        pass.Load(data, [row], numbers: [row], StepRange.All);
        network.Predict(pass);
        int steps = Math.Min(MostSteps, data.Length(row)), outputs = network.Output.NumberOfOutputs;
        var path = new BestPath();
        string[] tokens = [.. Enumerable.Range(0, steps).Select(t =>
            path.Add(BestPath.Decide(pass.ScoresOf(t))) ? name((int)path.Tokens[^1]) : "")];
        int[] shown = [.. Enumerable.Range(0, outputs)
            .Where(output => Enumerable.Range(0, steps).Any(t => pass.ScoresOf(t)[output] > LeastShown)).Take(MostOutputs)];
        var example = new HeardExample
        {
            Bands = data.Inputs.AreFrames ? BandsOf(pass.Batch, steps) : [],
            Outputs = [.. shown.Select(name)],
            Probabilities = [.. shown.Select(output =>
                (float[])[.. Enumerable.Range(0, steps).Select(t => pass.ScoresOf(t)[output])])],
            Tokens = tokens,
            Said = [.. data.Labels(row).ToArray().Select(token => name((int)token))],
            NumberOfSteps = data.Length(row),
        };
        return example.Bands.Concat(example.Probabilities).All(values => TensorPrimitives.IsFiniteAll<float>(values)) ? example
            : null;
    }

    private static float[][] BandsOf(SequenceBatch batch, int steps)
    {
        FloatBuffer frames = batch.Frames;
        int size = batch.FrameSize, bands = Math.Min(MostBands, size);
        float[][] values = [.. Enumerable.Range(0, bands).Select(band => (float[])[.. Enumerable.Range(0, steps).Select(t =>
        {
            int first = (int)((long)band * size / bands), end = (int)((band + 1L) * size / bands);
            return TensorPrimitives.Average<float>(frames.Span.Slice(t * size + first, end - first));
        })])];
        float least = values.Min(row => row.Min()), most = values.Max(row => row.Max());
        foreach (float[] row in values)
            for (int t = 0; t < row.Length; t++)
                row[t] = most > least ? (row[t] - least) / (most - least) : 0;
        return values;
    }
}
