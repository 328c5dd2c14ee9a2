using System.Diagnostics;

namespace SequenceModels.Training;

/// <summary>
/// Tells those who watch a training how far it has come: the option Progress several times a second, the instruments always.
/// </summary>
/// <param name="job">What is trained.</param>
/// <param name="batches">In an epoch.</param>
/// <param name="before">Batches that earlier runs have done.</param>
/// <param name="isHeard">Whether this is the process that tells; the others say nothing.</param>
internal sealed class ProgressReporter(TrainingJob job, int batches, double before, bool isHeard = true)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromMilliseconds(200);

    private readonly TrainingOptions _options = job.Options;
    private readonly long _started = Stopwatch.GetTimestamp();

    private TimeSpan _reported;
    private long _steps;

    /// <summary>Tells of a batch that was learned from.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="batch">From 1.</param>
    /// <param name="steps">Time steps of its sequences.</param>
    /// <param name="loss">Mean loss since the epoch began.</param>
    public void Batch(int epoch, int batch, long steps, double loss)
    {
        _steps += steps;
        if (!isHeard)
            return;
        TrainingInstruments.Batch(job.Subject, steps);
        Report(epoch, batch, batch, _steps, loss);
    }

    /// <summary>Tells of a part of a batch that was learned from.</summary>
    /// <param name="epoch">From 1.</param>
    /// <param name="batch">From 1.</param>
    /// <param name="share">Of the batch, less than 1.</param>
    /// <param name="steps">Time steps of the whole batch.</param>
    /// <param name="loss">Mean loss since the epoch began.</param>
    public void Piece(int epoch, int batch, double share, long steps, double loss) =>
        Report(epoch, batch, batch - 1 + share, _steps + (long)(share * steps), loss);

    /// <param name="epoch">From 1.</param>
    /// <param name="batch">The one just finished, or at work; from 1.</param>
    /// <param name="done">Batches of the epoch that are done.</param>
    /// <param name="steps">Of this run.</param>
    /// <param name="loss">Mean loss since the epoch began.</param>
    /// <param name="ended">The epoch, if it has ended.</param>
    private void Report(int epoch, int batch, double done, long steps, double loss, TrainingEpoch? ended = null)
    {
        if (_options.Progress is null || !isHeard)
            return;
        TimeSpan elapsed = Stopwatch.GetElapsedTime(_started);
        if (elapsed - _reported < BetweenReports && done < batches)
            return;
        _reported = elapsed;
        // The pace is that of this run: batches that came before a checkpoint took none of its time.
        double all = (epoch - 1.0) * batches + done, run = all - before;
        double left = (double)_options.NumberOfEpochs * batches - all;
        _options.Progress.Report(new TrainingProgress(epoch, _options.NumberOfEpochs, batch, batches, loss,
            steps / Math.Max(elapsed.TotalSeconds, 1e-9), elapsed, elapsed * (left / Math.Max(run, 1e-9)))
        {
            Ended = ended,
        });
    }

    /// <summary>Tells of an epoch that has ended.</summary>
    public void Epoch(TrainingEpoch epoch)
    {
        if (!isHeard)
            return;
        TrainingInstruments.Epoch(job.Subject, epoch);
        Report(epoch.Epoch, batches, batches, _steps, epoch.TrainingLoss, epoch);
        job.OnEpoch?.Invoke(epoch);
    }
}
