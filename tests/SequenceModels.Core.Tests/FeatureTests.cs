using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Layers;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Training;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>Networks whose steps have several features: the textbook's gradients, and one result in any company.</summary>
public class FeatureTests
{
    private static readonly StepFeature s_tokens = StepFeature.Tokens(vocabularySize: 5, embeddingSize: 2);
    private static readonly StepFeature s_frames = StepFeature.Frames(2);
    private static readonly StepFeature s_characters = StepFeature.Characters(vocabularySize: 4, embeddingSize: 2, hiddenSize: 3);

    private static readonly StepFeature s_subwords = StepFeature.Subwords(buckets: 4, embeddingSize: 3);

    private static Dictionary<string, StepFeatures> Sets { get; } = new()
    {
        ["tokens"] = [s_tokens],
        ["frames"] = [s_frames],
        ["characters"] = [s_characters],
        ["subwords"] = [s_subwords],
        ["both"] = [s_tokens, s_characters, s_subwords],
        ["all"] = [s_characters, s_tokens, s_frames],
        ["twice"] =
        [
            s_frames, s_characters, s_tokens, s_frames, StepFeature.Tokens(3, 3), StepFeature.Characters(3, 3, 2), s_subwords,
            StepFeature.Subwords(3, 2),
        ],
    };

    /// <summary>
    /// Vectors of more than one cache line, each padded where it stands alone and not where it stands among others.
    /// </summary>
    private static readonly StepFeatures s_wide =
        [StepFeature.Characters(3, 2, 17), StepFeature.Tokens(3, 17), StepFeature.Subwords(3, 18)];

    public static IEnumerable<TheoryDataRow<string, bool, bool>> Cases =>
        from features in Sets.Keys
        from frames in new[] { false, true }
        from bidirectional in new[] { false, true }
        select new TheoryDataRow<string, bool, bool>(features, frames, bidirectional);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_those_of_the_textbook(string features, bool frames, bool bidirectional)
    {
        foreach (bool everyStep in new[] { true, false })
            GradientCheck.Check(Spec(features, frames, bidirectional) with { EveryStep = everyStep });
    }

    [Fact]
    public void Wide_vectors_have_the_gradients_of_the_textbook() =>
        GradientCheck.Check(Spec("all", frames: false, bidirectional: false) with { Features = s_wide });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_flow_through_dropout_as_the_values_did(bool frames)
    {
        foreach (string features in new[] { "frames", "all" })
            GradientCheck.Check(Spec(features, frames, bidirectional: true), new Regularization
            {
                Values = new Dropout(0.4f, Seed: 3, Update: 17), Recurrent = new Dropout(0.3f, Seed: 3, Update: 17),
                Words = new Dropout(0.3f, Seed: 3, Update: 17), TruncatedSteps = 2,
            });
    }

