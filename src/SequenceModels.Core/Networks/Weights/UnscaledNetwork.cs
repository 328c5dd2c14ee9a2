using SequenceModels.Heads;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>A network that takes numbers as they are, and gives labels in their own unit, by its weights alone.</summary>
internal static unsafe class UnscaledNetwork
{
    private static readonly string[] s_directions = ["forward", "backward"];

    /// <summary>
    /// The network itself where it scales nothing; else a copy with the scaling in its weights: with x' = (x - m) f the product
    /// x' W + b is x (f W) + (b - (m f) W), and a label d y + m of y = h W + b is h (d W) + (d b + m).
    /// </summary>
    public static EncoderNetwork Of(EncoderNetwork network)
    {
        FeatureScaling scaling = network.Frames[0];
        if (scaling.Mean.Length == 0 && network.Labels == LabelTransform.None)
            return network;
        var plain = new EncoderNetwork(network.Spec, FrameTransform.None, LabelTransform.None);
        plain.Parameters.Allocate();
        network.Parameters.Values.Span.CopyTo(plain.Parameters.Values.Span);
        var places = new WeightPlaces(plain.Parameters);
        if (network.Labels != LabelTransform.None)
        {
            (float mean, float deviation) = (network.Labels.Mean, network.Labels.Deviation);
            ForEach(plain, places.Find("output.W"), (_, _, _, value) => value * deviation);
            ForEach(plain, places.Find("output.b"), (_, _, _, value) => value * deviation + mean);
        }
        foreach (string direction in s_directions.Take(scaling.Mean.Length == 0 ? 0
            : plain.Spec.Encoder.Directions))
        {
            Parameter weights = places.Find($"{EncoderSpec.LayerName(1)}.{direction}.W");
            ForEach(plain, weights, (row, _, _, value) => value * scaling.Factor[row]);
            ForEach(plain, places.Find($"{EncoderSpec.LayerName(1)}.{direction}.b"), (_, gate, unit, value) =>
            {
                double sum = value;
                for (int row = 0; row < weights.Rows; row++)
                    sum -= (double)scaling.Mean[row] * weights.In(plain.Parameters.Values)[weights.IndexOf(row, gate, unit)];
                return (float)sum;
            });
        }
        return plain;
    }

    private static void ForEach(EncoderNetwork network, Parameter parameter, Func<int, int, int, float, float> change)
    {
        float* values = parameter.In(network.Parameters.Values);
        for (int row = 0; row < parameter.Rows; row++)
            for (int gate = 0; gate < parameter.Gates; gate++)
                for (int unit = 0; unit < parameter.Units; unit++)
                {
                    long at = parameter.IndexOf(row, gate, unit);
                    values[at] = change(row, gate, unit, values[at]);
                }
    }
}
