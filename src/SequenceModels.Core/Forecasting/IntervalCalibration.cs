using SequenceModels.Kernels;
using SequenceModels.Sequences;

namespace SequenceModels.Forecasting;

/// <summary>
/// How far the bounds must move out, for each label, to hold the asked share of windows that were not learned from.
/// </summary>
/// <remarks>Romano, Patterson and Candes, "Conformalized Quantile Regression", NeurIPS 2019: scores max(lower - y, y - upper),
/// and their quantile at (1 + 1/n) of the level.</remarks>
internal static class IntervalCalibration
{
    /// <summary>Fewer windows say too little about the ends of a distribution.</summary>
    private const int FewestWindows = 50;

    private const int BatchRows = 64;

    /// <param name="network">Gives three outputs a label.</param>
    /// <param name="data">Windows that were not learned from, those of a place one after the other.</param>
    /// <param name="spec">Of the windows.</param>
    /// <param name="threads">
    /// How many batches are scored at a time; 0: as many as there are processors. Does not change the result.
    /// </param>
    /// <returns>[L] on the labels' scale; 0 where there are too few of them.</returns>
    public static float[] Widening(SequenceNetwork network, SequenceDataset data, ForecastSpec spec, int threads = 0)
    {
        var misses = new List<float>[spec.Labels];
        for (int label = 0; label < misses.Length; label++)
            misses[label] = [];
        float[] outputs = new float[ArrayLength.Of(data.Count, network.NumberOfOutputs)];
        Parallel.For(0, (data.Count + BatchRows - 1) / BatchRows,
            new ParallelOptions { MaxDegreeOfParallelism = threads == 0 ? -1 : threads },
            network.CreatePass, (batch, _, pass) =>
            {
                int first = batch * BatchRows;
                network.Score(data, [.. Enumerable.Range(first, Math.Min(BatchRows, data.Count - first))], outputs, pass);
                return pass;
            }, _ => { });
        for (int row = 0; row < data.Count; row++)
            for (int own = 0; own < spec.WindowLabels; own++)
            {
                float value = data.Labels(row)[own];
                (_, float lower, float upper) = ForecastOutputs.Read(spec.Loss,
                    outputs.AsSpan(row * network.NumberOfOutputs, network.NumberOfOutputs), own);
                if (!float.IsNaN(value))
                    misses[spec.LabelOf(row % spec.Channels, own)].Add(Math.Max(lower - value, value - upper));
            }
        return [.. misses.Select(scores => QuantileOf(scores, spec.ConfidenceLevel))];
    }

    private static float QuantileOf(List<float> scores, float level)
    {
        if (scores.Count < FewestWindows)
            return 0;
        scores.Sort();
        return scores[Math.Min(scores.Count, (int)Math.Ceiling((scores.Count + 1) * level)) - 1];
    }
}
