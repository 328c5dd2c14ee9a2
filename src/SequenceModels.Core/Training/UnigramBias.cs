using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// How often each output is right, whatever came before. An output layer whose bias says so begins where a model without memory
/// ends, and does not spend its first updates, made at full rate, on finding it.
/// </summary>
/// <param name="Counts">[K] how often each key, or thing of a frame, comes next.</param>
/// <param name="Steps">All steps that were counted.</param>
internal sealed record UnigramBias(double[] Counts, double Steps)
{
    /// <summary>Of what some rows say at each step, by the rows' weights.</summary>
    public static UnigramBias Of(RowSelection rows, Network network)
    {
        SequenceDataset data = rows.Data;
        double[] counts = new double[network.Output.NumberOfOutputs];
        double steps = 0;
        float weight = 0;
        int number = 0;
        var written = data.Targets as SequenceTargets;
        Action<float> count = written is not null || data.Inputs.AreTokens
            ? token => counts[(int)token] += weight
            : value => counts[number++ % counts.Length] += weight * value; // one frame after the other
        foreach (int row in rows)
        {
            weight = data.Weight(row);
            steps += weight * (double)(written?.Steps(row) ?? data.Length(row));
            data.Targets.Visit(row, count);
        }
        return new UnigramBias(counts, steps);
    }

    /// <summary>
    /// Sets the bias to the logarithms of the shares, or to the log-odds; what was never seen is taken as seen half a time.
    /// </summary>
    public void SetBias(Network network)
    {
        float[] bias = network.Output.PriorBias(Counts, Steps);
        network.Output.Dense.Bias.Write(network.Parameters.Values, 0, 0, bias);
    }
}
