using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Scoring;

/// <summary>Scores the steps of one row at a time, once for all columns that ask.</summary>
/// <param name="row">The row or cursor.</param>
/// <param name="columns">What the network reads in it.</param>
/// <param name="network">Has an output for every step.</param>
internal sealed class SingleRowScores(DataViewRow row, InputColumns columns, SequenceNetwork network) : IStepScores
{
    private readonly InputReader _reader = columns.CreateReader(row);
    private readonly SequenceDataset _data = columns.NewDataset();
    private readonly EncoderPass _workspace = network.CreatePass();
    private float[] _scores = [];
    private int[] _tags = [];
    private long? _position;

    public ReadOnlySpan<float> Scores
    {
        get
        {
            int steps = Compute(); // first: it may put longer buffers in place
            return _scores.AsSpan(0, steps * network.NumberOfOutputs);
        }
    }

    public ReadOnlySpan<int> Tags
    {
        get
        {
            int steps = Compute();
            return _tags.AsSpan(0, steps);
        }
    }

    /// <returns>T.</returns>
    private int Compute()
    {
        if (row.Position == _position)
            return _reader.Length;
        _position = null; // should scoring throw, no getter may take what is left of the row before
        _reader.Read();
        try
        {
            Score();
        }
        catch (Exception e) when (RowError.IsOfTheRow(e))
        {
            throw RowError.Of(columns, row.Position, e);
        }
        _position = row.Position;
        return _reader.Length;
    }

    private void Score()
    {
        _data.Clear();
        _reader.AddTo(_data, label: 0);
        if (_tags.Length < _reader.Length)
            (_tags, _scores) = (new int[_reader.Length], new float[ArrayLength.Of(_reader.Length, network.NumberOfOutputs)]);
        network.Score(_data, [0], _scores, _tags.AsSpan(0, _reader.Length), _workspace);
    }
}
