using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Sequences;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>The shares of a score are those of the textbook, and add up to it.</summary>
public class ExplanationTests
{
    /// <summary>Each stands once, so that a row of weights is that of one step.</summary>
    private static readonly uint[] s_tokens = [3, 1, 4, 2];

    private static readonly float[] s_frames = [0.5f, -1, 2, 0.25f, 3, -2, 0, 1, -0.5f, 1.5f, -0.25f, 0.75f];

    public static IEnumerable<TheoryDataRow<string, Steps, SequencePooling>> Networks =>
        from cell in RecurrentCells.All
        from steps in Enum.GetValues<Steps>()
        from pooling in Enum.GetValues<SequencePooling>()
        select new TheoryDataRow<string, Steps, SequencePooling>(cell.Name, steps, pooling);

    [Theory]
    [MemberData(nameof(Networks))]
    public void Shares_add_up_to_the_difference_of_the_scores(string cell, Steps steps, SequencePooling pooling)
    {
        foreach (HeadKind head in new[] { HeadKind.Softmax, HeadKind.Sigmoid, HeadKind.Regression })
        {
            NetworkShape shape = GradientCheck.Spec(cell, layers: 2, bidirectional: true, steps, pooling, head);
            SequenceNetwork network = new NetworkRun(shape).Network;
            int output = shape.NumberOfOutputs - 1;
            SequenceExplanation explanation = Explain(network, output);
            float[] scores = network.TakesTokens ? network.Score(s_tokens) : network.Score(s_frames);
            Assert.Equal(head == HeadKind.Softmax ? LogOdds(scores[output]) : scores[output], explanation.Score, 1e-4);
            double difference = explanation.Score - explanation.BaselineScore;
            Assert.Equal(difference, explanation.Shares.Sum(share => (double)share), (0.01 * Math.Abs(difference)) + 1e-4);
            Assert.Equal(steps == Steps.Frames ? s_frames.Length : s_tokens.Length, explanation.Shares.Count);
        }
    }

    /// <summary>
    /// A share is the integral of what the score changes by when the step's numbers alone grow a little, on the way on which all
    /// grow together.
    /// </summary>
    [Theory]
    [InlineData("RNN", Steps.EmbeddedTokens, SequencePooling.Last)]
    [InlineData("GRU", Steps.EmbeddedTokens, SequencePooling.Attention)]
    [InlineData("LSTM", Steps.EmbeddedTokens, SequencePooling.MaxMeanLast)]
    [InlineData("LSTM", Steps.OneHotTokens, SequencePooling.Mean)]
    [InlineData("GRU", Steps.OneHotTokens, SequencePooling.Attention)]
    public void Shares_are_those_of_the_textbook(string cell, Steps steps, SequencePooling pooling)
    {
        NetworkShape shape = GradientCheck.Spec(cell, layers: 2, bidirectional: true, steps, pooling, HeadKind.Softmax);
        var run = new NetworkRun(shape);
        double[] expected = new double[s_tokens.Length];
        const int Points = 400;
        const double Little = 1e-5;
        for (int t = 0; t < expected.Length; t++)
            for (int point = 0; point < Points; point++)
            {
                double at = (point + 0.5) / Points;
                expected[t] += (Score(at, t, at + Little) - Score(at, t, at - Little)) / (2 * Little) / Points;
            }
        SequenceExplanation explanation = run.Network.Explain(s_tokens, 1);
        Assert.Equal(Score(1, 0, 1), explanation.Score, 1e-4);
        Assert.Equal(Score(0, 0, 0), explanation.BaselineScore, 1e-4);
        for (int t = 0; t < expected.Length; t++)
            Assert.Equal(expected[t], explanation.Shares[t], (0.01 * expected.Max(Math.Abs)) + 1e-4);

        double Score(double all, int step, double one)
        {
            bool oneHot = steps == Steps.OneHotTokens;
            string[] names = oneHot ? [ReferenceWeights.Recurrent(0, false, "W"), ReferenceWeights.Recurrent(0, true, "W")]
                : [ReferenceWeights.Embedding];
            var weights = names.ToDictionary(name => name, name => run.Weights[name]);
            foreach ((string name, double[,] matrix) in weights)
            {
                var scaled = (double[,])matrix.Clone();
                for (int row = 0; row < scaled.GetLength(0); row++)
                    for (int column = 0; column < scaled.GetLength(1); column++)
                        scaled[row, column] *= row + (oneHot ? 1 : 0) == s_tokens[step] ? one : all;
                run.Weights[name] = scaled;
            }
            double[] outputs = new ReferenceNetwork(shape, run.Weights).Outputs(new Example(s_tokens, null, 0));
            foreach ((string name, double[,] matrix) in weights)
                run.Weights[name] = matrix;
            return LogOdds(ReferenceLoss.Softmax(outputs)[1]);
        }
    }

