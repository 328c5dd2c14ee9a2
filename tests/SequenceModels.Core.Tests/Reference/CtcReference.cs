namespace SequenceModels.Tests.Reference;

/// <summary>
/// The loss of a label that the steps of a sequence spell, output 0 being the blank: by what happens at one step after the
/// other, where the engine goes through states forward and back.
/// </summary>
internal static class CtcReference
{
    /// <summary>Labels of the first steps of a sequence, NaN behind them: as the engine's batches have them.</summary>
    /// <param name="steps">T; its equal neighbours have room.</param>
    /// <param name="isEmpty">Whether there is no label at all.</param>
    public static float[] Labels(int steps, bool isEmpty) =>
        [.. Enumerable.Range(0, steps).Select(t => !isEmpty && t < (steps + 1) / 2 ? 1 + t / 2 % 2 : float.NaN)];

    /// <summary>What a sequence counts.</summary>
    public static double Count(float[] labels) =>
        labels.Length == 0 ? 0 : Math.Max(1, labels.Count(label => !float.IsNaN(label)));

    public static double Loss(double[][] outputs, float[] labels) => -Math.Log(Probability(
        [.. outputs.Select(ReferenceLoss.Softmax)], [.. labels.Where(label => !float.IsNaN(label)).Select(label => (int)label)]));

    /// <summary>The probability that the steps spell a label.</summary>
    public static double Probability(double[][] probabilities, int[] label)
    {
        var known = new Dictionary<(int, int, int), double>();
        return From(0, 0, 0);

        double From(int step, int spelled, int last)
        {
            if (step == probabilities.Length)
                return spelled == label.Length ? 1 : 0;
            if (known.TryGetValue((step, spelled, last), out double sum))
                return sum;
            sum = probabilities[step][0] * From(step + 1, spelled, 0);
            if (last != 0)
                sum += probabilities[step][last] * From(step + 1, spelled, last);
            if (spelled < label.Length && label[spelled] != last)
                sum += probabilities[step][label[spelled]] * From(step + 1, spelled + 1, label[spelled]);
            return known[(step, spelled, last)] = sum;
        }
    }

    /// <summary>What a way spells: of equal neighbours one, and no blank.</summary>
    public static int[] Spelled(int[] way) => [.. way.Where((output, t) => output != 0 && (t == 0 || way[t - 1] != output))];

    /// <summary>All ways through so many steps with K outputs.</summary>
    public static IEnumerable<int[]> Ways(int steps, int outputs) => steps == 0 ? [[]]
        : Ways(steps - 1, outputs).SelectMany(way => Enumerable.Range(0, outputs).Select(next => (int[])[.. way, next]));
}
