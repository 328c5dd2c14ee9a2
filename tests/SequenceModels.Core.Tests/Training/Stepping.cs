using SequenceModels.Sequences;
using SequenceModels.Training;

namespace SequenceModels.Tests.Training;

/// <summary>What the trainer does update by update, done batch by batch.</summary>
internal static class Stepping
{
    /// <summary>Learns from all steps of a batch; returns sums of losses and weights, and the largest norm.</summary>
    public static (double Loss, double Weight, double Norm) Run(this TrainingStep step, SequenceDataset data,
        ReadOnlySpan<int> rows, float rate)
    {
        int longest = data.Length(rows[0]);
        (double Loss, double Weight, double Norm) all = default;
        StepRange steps;
        for (int first = 0; first < longest; first += steps.Count)
        {
            steps = step.StepsFrom(first, longest);
            (double loss, double weight, double norm) = step.Run(rows, steps, rate);
            all = (all.Loss + loss, all.Weight + weight, Math.Max(all.Norm, norm));
            if (steps == StepRange.All)
                break;
        }
        return all;
    }

    /// <summary>The rate of a whole batch by its number, from 1.</summary>
    public static float RateOf(this ScheduledRate rates, int epoch, long batch) => rates.RateOf(epoch, batch - 1, batch);
}
