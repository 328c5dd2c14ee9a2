using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Heads;

/// <summary>Sums and maxima over all tag sequences, against every tag sequence counted by itself.</summary>
public unsafe class CrfLatticeTests
{
    private const double Weight = 0.75;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void All_is_as_counted_one_by_one(bool constrained)
    {
        var random = new Random(5);
        for (int tags = 1; tags <= 5; tags++)
            for (int length = 1; length <= 6; length++)
                Check(tags, length, constrained ? RandomConstraints(tags, random) : null, random);
    }

    [Fact]
    public void What_is_excluded_has_no_probability_at_all()
    {
        // As in a BIO scheme: 2 follows 1 or itself alone, and its own scores would have it everywhere.
        var constraints = new CrfConstraints(new[,] { { true, true, false }, { true, true, true }, { true, true, true } },
            [true, true, false], [true, true, true]);
        double[][] outputs = [[0, 0, 500], [2900, 0, 500], [0, 0, 500], [0, 0, 500]];
        Lattice lattice = new(Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), constraints, outputs);
        double logPartition = lattice.Chain.Forward();
        Assert.Equal(double.NegativeInfinity, lattice.Score([2, 0, 0, 0]));
        Assert.Equal(double.NegativeInfinity, lattice.Score([0, 2, 0, 0]));
        Assert.Equal(3400 + Math.Log(2), logPartition, 1e-9); // 0 or 1, then 0, 1, 2; all others fade beside these
        lattice.Chain.Backward(logPartition, Weight);
        Assert.Equal(0, lattice.Chain.Marginals(0)[2]);
        Assert.Equal(0, lattice.Chain.TransitionCount(0, 2));
        Assert.Equal(1, lattice.Chain.Marginals(1)[0], 1e-9);
        for (int t = 0; t < outputs.Length; t++)
            Assert.Equal(1, lattice.Chain.Marginals(t).ToArray().Sum(), 1e-9);
        Assert.Equal([0, 0, 1, 2], lattice.Chain.LikeliestPath().ToArray());
    }

    [Fact]
    public void Ways_of_hardly_any_probability_still_have_a_finite_loss()
    {
        var constraints = new CrfConstraints(new[,] { { true, true, false }, { true, false, true }, { true, false, true } },
            [true, true, false], [true, true, true]);
        double[][] outputs = [.. Enumerable.Range(0, 6).Select(_ => new double[] { 3000, 0, 0 })];
        Lattice lattice = new(Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), constraints, outputs);
        double logPartition = lattice.Chain.Forward();
        Assert.Equal(18000, logPartition - lattice.Score([1, 2, 2, 2, 2, 2]), 1e-6);
        lattice.Chain.Backward(logPartition, Weight);
        Assert.All(Enumerable.Range(0, 6), t => Assert.Equal([1, 0, 0], lattice.Chain.Marginals(t).ToArray()));
    }

    /// <summary>
    /// Transitions u[i] + v[j] are no transitions but more scores of the steps: then each step has a softmax of its own,
    /// whatever the length.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void A_thousand_steps_neither_overflow_nor_fade(float scale)
    {
        const int Tags = 4, Length = 1000;
        var random = new Random(2);
        double[,] u = Matrices.Random(1, Tags, random, scale), v = Matrices.Random(1, Tags, random, scale);
        var transitions = new double[Tags, Tags];
        for (int i = 0; i < Tags; i++)
            for (int j = 0; j < Tags; j++)
                transitions[i, j] = (float)(u[0, i] + v[0, j]);
        double[][] outputs = Outputs(Tags, Length, random, scale);
        Lattice lattice = new(transitions, v, u, null, outputs);
        double logPartition = lattice.Chain.Forward(), expected = 0;
        double[][] each = [.. outputs.Select(step => step.Select((score, k) => score + u[0, k] + v[0, k]).ToArray())];
        foreach (double[] step in each)
            expected += step.Max() + Math.Log(step.Sum(score => Math.Exp(score - step.Max())));
        Assert.InRange(logPartition / expected, 1 - 1e-6, 1 + 1e-6);
        lattice.Chain.Backward(logPartition, Weight);
        for (int t = 0; t < Length; t++)
            for (int k = 0; k < Tags; k++)
                Assert.Equal(Math.Exp(each[t][k] - each[t].Max()) / each[t].Sum(score => Math.Exp(score - each[t].Max())),
                    lattice.Chain.Marginals(t)[k], 1e-4);
        Assert.Equal(each.Select(step => Array.IndexOf(step, step.Max())), lattice.Chain.LikeliestPath().ToArray());
    }

    [Fact]
    public void Of_equal_paths_the_one_with_the_smaller_tags_from_the_end_is_taken()
    {
        Lattice lattice = new(Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), null, [[0, 0, 0], [-1, 0, 0], [0, 0, 0]]);
        Assert.Equal([0, 1, 0], lattice.Chain.LikeliestPath().ToArray());
    }

    [Fact]
    public void A_lattice_forgets_what_it_was_used_for()
    {
        var random = new Random(8);
        Lattice large = Random(5, 6, null, random), small = Random(3, 2, null, new Random(9)),
            again = Random(3, 2, null, new Random(9));
        double expected = small.Chain.Forward();
        again.UseLatticeOf(large);
        Assert.Equal(expected, again.Chain.Forward());
        small.Chain.Backward(expected, Weight);
        again.Chain.ClearCounts();
        again.Chain.Backward(expected, Weight);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                Assert.Equal(small.Chain.TransitionCount(i, j), again.Chain.TransitionCount(i, j));
    }

    private static void Check(int tags, int length, CrfConstraints? constraints, Random random)
    {
        double[,] transitions = Matrices.Random(tags, tags, random, 2), start = Matrices.Random(1, tags, random, 2),
            end = Matrices.Random(1, tags, random, 2);
        double[][] outputs = Outputs(tags, length, random, 2);
        var reference = new ChainReference(transitions, start, end, constraints);
        CrfLattice lattice = new Lattice(transitions, start, end, constraints, outputs).Chain;
        string place = $"{tags} tags, {length} steps";

        int[] likeliest = reference.Likeliest(outputs);
        Assert.Equal(likeliest, lattice.LikeliestPath().ToArray());
        double logPartition = lattice.Forward();
        Assert.Equal(reference.LogPartition(outputs), logPartition, 1e-9);
        lattice.Backward(logPartition, Weight);
        double[][] marginals = reference.Marginals(outputs);
        for (int t = 0; t < length; t++)
            for (int k = 0; k < tags; k++)
            {
                Assert.True(Math.Abs(marginals[t][k] - lattice.Marginals(t)[k]) < 1e-9, place);
                Assert.Equal(marginals[t][k] == 0, lattice.Marginals(t)[k] == 0);
            }
        for (int i = 0; i < tags; i++)
        {
            Assert.Equal(Weight * marginals[0][i], lattice.StartCounts[i], 1e-9);
            Assert.Equal(Weight * marginals[^1][i], lattice.EndCounts[i], 1e-9);
            for (int j = 0; j < tags; j++)
            {
                double expected = reference.All(outputs).Sum(sequence => Math.Exp(sequence.Score - logPartition) *
                    Enumerable.Range(1, length - 1).Count(t => sequence.Tags[t - 1] == i && sequence.Tags[t] == j));
                Assert.True(Math.Abs(Weight * expected - lattice.TransitionCount(i, j)) < 1e-9, place);
            }
        }
        foreach ((int[] sequence, double score) in reference.All(outputs))
            Assert.Equal(score, new Lattice(transitions, start, end, constraints, outputs).Score(sequence), 1e-9);
    }

    internal static CrfConstraints RandomConstraints(int tags, Random random)
    {
        var transitions = new bool[tags, tags];
        for (int i = 0; i < tags; i++)
            for (int j = 0; j < tags; j++)
                transitions[i, j] = random.NextDouble() < 0.6;
        bool[] starts = [.. Enumerable.Range(0, tags).Select(_ => random.NextDouble() < 0.6)],
            ends = [.. starts.Select(_ => random.NextDouble() < 0.6)];
        int way = random.Next(tags);
        starts[way] = ends[way] = transitions[way, way] = true;
        return new CrfConstraints(transitions, starts, ends);
    }

    private static Lattice Random(int tags, int length, CrfConstraints? constraints, Random random) =>
        new(Matrices.Random(tags, tags, random),
        Matrices.Random(1, tags, random), Matrices.Random(1, tags, random), constraints, Outputs(tags, length, random, 1));

    private static double[][] Outputs(int tags, int length, Random random, double range) =>
        [.. Enumerable.Range(0, length).Select(_ => Matrices.Random(1, tags, random, range).Cast<double>().ToArray())];

    private static double[,] Zeros(int rows, int columns) => new double[rows, columns];

    /// <summary>A lattice that has read one sequence.</summary>
    private sealed class Lattice
    {
        private readonly FloatBuffer _transitions, _start, _end, _outputs;
        private readonly SequenceBatch _batch = new();
        private readonly CrfConstraints? _constraints;
        private readonly int _tags, _stride;

        public Lattice(double[,] transitions, double[,] start, double[,] end, CrfConstraints? constraints, double[][] outputs)
        {
            (_tags, _stride, _constraints) = (start.GetLength(1), Rows.Padded(start.GetLength(1)), constraints);
            (_transitions, _start, _end) = (Buffer(transitions), Buffer(start), Buffer(end));
            var all = new double[outputs.Length, _tags];
            for (int t = 0; t < outputs.Length; t++)
                for (int k = 0; k < _tags; k++)
                    all[t, k] = outputs[t][k];
            _outputs = Buffer(all);
            _batch.Pack(new uint[outputs.Length], vocabularySize: 1);
            Use(new CrfLattice());
        }

        public CrfLattice Chain { get; private set; } = null!;

        public double Score(int[] tags) => Chain.ScoreOf([.. tags.Select(tag => (float)tag)], _batch, 0);

        public void UseLatticeOf(Lattice other)
        {
            other.Chain.Backward(other.Chain.Forward(), weight: 1);
            Use(other.Chain);
        }

        private void Use(CrfLattice chain)
        {
            Chain = chain;
            Chain.Prepare(_tags, _transitions.Data, _stride, _start.Data, _end.Data, _constraints);
            Assert.True(Chain.Read(new OutputRows((nint)_outputs.Data, _batch.Rows, _tags, _stride), _batch, 0));
        }

        private FloatBuffer Buffer(double[,] matrix)
        {
            var buffer = new FloatBuffer((long)matrix.GetLength(0) * _stride);
            for (int i = 0; i < matrix.GetLength(0); i++)
                for (int j = 0; j < matrix.GetLength(1); j++)
                    buffer.Data[i * _stride + j] = (float)matrix[i, j];
            return buffer;
        }
    }
}
