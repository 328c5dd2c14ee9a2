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
        SequenceLattice lattice = new(scaled, Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), constraints, outputs);
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
        SequenceLattice lattice = new(scaled, Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), constraints, outputs);
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
        SequenceLattice lattice = new(scaled, transitions, v, u, null, outputs);
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
        SequenceLattice lattice = new(true, Zeros(3, 3), Zeros(1, 3), Zeros(1, 3), null, [[0, 0, 0], [-1, 0, 0], [0, 0, 0]]);
        Assert.Equal([0, 1, 0], lattice.LikeliestPath());
    }

    private static void Check(bool scaled, int tags, int length, CrfConstraints? constraints, Random random)
    {
        double[,] transitions = Matrices.Random(tags, tags, random, 2), start = Matrices.Random(1, tags, random, 2),
            end = Matrices.Random(1, tags, random, 2);
        double[][] outputs = Outputs(tags, length, random, 2);
        var reference = new ChainReference(transitions, start, end, constraints);
        var lattice = new SequenceLattice(scaled, transitions, start, end, constraints, outputs);
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

    private static double[][] Outputs(int tags, int length, Random random, double range) =>
        [.. Enumerable.Range(0, length).Select(_ => Matrices.Random(1, tags, random, range).Cast<double>().ToArray())];

    private static double[,] Zeros(int rows, int columns) => new double[rows, columns];
}
