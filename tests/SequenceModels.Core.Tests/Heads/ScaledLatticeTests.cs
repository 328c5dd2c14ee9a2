using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Heads;

/// <summary>Where scaled variables would fade, logarithms step in; and nothing is left of earlier batches.</summary>
public unsafe class ScaledLatticeTests
{
    private const double Weight = 0.75;

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
        SequenceLattice lattice = new(true, transitions, ends, ends, null, wide),
            logs = new(false, transitions, ends, ends, null, wide);
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
        SequenceLattice lattice = new(true, transitions, ends, ends, null, outputs),
            logs = new(false, transitions, ends, ends, null, outputs);
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
        SequenceLattice large = Random(5, 6, random), small = Random(3, 2, new Random(9)), again = Random(3, 2, new Random(9));
        double expected = small.Forward();
        again.UseLatticeOf(large);
        Assert.Equal(expected, again.Forward());
        small.Backward(Weight);
        again.Backward(Weight);
        AssertAgree(small, again);
    }

    private static void AssertAgree(SequenceLattice expected, SequenceLattice actual)
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

    private static SequenceLattice Random(int tags, int length, Random random) => new(true, Matrices.Random(tags, tags, random),
        Matrices.Random(1, tags, random), Matrices.Random(1, tags, random), null, Outputs(tags, length, random, 1));

    private static double[][] Outputs(int tags, int length, Random random, double range) =>
        [.. Enumerable.Range(0, length).Select(_ => Matrices.Random(1, tags, random, range).Cast<double>().ToArray())];
}
