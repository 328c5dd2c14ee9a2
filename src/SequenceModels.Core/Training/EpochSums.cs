using SequenceModels.Files;

namespace SequenceModels.Training;

/// <summary>How far an epoch has come, and what its updates come to so far: all that it needs to go on.</summary>
/// <param name="epoch">From 1.</param>
internal sealed class EpochSums(int epoch)
{
    private double _loss, _weight, _norms, _largestNorm;
    private int _updates;

    public int Epoch => epoch;

    /// <summary>Batches that are done, and steps of the next one's rows where it is learned from in pieces.</summary>
    public int Batch { get; private set; }

    public int Step { get; private set; }

    /// <summary>Time steps of all batches that are done.</summary>
    public long Steps { get; private set; }

    /// <summary>Of the last update; 0: there was none.</summary>
    public float Rate { get; private set; }

    /// <summary>Time that earlier runs took for what is done.</summary>
    public TimeSpan Before { get; set; }

    /// <summary>Whether a weight may have been moved.</summary>
    public bool HasLearned => Batch > 0 || Step > 0;

    public double MeanLoss => _loss / Math.Max(_weight, double.Epsilon);

    /// <summary>Adds what an update learned from.</summary>
    /// <param name="loss">Its sum of weighted losses.</param>
    /// <param name="weight">Its sum of weights; 0: no weight was moved.</param>
    /// <param name="norm">Of its gradient.</param>
    /// <param name="rate">Its learning rate.</param>
    public void Add(double loss, double weight, double norm, float rate)
    {
        _loss += loss;
        _weight += weight;
        if (weight > 0)
            (_norms, _largestNorm, _updates) = (_norms + norm, Math.Max(_largestNorm, norm), _updates + 1);
        Rate = rate;
    }

    /// <summary>The batch goes on with a later step.</summary>
    public void GoTo(int step) => Step = step;

    /// <summary>The batch is done.</summary>
    /// <param name="steps">Time steps of its rows.</param>
    public void EndBatch(long steps)
    {
        Steps += steps;
        (Batch, Step) = (Batch + 1, 0);
    }

    /// <summary>The epoch, once all batches are done.</summary>
    /// <param name="duration">Of this run's part.</param>
    public TrainingEpoch ToEpoch(TimeSpan duration) => new()
    {
        Epoch = epoch,
        LearningRate = Rate,
        TrainingLoss = MeanLoss,
        GradientNorm = _norms / Math.Max(_updates, 1),
        LargestGradientNorm = _largestNorm,
        Duration = Before + duration,
        StepsPerSecond = Steps / (Before + duration).TotalSeconds,
    };

    public void Write(PayloadWriter writer, TimeSpan duration)
    {
        writer.Write(epoch);
        writer.Write(Batch);
        writer.Write(Step);
        writer.Write(Steps);
        writer.Write(Rate);
        writer.Write((Before + duration).Ticks);
        writer.Write(_updates);
        foreach (double sum in new[] { _loss, _weight, _norms, _largestNorm })
            writer.Write(sum);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static EpochSums Read(PayloadReader reader)
    {
        var sums = new EpochSums(reader.ReadInt32("the epoch that has begun", 1, int.MaxValue))
        {
            Batch = reader.ReadInt32("the number of batches that are done", 0, int.MaxValue),
            Step = reader.ReadInt32("the number of steps that are done", 0, int.MaxValue),
            Steps = reader.ReadInt64(),
            Rate = reader.ReadFinite("a learning rate"),
            Before = new TimeSpan(Math.Clamp(reader.ReadInt64(), 0, TimeSpan.MaxValue.Ticks / 2)),
            _updates = reader.ReadInt32("the number of updates", 0, int.MaxValue),
            _loss = reader.ReadFiniteDouble("a loss"),
            _weight = reader.ReadFiniteDouble("a weight"),
            _norms = reader.ReadFiniteDouble("a sum of norms"),
            _largestNorm = reader.ReadFiniteDouble("a gradient norm"),
        };
        return sums.HasLearned && sums.Steps >= 0 ? sums : throw reader.Invalid("nothing of the epoch that has begun is done");
    }
}