    [Fact]
    public void A_number_of_a_frame_has_its_part_of_the_share()
    {
        NetworkShape shape =
            GradientCheck.Spec("GRU", 1, bidirectional: true, Steps.Frames, SequencePooling.Mean, HeadKind.Regression);
        SequenceNetwork network = new NetworkRun(shape).Network;
        SequenceExplanation explanation = network.Explain(s_frames, 0);
        // What stands at the mean has no share: it does not change on the way.
        float[] mean = [.. network.Layers.Frames[0].Mean], moved = [.. s_frames];
        moved[4] = mean[1];
        SequenceExplanation without = network.Explain(moved, 0);
        Assert.NotEqual(0, explanation.Shares[4]);
        Assert.Equal(0, without.Shares[4]);
    }

    /// <summary>They are there at the beginning of the way too, and have no share.</summary>
    [Theory]
    [InlineData(Steps.OneHotTokens)]
    [InlineData(Steps.EmbeddedTokens)]
    public void Numbers_of_the_whole_row_have_a_share_of_their_own(Steps steps)
    {
        NetworkShape shape = GradientCheck.Spec("GRU", 1, bidirectional: true, steps, SequencePooling.Mean, HeadKind.Softmax) with
        {
            RowFeatureSize = 3,
        };
        SequenceNetwork network = new NetworkRun(shape).Network;
        float[] numbers = [1, 0, -2];
        SequenceExplanation explanation = network.Explain(s_tokens, 1, numbers), none = network.Explain(s_tokens, 1, [0, 0, 0]);
        Assert.Equal(LogOdds(network.Score(s_tokens, numbers)[1]), explanation.Score, 1e-4);
        Assert.Equal(none.BaselineScore, explanation.BaselineScore, 1e-6);
        Assert.Equal(0, none.RowFeatureShare);
        Assert.NotEqual(0, explanation.RowFeatureShare, 1e-3);
        Assert.Equal(explanation.RowFeatureShare,
            network.ShareOf(explanation, 0, 1) + network.ShareOf(explanation, 2, -2), 1e-5);
        double difference = explanation.Score - explanation.BaselineScore;
        Assert.Equal(difference, explanation.Shares.Sum(share => (double)share) + explanation.RowFeatureShare,
            (0.01 * Math.Abs(difference)) + 1e-4);
        Assert.Throws<InvalidOperationException>(() => network.Explain(s_tokens, 1));
    }

    /// <summary>The vectors of all features are one: a step has what all of its numbers add.</summary>
    [Fact]
    public void Steps_of_several_features_have_one_share_each()
    {
        foreach (bool frames in new[] { false, true })
        {
            NetworkShape shape = GradientCheck.Spec("GRU", 1, bidirectional: true,
                frames ? Steps.Frames : Steps.EmbeddedTokens, SequencePooling.Mean, HeadKind.Softmax) with
            {
                Features =
                [
                    StepFeature.Frames(2), StepFeature.Characters(5, 3, 4), StepFeature.Subwords(5, 3), StepFeature.Tokens(4, 2),
                ],
            };
            SequenceNetwork network = new NetworkRun(shape).Network;
            Example example = new(frames ? null : s_tokens, frames ? s_frames : null, 1)
            {
                Features = GradientCheck.FurtherValues(shape, s_tokens.Length, seed: 3),
            };
            SequenceDataset data = example.NewDataset(shape);
            example.AddTo(data);
            SequenceExplanation explanation = network.Explain(data, 0, 1);
            Assert.Equal(s_tokens.Length, explanation.Shares.Count);
            Assert.DoesNotContain(0, explanation.Shares);
            double difference = explanation.Score - explanation.BaselineScore;
            Assert.Equal(difference, explanation.Shares.Sum(share => (double)share), (0.01 * Math.Abs(difference)) + 1e-4);
        }
    }

