using SequenceModels.Files;

namespace SequenceModels.Training;

/// <summary>The course of a training as part of a model file.</summary>
internal static class TrainingHistoryFile
{
    /// <summary>Bytes of an epoch without validation metrics.</summary>
    private const int LeastBytes = 2 * sizeof(int) + 5 * sizeof(double) + 2;

    /// <summary>Writes the epochs in their order.</summary>
    public static void Write(PayloadWriter writer, IReadOnlyList<TrainingEpoch> history)
    {
        writer.Write(history.Count);
        foreach (TrainingEpoch epoch in history)
        {
            writer.Write(epoch.Epoch);
            writer.Write(epoch.LearningRate);
            writer.Write(epoch.TrainingLoss);
            writer.Write(epoch.GradientNorm);
            writer.Write(epoch.LargestGradientNorm);
            writer.Write(epoch.Duration.Ticks);
            writer.Write(epoch.StepsPerSecond);
            writer.Write(epoch.IsSelected);
            writer.Write(epoch.Validation is not null);
            if (epoch.Validation is { } metrics)
                Write(writer, metrics);
        }
    }

    /// <summary>Reads what <see cref="Write(PayloadWriter, IReadOnlyList{TrainingEpoch})"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The payload is no such list, or ends within it.</exception>
    public static IReadOnlyList<TrainingEpoch> Read(PayloadReader reader)
    {
        var history = new TrainingEpoch[reader.ReadCount("the number of epochs", LeastBytes)];
        for (int i = 0; i < history.Length; i++)
            history[i] = new TrainingEpoch
            {
                Epoch = reader.ReadInt32("the number of an epoch", 1, int.MaxValue),
                LearningRate = reader.ReadFinite("a learning rate"),
                TrainingLoss = reader.ReadFiniteDouble("a training loss"),
                GradientNorm = reader.ReadFiniteDouble("a gradient norm"),
                LargestGradientNorm = reader.ReadFiniteDouble("a gradient norm"),
                Duration = ReadDuration(reader, history.Length),
                StepsPerSecond = reader.ReadFiniteDouble("a number of steps a second"),
                IsSelected = reader.ReadBoolean(),
                Validation = reader.ReadBoolean() ? ReadMetrics(reader) : null,
            };
        return history;
    }

    /// <summary>An epoch as the first of several processes has it.</summary>
    public static TrainingEpoch Share(TrainingEpoch epoch, TrainingRanks ranks)
    {
        if (ranks.Group is null)
            return epoch;
        byte[] bytes = ranks.OfFirst(ranks.IsFirst ? CheckpointContent.Bytes(writer => Write(writer, [epoch])) : null)!;
        return Read(new PayloadReader(bytes, CheckpointContent.Kind, CheckpointContent.Version))[0];
    }

    /// <summary>No longer than that all together are a time.</summary>
    private static TimeSpan ReadDuration(PayloadReader reader, int epochs)
    {
        long ticks = reader.ReadInt64();
        return ticks >= 0 && ticks <= TimeSpan.MaxValue.Ticks / epochs ? new TimeSpan(ticks)
            : throw reader.Invalid("the duration of an epoch is impossible");
    }

    private static void Write(PayloadWriter writer, ValidationMetrics metrics)
    {
        writer.Write(metrics.Loss);
        Write(writer, metrics.Accuracy);
        Write(writer, metrics.SpanF1Score);
        Write(writer, metrics.LogLoss);
        Write(writer, metrics.AreaUnderRocCurve);
        Write(writer, metrics.RootMeanSquaredError);
        Write(writer, metrics.RSquared);
        Write(writer, metrics.TokenErrorRate);
        Write(writer, metrics.SequenceErrorRate);
        Write(writer, metrics.Bleu);
    }

    private static ValidationMetrics ReadMetrics(PayloadReader reader) => new()
    {
        Loss = reader.ReadDouble(),
        Accuracy = ReadFigure(reader),
        SpanF1Score = ReadFigure(reader),
        LogLoss = ReadFigure(reader),
        AreaUnderRocCurve = ReadFigure(reader),
        RootMeanSquaredError = ReadFigure(reader),
        RSquared = ReadFigure(reader),
        TokenErrorRate = ReadFigure(reader),
        SequenceErrorRate = ReadFigure(reader),
        Bleu = ReadFigure(reader),
    };

    // A figure may itself be NaN, so that its absence needs a mark of its own.
    private static void Write(PayloadWriter writer, double? figure)
    {
        writer.Write(figure.HasValue);
        if (figure.HasValue)
            writer.Write(figure.Value);
    }

    private static double? ReadFigure(PayloadReader reader) => reader.ReadBoolean() ? reader.ReadDouble() : null;
}
