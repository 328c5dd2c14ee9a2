using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Sequences;

namespace SequenceModels.Trainers;

/// <summary>
/// Tells of rows that are sequences of single numbers and far longer than such sequences mostly are: they may be frames of
/// several numbers, written one after the other.
/// </summary>
internal static class LongNumberSequences
{
    /// <summary>Steps of a row, on average, from which on nobody means them to be single numbers unless they say so.</summary>
    private const long Many = 1_000;

    /// <summary>Warns, where the rows are such.</summary>
    /// <param name="channel">Told.</param>
    /// <param name="columns">What is read.</param>
    /// <param name="data">The rows, as they were read.</param>
    public static void Warn(IChannel channel, InputColumns columns, SequenceDataset data)
    {
        if (!data.Inputs.AreFrames || data.Inputs[0].Size != 1 || data.NumberOfSteps / Math.Max(1, data.Count) < Many)
            return;
        string name = columns.All[0].Column.Name;
        channel.Warning(MessageSensitivity.None, "{0}",
            Invariant($"Column '{name}': the rows are sequences of single numbers, ") +
            Invariant($"{data.NumberOfSteps / data.Count} steps long on average, and a network forgets what is thousands of ") +
            "steps ago. If a step is really a frame of several numbers, say so: " +
            $"Transforms.ReshapeSequence(\"{name}\", featuresPerStep), or [VectorType(0, featuresPerStep)] at the property " +
            "that the rows come from.");
    }
}