    [Fact]
    public void Equal_sequences_have_equal_shares_from_any_thread()
    {
        foreach (int embedding in new[] { 0, 6 })
        {
            NetworkShape shape = GradientCheck.Spec("LSTM", 1, bidirectional: true,
                embedding == 0 ? Steps.OneHotTokens : Steps.EmbeddedTokens, SequencePooling.Max, HeadKind.Softmax);
            SequenceNetwork network = new NetworkRun(shape).Network;
            uint[][] rows =
                [.. Enumerable.Range(1, 12).Select(n => Enumerable.Range(0, n * n).Select(i => (uint)(i * n % 6)).ToArray())];
            float[][] alone = [.. rows.Select(tokens => new NetworkRun(shape).Network.Explain(tokens, 2).Shares.ToArray())];
            float[][] together = new float[rows.Length][];
            Parallel.For(0, rows.Length, i => together[i] = [.. network.Explain(rows[i], 2).Shares]);
            Assert.Equal(alone, together);
        }
    }

    [Fact]
    public void Of_a_long_sequence_few_points_are_worked_out_at_a_time()
    {
        NetworkShape shape =
            GradientCheck.Spec("GRU", 1, bidirectional: false, Steps.EmbeddedTokens, SequencePooling.Mean, HeadKind.Sigmoid);
        SequenceExplanation explanation = new NetworkRun(shape).Network
            .Explain([.. Enumerable.Range(0, 5_000).Select(t => (uint)(t * t / 7 % 6))], 0);
        double difference = explanation.Score - explanation.BaselineScore;
        Assert.Equal(difference, explanation.Shares.Sum(share => (double)share), 0.01 * Math.Abs(difference));
    }

    [Theory]
    [InlineData(Steps.OneHotTokens)]
    [InlineData(Steps.EmbeddedTokens)]
    public void Of_nothing_there_are_no_shares(Steps steps)
    {
        NetworkShape shape = GradientCheck.Spec("LSTM", 1, bidirectional: true, steps, SequencePooling.Max, HeadKind.Softmax);
        SequenceNetwork network = new NetworkRun(shape).Network;
        SequenceExplanation explanation = network.Explain(ReadOnlySpan<uint>.Empty, 0);
        Assert.Empty(explanation.Shares);
        Assert.Equal(explanation.BaselineScore, explanation.Score);
        Assert.Equal(LogOdds(network.Score(ReadOnlySpan<uint>.Empty)[0]), explanation.Score, 1e-4);
        if (steps == Steps.OneHotTokens) // unknown tokens are zeros
            Assert.Equal([0, 0], network.Explain([0u, 9u], 0).Shares);
    }

    [Fact]
    public void What_cannot_be_explained_is_refused()
    {
        NetworkShape shape =
            GradientCheck.Spec("GRU", 1, bidirectional: false, Steps.EmbeddedTokens, SequencePooling.Last, HeadKind.Softmax);
        SequenceNetwork network = new NetworkRun(shape).Network, tagger = new NetworkRun(shape with { EveryStep = true }).Network;
        Assert.Contains("counted from 0", Assert.Throws<ArgumentOutOfRangeException>(() => network.Explain(s_tokens, 3)).Message,
            StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => network.Explain(s_tokens, -1));
        Assert.Throws<InvalidOperationException>(() => network.Explain(s_frames, 0));
        Assert.Contains("every step", Assert.Throws<NotSupportedException>(() => tagger.Explain(s_tokens, 0)).Message,
            StringComparison.Ordinal);
    }

    private static SequenceExplanation Explain(SequenceNetwork network, int output) =>
        network.TakesTokens ? network.Explain(s_tokens, output) : network.Explain(s_frames, output);

    private static double LogOdds(double probability) => Math.Log(probability / (1 - probability));
}
