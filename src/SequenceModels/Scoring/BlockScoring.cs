using System.Collections.Concurrent;

namespace SequenceModels.Scoring;

/// <summary>
/// Scores blocks of rows: sequences of like length in one batch, several batches at a time. One per cursor; its scratch memory is
/// used again for each block.
/// </summary>
internal sealed class BlockScoring(RowScorer scorer)
{
    private readonly ConcurrentBag<IBatchScorer> _scorers = [];
    private readonly LengthBuckets _batches = new(scorer.BatchSize);

    /// <summary>Gives each row of a block its scores, or an error.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="meanwhile">What the caller does while other threads score. Left out where it would be scoring alone.</param>
    public void Score(RowBlock block, Action meanwhile)
    {
        _batches.Cut(block);
        if (_batches.Count > 1)
            PoolWork.Run(_batches.Count, batch => Score(block, _batches[batch]), meanwhile);
        else if (_batches.Count == 1)
            Score(block, _batches[0]);
        block.IsScored = true;
    }

    private void Score(RowBlock block, ReadOnlySpan<int> rows)
    {
        try
        {
            if (!_scorers.TryTake(out IBatchScorer? batchScorer))
                batchScorer = scorer.CreateBatchScorer();
            batchScorer.Score(block.Sequences, rows, block.Scores);
            _scorers.Add(batchScorer);
        }
        catch (Exception e) when (rows.Length == 1)
        {
            block.FailScoring(rows[0], e);
        }
        catch (Exception)
        {
            // One row's error is not its neighbours'.
            for (int k = 0; k < rows.Length; k++)
                Score(block, rows.Slice(k, 1));
        }
    }
}
