using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Heads;

/// <summary>A lattice of one sequence.</summary>
internal sealed unsafe class SequenceLattice
{
    private readonly FloatBuffer _transitions, _start, _end, _outputs;
    private readonly SequenceBatch _batch = new();
    private readonly CrfConstraints? _constraints;
    private readonly int _stride;
    private CrfScores _scores = new();
    private CrfLattice _lattice;

    public SequenceLattice(bool scaled, double[,] transitions, double[,] start, double[,] end, CrfConstraints? constraints,
        double[][] outputs)
    {
        _lattice = new CrfLattice(scaled);
        (Tags, _stride, _constraints) = (start.GetLength(1), Rows.Padded(start.GetLength(1)), constraints);
        (_transitions, _start, _end) = (Buffer(transitions), Buffer(start), Buffer(end));
        var all = new double[outputs.Length, Tags];
        for (int t = 0; t < outputs.Length; t++)
            for (int k = 0; k < Tags; k++)
                all[t, k] = outputs[t][k];
        _outputs = Buffer(all);
        _batch.Pack(new uint[outputs.Length], vocabularySize: 1);
        Prepare();
    }

    public int Tags { get; }

    public int Length => _batch.Rows;

    public CrfCounts Counts { get; private set; } = new();

    public bool IsScaled => _lattice.IsScaled(0);

    public double Forward()
    {
        _lattice.Forward(_scores, Outputs, _batch);
        return _lattice.LogPartition(0);
    }

    public void Backward(double weight) => _lattice.Backward([(float)weight], Counts);

    public ReadOnlySpan<double> Marginals(int t) => _lattice.Marginals(t);

    public int[] LikeliestPath()
    {
        float[] tags = new float[_batch.Rows];
        new LikeliestPaths().Find(_scores, Outputs, _batch, tags);
        return [.. tags.Select(tag => (int)tag)];
    }

    public double Score(int[] tags) => _scores.ScoreOf(Outputs, [.. tags.Select(tag => (float)tag)], _batch, 0);

    public void UseLatticeOf(SequenceLattice other)
    {
        other.Forward();
        other.Backward(1);
        (_lattice, _scores, Counts) = (other._lattice, other._scores, other.Counts);
        Prepare();
    }

    private OutputRows Outputs => new((nint)_outputs.Data, _batch.Rows, Tags, _stride);

    private void Prepare() => _scores.Prepare(Tags, _transitions.Data, _stride, _start.Data, _end.Data, _constraints);

    private FloatBuffer Buffer(double[,] matrix)
    {
        var buffer = new FloatBuffer((long)matrix.GetLength(0) * _stride);
        for (int i = 0; i < matrix.GetLength(0); i++)
            for (int j = 0; j < matrix.GetLength(1); j++)
                buffer.Data[i * _stride + j] = (float)matrix[i, j];
        return buffer;
    }
}
