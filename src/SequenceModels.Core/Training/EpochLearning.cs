using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>Goes through the batches of an epoch, update by update, from wherever the epoch stands.</summary>
/// <param name="job">What is trained.</param>
/// <param name="batches">Of its training rows.</param>
/// <param name="step">Learns.</param>
/// <param name="rates">The schedule.</param>
/// <param name="reports">Told of each update.</param>
/// <param name="budget">Whose end ends the epoch early.</param>
/// <param name="diverged">Makes the errors of numbers that are none any more.</param>
/// <param name="ranks">The processes that train.</param>
internal sealed class EpochLearning(TrainingJob job, Batches batches, TrainingStep step, ScheduledRate rates,
    ProgressReporter reports, TimeBudget budget, Func<Divergence> diverged, TrainingRanks ranks)
{
    /// <summary>The last gradient norm that was a number.</summary>
    private double _lastNorm = double.NaN;

    /// <summary>Learns from each batch that is not yet done.</summary>
    /// <param name="sums">How far the epoch has come; goes on.</param>
    /// <returns>Whether the epoch is done; else the time is used up.</returns>
    public bool Run(EpochSums sums)
    {
        batches.Shuffle(sums.Epoch);
        step.HoldsLayers = sums.Epoch <= job.Options.TaskOptions.FrozenEpochs;
        while (sums.Batch < batches.Count)
        {
            ranks.ThrowIfCanceled(job);
            Learn(sums, batches[sums.Batch]);
            if (budget.IsUsedUp && sums.Batch < batches.Count)
                return false;
        }
        return true;
    }

    /// <summary>One update: from the rows of a batch, or from some of their steps.</summary>
    private void Learn(EpochSums sums, ReadOnlySpan<int> rows)
    {
        int longest = job.Data.Length(rows[0]);
        StepRange steps = step.StepsFrom(sums.Step, longest);
        bool isPiece = steps != StepRange.All, isLast = !isPiece || sums.Step + steps.Count >= longest;
        double before = (sums.Epoch - 1.0) * batches.Count + sums.Batch;
        double from = before + (isPiece ? (double)sums.Step / longest : 0);
        double to = before + (isLast ? 1 : (double)(sums.Step + steps.Count) / longest);
        float rate = rates.RateOf(sums.Epoch, from, to);
        (double loss, double weight, double norm) = step.Run(rows, steps, rate);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw diverged().OfLoss(Invariant($"epoch {sums.Epoch}, batch {sums.Batch + 1} of {batches.Count}"), loss, norm,
                _lastNorm, rate);
        _lastNorm = norm;
        sums.Add(loss, weight, norm, rate);
        long all = 0;
        foreach (int row in rows)
            all += job.Data.Length(row);
        if (isLast)
        {
            sums.EndBatch(all);
            reports.Batch(sums.Epoch, sums.Batch, all, sums.MeanLoss);
            return;
        }
        sums.GoTo(sums.Step + steps.Count);
        reports.Piece(sums.Epoch, sums.Batch + 1, to - before, all, sums.MeanLoss);
    }
}
