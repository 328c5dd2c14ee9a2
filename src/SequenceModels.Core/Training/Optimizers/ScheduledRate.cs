using SequenceModels.Files;

namespace SequenceModels.Training;

/// <summary>A learning rate schedule at work: the rate of each batch.</summary>
internal sealed class ScheduledRate
{
    private readonly LearningRateSchedule _schedule;
    private readonly float _learningRate;
    private readonly double _batches, _warmup;

    /// <summary>The plateau's state. The others have none: their rate follows from epoch and update alone.</summary>
    private double _best = double.PositiveInfinity;
    private int _waited;
    private float _rate;

    /// <param name="schedule">How the rate changes.</param>
    /// <param name="learningRate">The option: where the rate begins, or what it warms up to.</param>
    /// <param name="batchesPerEpoch">Batches in an epoch.</param>
    /// <param name="numberOfEpochs">Of the whole training.</param>
    /// <param name="inPieces">Whether an update may be a part of a batch.</param>
    public ScheduledRate(LearningRateSchedule schedule, float learningRate, long batchesPerEpoch, int numberOfEpochs,
        bool inPieces = false)
    {
        _schedule = schedule;
        _learningRate = _rate = learningRate;
        _batches = (double)batchesPerEpoch * numberOfEpochs;
        double warmup = schedule is CosineSchedule cosine ? cosine.WarmupFraction * _batches : 0;
        _warmup = inPieces ? warmup : Math.Round(warmup, MidpointRounding.AwayFromZero);
    }

    /// <summary>The rate of one update: of a batch, or of a part of one.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="from">Batches of the whole training that are done before it, whether or not they moved the weights.</param>
    /// <param name="to">Batches that are done with it.</param>
    public float RateOf(int epoch, double from, double to) => _schedule switch
    {
        ConstantSchedule => _learningRate,
        StepDecaySchedule step => (float)(_learningRate * Math.Pow(step.Factor, Math.Max(0, epoch - step.AfterEpoch))),
        CosineSchedule => CosineRate(from, to),
        PlateauSchedule => _rate,
        _ => throw new InvalidOperationException($"There is no rate for {_schedule.GetType().Name}."),
    };

    /// <summary>Tells of the end of an epoch.</summary>
    /// <param name="cost">What is watched: smaller is better.</param>
    public void Observe(double cost)
    {
        if (_schedule is not PlateauSchedule plateau)
            return;
        if (cost < _best)
        {
            (_best, _waited) = (cost, 0);
            return;
        }
        if (++_waited <= plateau.Patience)
            return;
        // A rate that begins below the minimum stays where it is.
        _rate = Math.Max(_rate * plateau.Factor, Math.Min(_rate, plateau.MinimumRate));
        _waited = 0;
    }

    /// <summary>Writes what <see cref="Observe"/> has changed.</summary>
    public void Write(PayloadWriter writer)
    {
        writer.Write(_best);
        writer.Write(_waited);
        writer.Write(_rate);
    }

    /// <summary>Reads what <see cref="Write"/> wrote for the same schedule and learning rate.</summary>
    public void Read(PayloadReader reader)
    {
        _best = reader.ReadDouble();
        _waited = reader.ReadInt32("number of epochs without a better figure", 0, int.MaxValue);
        _rate = reader.ReadSingle();
        if (double.IsNaN(_best) || !(_rate >= 0 && _rate <= _learningRate))
            throw reader.Invalid(
                Invariant($"its learning rate is {_rate} after a best loss of {_best}, where training began with ") +
                Invariant($"{_learningRate}"));
    }

    private float CosineRate(double from, double to) => (float)(to <= _warmup
        ? _learningRate * (to / _warmup)
        : _learningRate * (1 + Math.Cos(Math.PI * Math.Max(0, from - _warmup) / (_batches - _warmup))) / 2);
}
