using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Scoring;

/// <summary>Scores one row at a time, on the thread that asks.</summary>
internal sealed class SingleRowScores : IRowScores
{
    private readonly DataViewRow _row;
    private readonly RowScorer _scorer;
    private readonly InputReader _reader;
    private readonly SequenceDataset _data;
    private readonly IBatchScorer _batchScorer;
    private readonly ScoreBuffer _buffer;
    private readonly OncePerRow _scored;

    /// <param name="row">The row or cursor.</param>
    /// <param name="scorer">Scores it.</param>
    public SingleRowScores(DataViewRow row, RowScorer scorer)
    {
        (_row, _scorer) = (row, scorer);
        _reader = scorer.CreateReader(row);
        _data = scorer.CreateDataset();
        _batchScorer = scorer.CreateBatchScorer();
        _buffer = new ScoreBuffer(scorer.NumberOfScores, scorer.HasTags, scorer.HasSequences);
        _scored = new OncePerRow(row, Score);
    }

    public ReadOnlySpan<float> Scores
    {
        get
        {
            _scored.Do();
            return _buffer.Scores;
        }
    }

    public ReadOnlySpan<int> Tags
    {
        get
        {
            _scored.Do();
            return _buffer.Tags;
        }
    }

    public FoundSequence Sequence
    {
        get
        {
            _scored.Do();
            return _buffer.Sequences[0];
        }
    }

    private void Score()
    {
        _reader.Read();
        try
        {
            _buffer.Reserve(_scorer.PerStep ? _reader.Length : 1);
            _data.Clear();
            _reader.AddTo(_data, _scorer.NoLabels);
            _batchScorer.Score(_data, [0], _buffer);
        }
        catch (Exception e) when (RowError.IsOfTheRow(e))
        {
            throw RowError.Wrap(_scorer.Columns, _row.Position, e);
        }
    }
}
