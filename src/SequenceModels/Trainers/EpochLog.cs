using System.Diagnostics;
using SequenceModels.Sequences;

namespace SequenceModels.Trainers;

/// <summary>Makes a model's history of what the training tells after each epoch.</summary>
internal sealed class EpochLog(SequenceTrainerOptions options, SequenceDataset data)
{
    private readonly List<TrainingEpoch> _epochs = [];
    private long _started = Stopwatch.GetTimestamp();

    public IReadOnlyList<TrainingEpoch> Epochs => _epochs;

    /// <param name="epoch">From 1.</param>
    /// <param name="loss">Mean training loss.</param>
    public void Add(int epoch, double loss)
    {
        TimeSpan duration = Stopwatch.GetElapsedTime(_started);
        _started = Stopwatch.GetTimestamp();
        _epochs.Add(new TrainingEpoch
        {
            Epoch = epoch,
            LearningRate = options.LearningRate,
            TrainingLoss = loss,
            GradientNorm = double.NaN,
            LargestGradientNorm = double.NaN,
            IsSelected = epoch == options.NumberOfEpochs,
            Duration = duration,
            StepsPerSecond = data.NumberOfSteps / Math.Max(duration.TotalSeconds, 1e-9),
        });
    }
}