    /// <summary>In a batch the words of others are read beside one's own, and one's own only once.</summary>
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_sequence_alone_has_the_bits_that_it_has_in_a_batch(bool frames, bool wide)
    {
        NetworkShape spec = Spec("twice", frames, bidirectional: true);
        if (wide)
            spec = spec with { Features = s_wide };
        EncoderNetwork layers = new NetworkRun(spec).Network.Layers;
        using SequenceDataset data = LearningTasks.Dataset(spec, Rows(spec, 40));
        int[] rows = [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)];
        EncoderPass together = layers.CreatePass(), apart = layers.CreatePass();
        together.Batch.Pack(data, rows, numbers: rows, layers.Frames);
        layers.Predict(together);
        for (int k = 0; k < rows.Length; k++)
        {
            apart.Batch.Pack(data, [rows[k]], numbers: [0], layers.Frames);
            layers.Predict(apart);
            for (int t = 0; t < data.Length(rows[k]); t++)
                Assert.Equal(together.ScoresOf(together.Batch.Offset(t) + k).ToArray(), apart.ScoresOf(t).ToArray());
        }
        Assert.True(rows.Length > 10 && data.Length(rows[0]) > 3);
    }

    [Fact]
    public void Scores_are_those_of_the_textbook()
    {
        NetworkShape spec = Spec("twice", frames: false, bidirectional: true) with { EveryStep = false };
        var run = new NetworkRun(spec);
        var textbook = new ReferenceNetwork(spec, run.Weights);
        List<Example> examples = Rows(spec, 30);
        using SequenceDataset data = LearningTasks.Dataset(spec, examples);
        int[] rows = [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)];
        float[] scores = new float[rows.Length * spec.NumberOfOutputs];
        for (int pass = 0; pass < 3; pass++) // so many tokens that a network of one feature would fold its input
            run.Network.Score(data, rows, scores, run.Network.CreatePass());
        for (int row = 0; row < rows.Length; row++)
        {
            double[] expected = textbook.Scores(examples[row]);
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], scores[row * expected.Length + i], 1e-5);
        }
    }

    /// <summary>A workspace of a cursor meets block after block, each with words of its own.</summary>
    [Fact]
    public void Nothing_of_one_data_set_reaches_the_next()
    {
        NetworkShape spec = Spec("all", frames: false, bidirectional: true) with { EveryStep = false };
        SequenceNetwork network = new NetworkRun(spec).Network;
        EncoderPass workspace = network.CreatePass();
        float[] first = Scores(Rows(spec, 30, seed: 1));
        Assert.NotEqual(first, Scores(Rows(spec, 30, seed: 2)));
        Assert.Equal(first, Scores(Rows(spec, 30, seed: 1)));

        float[] Scores(List<Example> examples)
        {
            using SequenceDataset data = LearningTasks.Dataset(spec, examples);
            float[] scores = new float[data.Count * spec.NumberOfOutputs];
            network.Score(data, [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)], scores, workspace);
            return scores;
        }
    }

    [Fact]
    public void One_feature_alone_is_refused()
    {
        SequenceNetwork network =
            new NetworkRun(Spec("all", frames: false, bidirectional: false) with { EveryStep = false }).Network;
        Assert.Contains("reads 4 features", Assert.Throws<InvalidOperationException>(() => network.Score([1u, 2])).Message,
            StringComparison.Ordinal);
        Assert.Contains("reads 4 features", Assert.Throws<InvalidOperationException>(() => network.Score([1f, 2])).Message,
            StringComparison.Ordinal);
        Assert.Throws<NotSupportedException>(() => network.CreateStepper());
        using var data = new SequenceDataset([StepFeature.Tokens(4, 0)]);
        data.Add([1u], label: 0);
        Assert.Contains("Characters of 4", Assert.Throws<ArgumentException>(
            () => network.Score(data, [0], new float[3], network.CreatePass())).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Words_alone_are_neither_tokens_nor_frames(bool bySubwords)
    {
        StepFeature words = bySubwords ? StepFeature.Subwords(4, 3) : StepFeature.Characters(4, 3, 2);
        string name = bySubwords ? "Subwords of 4" : "Characters of 4";
        var spec = new EncoderNetworkSpec
        {
            Encoder = new EncoderSpec { Inputs = [words], Cell = "GRU", HiddenSize = 3 },
            Output = new OutputSpec { Head = HeadKind.Softmax, NumberOfOutputs = 3 },
        };
        var layers = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        var network = new SequenceNetwork(layers);
        Assert.Contains(name,
            Assert.Throws<InvalidOperationException>(() => network.Score([1u, 2])).Message, StringComparison.Ordinal);
        Assert.Contains(name,
            Assert.Throws<InvalidOperationException>(() => network.Score([1f, 2, 3, 4])).Message, StringComparison.Ordinal);
        Assert.Contains(name,
            Assert.Throws<NotSupportedException>(() => network.CreateStepper()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_of_further_features_must_be_finite()
    {
        NetworkShape spec = Spec("frames", frames: false, bidirectional: false) with { EveryStep = false };
        SequenceNetwork network = new NetworkRun(spec).Network;
        using var data = new SequenceDataset(spec.Inputs);
        data.Set(1, [1f, float.NaN]);
        data.Add([1u], label: 0);
        Assert.Contains("NaN or infinite", Assert.Throws<ArgumentException>(
            () => network.Score(data, [0], new float[3], network.CreatePass())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_hot_tokens_stand_beside_no_others() =>
        Assert.Contains("its tokens have no vectors to stand beside those of other features",
            Assert.Throws<ArgumentException>(() =>
        new EncoderNetwork(Spec("tokens", frames: false, bidirectional: false) with { EmbeddingSize = 0 }, FrameTransform.None,
            LabelTransform.None))
        .Message, StringComparison.Ordinal);

    /// <summary>A token that dropout makes unknown keeps its characters and all else.</summary>
    [Fact]
    public void Word_dropout_forgets_the_first_token_alone()
    {
        NetworkShape spec = Spec("all", frames: false, bidirectional: false);
        using SequenceDataset data = LearningTasks.Dataset(spec, Rows(spec, 5));
        var batch = new SequenceBatch();
        int[] rows = [.. Enumerable.Range(0, data.Count).OrderByDescending(data.Length)];
        batch.Pack(data, rows, rows, FrameTransform.None);
        uint[] tags = batch.Features[2].Tokens.ToArray();
        batch.Features[0].MaskToken(row: 0);
        Assert.Equal(0u, batch.Tokens[0]);
        Assert.Equal(tags, batch.Features[2].Tokens.ToArray());
    }

    internal static List<Example> Rows(NetworkShape spec, int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(row =>
        {
            int steps = random.Next(9);
            uint[] tokens = [.. Enumerable.Range(0, steps).Select(_ => (uint)random.Next(spec.InputSize + 2))];
            float[] frames = [.. Enumerable.Range(0, steps * spec.InputSize).Select(_ => random.NextSingle())];
            bool isTokens = spec.Input == StepFeatureKind.Tokens;
            return new Example(isTokens ? tokens : null, isTokens ? null : frames, row % 3)
            {
                Features = GradientCheck.FurtherValues(spec, steps, random.Next()),
                StepLabels = spec.EveryStep ? [.. tokens.Select(token => (float)(token % 3))] : null,
            };
        })];
    }

    internal static NetworkShape Spec(string features, bool frames, bool bidirectional) =>
        GradientCheck.Spec(GruCell.CellName, layers: 1, bidirectional, frames ? Steps.Frames
            : Steps.EmbeddedTokens, SequencePooling.Mean,
            HeadKind.Softmax) with
        { Features = Sets[features], EveryStep = true };
}
