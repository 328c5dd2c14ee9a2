using System.Collections.Concurrent;

namespace SequenceModels.Trainers;

/// <summary>
/// Scores blocks of rows: sequences of like length in one batch, several batches at a time. One per cursor; its scratch memory is
/// used again for each block.
/// </summary>
internal sealed class BlockScoring(SequenceNetwork network)
{
    private const int MostSequences = 32, MostSteps = 4096;

    private readonly ConcurrentBag<Workspace> _workspaces = [];
    private readonly List<Range> _batches = [];
    private int[] _rows = [], _lengths = [];

    /// <summary>Gives each row of a block its scores, or an error.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="meanwhile">What the caller does while other threads score. Left out where it would be scoring alone.</param>
    public void Score(RowBlock block, Action meanwhile)
    {
        Deal(block);
        if (_batches.Count > 1)
            SharedWork.Run(_batches.Count, batch => Score(block, _batches[batch]), meanwhile);
        else if (_batches.Count == 1)
            Score(block, _batches[0]);
        block.IsScored = true;
    }

    /// <summary>Sorts the rows by length, the longest first, and cuts them into batches.</summary>
    private void Deal(RowBlock block)
    {
        if (_rows.Length < block.Count)
            (_rows, _lengths) = (new int[block.Count], new int[block.Count]);
        int count = 0;
        for (int row = 0; row < block.Count; row++)
            if (block.IsReadable(row))
                (_rows[count], _lengths[count++]) = (row, -block.Sequences.Length(row));
        Array.Sort(_lengths, _rows, 0, count);

        _batches.Clear();
        for (int start = 0, end; start < count; start = end)
        {
            int steps = -_lengths[start];
            for (end = start + 1; end < count && end - start < MostSequences && steps - _lengths[end] <= MostSteps; end++)
                steps -= _lengths[end];
            _batches.Add(start..end);
        }
    }

    private void Score(RowBlock block, Range batch)
    {
        ReadOnlySpan<int> rows = _rows.AsSpan(batch);
        try
        {
            if (!_workspaces.TryTake(out Workspace? workspace))
                workspace = network.CreateWorkspace();
            network.Score(block.Sequences, rows, block.Scores, workspace);
            _workspaces.Add(workspace);
        }
        catch (Exception e) when (rows.Length == 1)
        {
            block.Fail(rows[0], e);
        }
        catch (Exception)
        {
            // One row's error is not its neighbours'.
            for (int k = batch.Start.Value; k < batch.End.Value; k++)
                Score(block, k..(k + 1));
        }
    }
}
