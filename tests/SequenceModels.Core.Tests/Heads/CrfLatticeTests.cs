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
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void All_is_as_counted_one_by_one(bool scaled, bool constrained)
    {
        var random = new Random(5);
        for (int tags = 1; tags <= 5; tags++)
            for (int length = 1; length <= 6; length++)
                Check(scaled, tags, length, constrained ? RandomConstraints(tags, random) : null, random);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_excluded_has_no_probability_at_all(bool scaled)
    {
        // As in a BIO scheme: 2 follows 1 or itself alone, and its own scores would have it everywhere.
        var constraints = new CrfConstraints(new[,] { { true, true, false }, { true, true, true }, { true, true, true } },
            [true, true, false], [true, true, true]);
        double[][] outputs = [[0, 0, 500], [2900, 0, 500], [0, 0, 500], [0, 0, 500]];
        Lattice lattice = new(scaled, Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), constraints, outputs);
        double logPartition = lattice.Forward();
        Assert.Equal(double.NegativeInfinity, lattice.Score([2, 0, 0, 0]));
        Assert.Equal(double.NegativeInfinity, lattice.Score([0, 2, 0, 0]));
        Assert.Equal(3400 + Math.Log(2), logPartition, 1e-9); // 0 or 1, then 0, 1, 2; all others fade beside these
        lattice.Backward(Weight);
        Assert.Equal(0, lattice.Marginals(0)[2]);
        Assert.Equal(0, lattice.Counts.Transition(0, 2));
        Assert.Equal(1, lattice.Marginals(1)[0], 1e-9);
        for (int t = 0; t < outputs.Length; t++)
            Assert.Equal(1, lattice.Marginals(t).ToArray().Sum(), 1e-9);
        Assert.Equal([0, 0, 1, 2], lattice.LikeliestPath());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Ways_of_hardly_any_probability_still_have_a_finite_loss(bool scaled)
    {
        var constraints = new CrfConstraints(new[,] { { true, true, false }, { true, false, true }, { true, false, true } },
            [true, true, false], [true, true, true]);
        double[][] outputs = [.. Enumerable.Range(0, 6).Select(_ => new double[] { 3000, 0, 0 })];
        Lattice lattice = new(scaled, Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), constraints, outputs);
        double logPartition = lattice.Forward();
        Assert.Equal(18000, logPartition - lattice.Score([1, 2, 2, 2, 2, 2]), 1e-6);
        lattice.Backward(Weight);
        Assert.All(Enumerable.Range(0, 6), t => Assert.Equal([1, 0, 0], lattice.Marginals(t).ToArray()));
    }

    /// <summary>
    /// Transitions u[i] + v[j] are no transitions but more scores of the steps: then each step has a softmax of its own,
    /// whatever the length.
    /// </summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 40)]
    [InlineData(true, 40)]
    public void A_thousand_steps_neither_overflow_nor_fade(bool scaled, float scale)
    {
        const int Tags = 4, Length = 1000;
        var random = new Random(2);
        double[,] u = Matrices.Random(1, Tags, random, scale), v = Matrices.Random(1, Tags, random, scale);
        var transitions = new double[Tags, Tags];
        for (int i = 0; i < Tags; i++)
            for (int j = 0; j < Tags; j++)
                transitions[i, j] = (float)(u[0, i] + v[0, j]);
        double[][] outputs = Outputs(Tags, Length, random, scale);
        Lattice lattice = new(scaled, transitions, v, u, null, outputs);
        double logPartition = lattice.Forward(), expected = 0;
        double[][] each = [.. outputs.Select(step => step.Select((score, k) => score + u[0, k] + v[0, k]).ToArray())];
        foreach (double[] step in each)
            expected += step.Max() + Math.Log(step.Sum(score => Math.Exp(score - step.Max())));
        Assert.InRange(logPartition / expected, 1 - 1e-6, 1 + 1e-6);
        lattice.Backward(Weight);
        for (int t = 0; t < Length; t++)
            for (int k = 0; k < Tags; k++)
                Assert.Equal(Math.Exp(each[t][k] - each[t].Max()) / each[t].Sum(score => Math.Exp(score - each[t].Max())),
                    lattice.Marginals(t)[k], 1e-4);
        Assert.Equal(each.Select(step => Array.IndexOf(step, step.Max())), lattice.LikeliestPath());
    }

    [Fact]
    public void Of_equal_paths_the_one_with_the_smaller_tags_from_the_end_is_taken()
    {
        Lattice lattice = new(true, Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), null, [[0, 0, 0], [-1, 0, 0], [0, 0, 0]]);
        Assert.Equal([0, 1, 0], lattice.LikeliestPath());
    }

    /// <summary>Scores so far apart that scaled variables would fade: then logarithms step in, sequence by sequence.</summary>
    [Theory]
    [InlineData(100, true)]
    [InlineData(400, false)]
    [InlineData(90_000, false)]
    public void Scores_far_apart_are_summed_in_logarithms(float range, bool scaled)
    {
        var random = new Random(6);
        double[,] transitions = Matrices.Random(4, 4, random, 2), ends = Matrices.Random(1, 4, random, 2);
        double[][] wide = [[0, -range, 0, 0], [-range, 0, 0, 0], [0, 0, 0, range], [range, 0, 0, 0], [range, range, 0, 0]];
        Lattice lattice = new(true, transitions, ends, ends, null, wide), logs = new(false, transitions, ends, ends, null, wide);
        Assert.Equal(logs.Forward(), lattice.Forward(), 1e-9);
        Assert.Equal(scaled, lattice.IsScaled);
        Assert.False(logs.IsScaled);
        lattice.Backward(Weight);
        logs.Backward(Weight);
        AssertAgree(logs, lattice);
        Assert.True(double.IsFinite(lattice.Forward()));
    }

    [Fact]
    public void Transitions_far_apart_are_summed_in_logarithms()
    {
        double[][] outputs = [[0, 1, 2], [1, 0, 2], [0, 1, 0]];
        double[,] transitions = { { 0, -500, 1 }, { 2, 500, 1 }, { 0, 1, -90_000 } }, ends = { { 0, 1, 0 } };
        Lattice lattice = new(true, transitions, ends, ends, null, outputs), logs = new(false, transitions, ends, ends, null, outputs);
        Assert.Equal(logs.Forward(), lattice.Forward(), 1e-9);
        Assert.Equal(1004, lattice.Forward(), 1e-9); // 1, 1, 1
        Assert.False(lattice.IsScaled);
        lattice.Backward(Weight);
        logs.Backward(Weight);
        AssertAgree(logs, lattice);
    }

    /// <summary>The second of three sequences has scores too far apart for scaled variables, the others have not.</summary>
    [Fact]
    public void Each_sequence_has_the_same_bits_alone_and_beside_one_that_needs_logarithms()
    {
        const int Tags = 5, Stride = 16;
        int[] lengths = [6, 4, 3];
        var random = new Random(12);
        float[][][] scores = [.. lengths.Select((length, k) => Enumerable.Range(0, length).Select(_ => Enumerable.Range(0, Tags)
            .Select(_ => (random.NextSingle() - 0.5f) * (k == 1 ? 3_000 : 4)).ToArray()).ToArray())];
        FloatBuffer transitions = new(Tags * Stride), ends = new(Stride);
        foreach (ref float value in transitions.Span)
            value = random.NextSingle();
        CrfScores shared = new();
        shared.Prepare(Tags, transitions.Data, Stride, ends.Data, ends.Data, constraints: null);
        CrfLattice together = Run([0, 1, 2], out SequenceBatch batch, out CrfCounts counts);
        double[] sums = new double[Tags * Tags];
        for (int k = 0; k < lengths.Length; k++)
        {
            CrfLattice alone = Run([k], out _, out CrfCounts own);
            Assert.Equal(k != 1, alone.IsScaled(0));
            Assert.Equal(k != 1, together.IsScaled(k));
            Assert.Equal(alone.LogPartition(0), together.LogPartition(k));
            for (int t = 0; t < lengths[k]; t++)
                Assert.Equal(alone.Marginals(t).ToArray(), together.Marginals(batch.Offset(t) + k).ToArray());
            for (int i = 0; i < sums.Length; i++)
                sums[i] += own.Transition(i / Tags, i % Tags);
        }
        for (int i = 0; i < sums.Length; i++)
            Assert.Equal(sums[i], counts.Transition(i / Tags, i % Tags), 1e-12);

        CrfLattice Run(int[] rows, out SequenceBatch batch, out CrfCounts counts)
        {
            using var data = new SequenceDataset([StepFeature.Tokens(1, 0)]);
            foreach (int row in rows)
                data.Add(new uint[lengths[row]], label: 0);
            batch = new SequenceBatch();
            int[] order = [.. Enumerable.Range(0, rows.Length)];
            batch.Pack(data, order, numbers: order, FrameTransform.None);
            var outputs = new FloatBuffer(batch.Rows * Stride);
            for (int k = 0; k < rows.Length; k++)
                for (int t = 0; t < batch.Length(k); t++)
                    scores[rows[k]][t].CopyTo(outputs.Span[((batch.Offset(t) + k) * Stride)..]);
            var lattice = new CrfLattice();
            lattice.Forward(shared, new OutputRows((nint)outputs.Data, batch.Rows, Tags, Stride), batch);
            lattice.Backward([1, 1, 1], counts = new CrfCounts());
            return lattice;
        }
    }

    [Fact]
    public void A_lattice_forgets_what_it_was_used_for()
    {
        var random = new Random(8);
        Lattice large = Random(5, 6, random), small = Random(3, 2, new Random(9)), again = Random(3, 2, new Random(9));
        double expected = small.Forward();
        again.UseLatticeOf(large);
        Assert.Equal(expected, again.Forward());
        small.Backward(Weight);
        again.Backward(Weight);
        AssertAgree(small, again);
    }

    private static void AssertAgree(Lattice expected, Lattice actual)
    {
        for (int t = 0; t < expected.Length; t++)
            for (int k = 0; k < expected.Tags; k++)
                Assert.Equal(expected.Marginals(t)[k], actual.Marginals(t)[k], 1e-12);
        for (int i = 0; i < expected.Tags; i++)
        {
            Assert.Equal(expected.Counts.Starts[i], actual.Counts.Starts[i], 1e-12);
            Assert.Equal(expected.Counts.Ends[i], actual.Counts.Ends[i], 1e-12);
            for (int j = 0; j < expected.Tags; j++)
                Assert.Equal(expected.Counts.Transition(i, j), actual.Counts.Transition(i, j), 1e-12);
        }
    }

    private static void Check(bool scaled, int tags, int length, CrfConstraints? constraints, Random random)
    {
        double[,] transitions = Matrices.Random(tags, tags, random, 2), start = Matrices.Random(1, tags, random, 2),
            end = Matrices.Random(1, tags, random, 2);
        double[][] outputs = Outputs(tags, length, random, 2);
        var reference = new ChainReference(transitions, start, end, constraints);
        var lattice = new Lattice(scaled, transitions, start, end, constraints, outputs);
        string place = $"{tags} tags, {length} steps";

        int[] likeliest = reference.Likeliest(outputs);
        Assert.Equal(likeliest, lattice.LikeliestPath());
        double logPartition = lattice.Forward();
        Assert.Equal(reference.LogPartition(outputs), logPartition, 1e-9);
        Assert.Equal(scaled, lattice.IsScaled);
        lattice.Backward(Weight);
        double[][] marginals = reference.Marginals(outputs);
        for (int t = 0; t < length; t++)
            for (int k = 0; k < tags; k++)
            {
                Assert.True(Math.Abs(marginals[t][k] - lattice.Marginals(t)[k]) < 1e-9, place);
                Assert.Equal(marginals[t][k] == 0, lattice.Marginals(t)[k] == 0);
            }
        for (int i = 0; i < tags; i++)
        {
            Assert.Equal(Weight * marginals[0][i], lattice.Counts.Starts[i], 1e-9);
            Assert.Equal(Weight * marginals[^1][i], lattice.Counts.Ends[i], 1e-9);
            for (int j = 0; j < tags; j++)
            {
                double expected = reference.All(outputs).Sum(sequence => Math.Exp(sequence.Score - logPartition) *
                    Enumerable.Range(1, length - 1).Count(t => sequence.Tags[t - 1] == i && sequence.Tags[t] == j));
                Assert.True(Math.Abs(Weight * expected - lattice.Counts.Transition(i, j)) < 1e-9, place);
            }
        }
        foreach ((int[] sequence, double score) in reference.All(outputs))
            Assert.Equal(score, lattice.Score(sequence), 1e-9);
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

    private static Lattice Random(int tags, int length, Random random) => new(true, Matrices.Random(tags, tags, random),
        Matrices.Random(1, tags, random), Matrices.Random(1, tags, random), null, Outputs(tags, length, random, 1));

    private static double[][] Outputs(int tags, int length, Random random, double range) =>
        [.. Enumerable.Range(0, length).Select(_ => Matrices.Random(1, tags, random, range).Cast<double>().ToArray())];

    private static double[,] Zeros(int rows, int columns) => new double[rows, columns];

    /// <summary>A lattice of one sequence.</summary>
    private sealed class Lattice
    {
        private readonly FloatBuffer _transitions, _start, _end, _outputs;
        private readonly SequenceBatch _batch = new();
        private readonly CrfConstraints? _constraints;
        private readonly int _stride;
        private CrfScores _scores = new();
        private CrfLattice _lattice;

        public Lattice(bool scaled, double[,] transitions, double[,] start, double[,] end, CrfConstraints? constraints,
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

        public void UseLatticeOf(Lattice other)
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
}
