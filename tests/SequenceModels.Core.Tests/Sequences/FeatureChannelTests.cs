using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Sequences;

/// <summary>
/// The further features of a data set's steps: kept as given, words once each, and nothing of a row that failed.
/// </summary>
public class FeatureChannelTests
{
    private const int Tokens = 1, Frames = 2, Characters = 3;

    private static readonly StepFeatures s_features =
        [StepFeature.Tokens(4, 2), StepFeature.Frames(2), StepFeature.Characters(9, 2, 3)];

    private static readonly StepFeatures s_inputs = [StepFeature.Tokens(4, 1), .. s_features];

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(0)]
    public void Every_row_has_what_it_was_given(long memory)
    {
        using SequenceDataset data = Dataset(memory);
        var random = new Random(1);
        uint[] wordsOf(int steps) => [.. Enumerable.Range(0, steps).Select(_ => (uint)random.Next(200))];
        int[] lengths = [.. Enumerable.Range(0, 300).Select(_ => random.Next(6))];
        uint[][] words = [.. lengths.Select(wordsOf)];
        for (int row = 0; row < lengths.Length; row++)
        {
            data.Set(Tokens, [.. words[row].Select(word => word % 5)]);
            data.Set(Frames, [.. words[row].SelectMany(word => new[] { word, word + 0.5f })]);
            data.Set(Characters, [.. words[row].Select(word => data.WordOf(Characters, Spelled(word)))]);
            data.Add(new uint[lengths[row]], label: row);
        }
        Assert.Equal(memory == 0, data.IsMapped);
        Assert.Equal(words.SelectMany(row => row).Distinct().Count(), data.Channels[Characters].Words!.Count);
        for (int row = 0; row < lengths.Length; row++)
        {
            Assert.Equal(words[row].Select(word => word % 5), Keys(data, Tokens, row));
            Assert.Equal(words[row].SelectMany(word => new[] { word, word + 0.5f }), data.Channels[Frames]
                .Frames(data.Start(row), lengths[row]).ToArray());
            Assert.Equal(words[row].Select(Spelled), Keys(data, Characters, row)
                .Select(word => data.Channels[Characters].Words!.Parts(word).ToArray()));
        }
    }

    [Fact]
    public void A_row_with_too_few_values_is_refused_and_leaves_nothing()
    {
        using SequenceDataset data = Dataset();
        Set(data, 3);
        data.Set(Tokens, [1u, 2]);
        Assert.Contains("'Tokens of 4, vectors of 2'",
            Assert.Throws<ArgumentException>(() => data.Add([1u, 2, 3], label: 0)).Message, StringComparison.Ordinal);
        data.Set(Tokens, [1u, 2, 3]);
        Assert.Contains("frames of 2", Assert.Throws<ArgumentException>(() => data.Set(Frames, [1f, 2, 3, 4, 5])).Message,
            StringComparison.Ordinal);
        data.Set(Frames, [1f, 2]);
        Assert.Contains("'Frames of 2'", Assert.Throws<ArgumentException>(() => data.Add([1u, 2, 3], label: 0)).Message,
            StringComparison.Ordinal);
        data.AddEmpty([0]); // in place of a row that could not be read
        Set(data, 2);
        data.Add([1u, 2], label: 0);
        Assert.Equal((2, 2L), (data.Count, data.NumberOfSteps));
        Assert.Equal([0u, 1], Keys(data, Tokens, 1));
    }

    [Fact]
    public void A_feature_takes_nothing_but_its_kind()
    {
        using SequenceDataset data = Dataset();
        Assert.Throws<InvalidOperationException>(() => data.Set(Tokens, [1f]));
        Assert.Throws<InvalidOperationException>(() => data.Set(Frames, [1u]));
        Assert.Throws<InvalidOperationException>(() => data.WordOf(Tokens, [1]));
        Assert.Contains("no word 0", Assert.Throws<ArgumentException>(() => data.Set(Characters, [0u])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void After_clearing_words_are_numbered_anew()
    {
        using SequenceDataset data = Dataset();
        for (int word = 0; word < 50; word++)
            data.WordOf(Characters, Spelled((uint)word));
        Set(data, 2);
        data.Add([1u, 2], label: 0);
        data.Clear();
        Assert.Equal(0, data.Channels[Characters].Words!.Count);
        Assert.Equal(0u, data.WordOf(Characters, [7]));
        Assert.Equal(1u, data.WordOf(Characters, []));
        Assert.Equal(0u, data.WordOf(Characters, [7]));
        Set(data, 1);
        data.Add([1u], label: 0);
        Assert.Equal([0u], Keys(data, Tokens, 0));
    }

    [Fact]
    public void Any_change_of_any_feature_changes_the_fingerprint()
    {
        string Of(uint[] tokens, float[] frames, uint[][] words, StepFeatures? features = null, long memory = long.MaxValue)
        {
            using var data = new SequenceDataset(features ?? s_inputs, memory);
            data.Set(Tokens, tokens);
            data.Set(Frames, frames);
            data.Set(Characters, [.. words.Select(word => data.WordOf(Characters, word))]);
            data.Add([1u, 2], label: 0);
            return Convert.ToHexString(data.Fingerprint());
        }
        string[] all =
        [
            Of([1, 2], [1, 2, 3, 4], [[1, 2], [3]]),
            Of([1, 3], [1, 2, 3, 4], [[1, 2], [3]]),
            Of([1, 2], [1, 2, 3, 5], [[1, 2], [3]]),
            Of([1, 2], [1, 2, 3, 4], [[1, 2], [4]]),
            Of([1, 2], [1, 2, 3, 4], [[1], [2, 3]]),
            Of([1, 2], [1, 2, 3, 4], [[1, 2], [1, 2]]),
            Of([1, 2], [1, 2, 3, 4], [[1, 2], [3]],
                [StepFeature.Tokens(4, 1), StepFeature.Tokens(4, 2), StepFeature.Frames(2), StepFeature.Characters(10, 2, 3)]),
        ];
        Assert.Equal(all.Length, all.Distinct().Count());
        Assert.Equal(all[0], Of([1, 2], [1, 2, 3, 4], [[1, 2], [3]], memory: 0));
    }

    /// <summary>Each word once, the longest first; a piece of the steps has only its own.</summary>
    [Fact]
    public void A_batch_holds_each_word_once()
    {
        using SequenceDataset data = Dataset();
        uint[][][] rows = [[[1, 2], [], [1, 2], [3, 4, 5]], [[6], [1, 2]]];
        foreach (uint[][] row in rows)
        {
            data.Set(Tokens, [.. row.Select((_, t) => (uint)t)]);
            data.Set(Frames, [.. row.SelectMany((_, t) => new float[] { t, -t })]);
            data.Set(Characters, [.. row.Select(word => data.WordOf(Characters, word))]);
            data.Add(new uint[row.Length], label: 0);
        }
        var batch = new SequenceBatch();
        batch.Pack(data, [0, 1], [0, 1], FrameTransform.None);
        Assert.Equal(["3 4 5", "1 2", "6", ""], Words());
        Assert.Equal(["1 2", "6", "", "1 2", "1 2", "3 4 5"], Steps()); // time-major
        batch.Pack(data, [0, 1], [0, 1], FrameTransform.None, new StepRange(2, 2));
        Assert.Equal(["3 4 5", "1 2"], Words());
        Assert.Equal(["1 2", "3 4 5"], Steps());
        Assert.Equal([2u, 3], batch.Features[Tokens].Tokens.ToArray());
        Assert.Equal([2f, -2, 3, -3], batch.Features[Frames].Frames.Span[..4].ToArray());

        string[] Words()
        {
            SequenceBatch words = batch.Features[Characters].Words;
            return [.. Enumerable.Range(0, words.Count).Select(k => string.Join(" ", Enumerable.Range(0, words.Length(k))
                .Select(t => words.Tokens[words.Offset(t) + k])))];
        }
        string[] Steps()
        {
            string[] words = Words();
            return [.. batch.Features[Characters].WordIndex.ToArray().Select(word => words[word])];
        }
    }

    [Fact]
    public void Lists_of_features_are_equal_where_all_of_them_are()
    {
        StepFeatures same = [StepFeature.Tokens(4, 2), StepFeature.Frames(2), StepFeature.Characters(9, 2, 3)];
        Assert.Equal(s_features, same);
        Assert.Equal(s_features.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(s_features, [.. same.Reverse()]);
        Assert.NotEqual(s_features, [.. same.Take(2)]);
        Assert.Equal("Tokens of 4, vectors of 2; Frames of 2; Characters of 9, vectors of 2, 3 units", s_features.ToString());
        Assert.Equal("Subwords of 9, vectors of 2", StepFeature.Subwords(9, 2).ToString());
        foreach (Func<StepFeature> bad in (Func<StepFeature>[])[() => StepFeature.Tokens(0, 1), () => StepFeature.Tokens(1, -1),
            () => StepFeature.Frames(0), () => StepFeature.Characters(0, 1, 1), () => StepFeature.Characters(1, 1, 0),
            () => StepFeature.Subwords(0, 1), () => StepFeature.Subwords(1, 0)])
            Assert.Throws<ArgumentOutOfRangeException>(() => bad());
    }

    [Fact]
    public void Each_frame_feature_is_scaled_by_itself()
    {
        using var data =
            new SequenceDataset([StepFeature.Frames(1), StepFeature.Frames(1), StepFeature.Tokens(2, 2), StepFeature.Frames(2)]);
        data.Set(1, [10f, 30]);
        data.Set(2, [1u, 2]);
        data.Set(3, [1f, 5, 3, 5]);
        data.Add([100f, 200], label: 0);
        FrameTransform scaling = FrameTransform.Standard(new RowSelection(data));
        Assert.Equal([150f], scaling[0].Mean);
        Assert.Equal([20f], scaling[1].Mean);
        Assert.Equal([0.1f], scaling[1].Factor);
        Assert.Empty(scaling[2].Mean);
        Assert.Equal([2f, 5], scaling[3].Mean);
        Assert.Equal([1f, 1], scaling[3].Factor);
        var batch = new SequenceBatch();
        batch.Pack(data, [0], [0], scaling);
        Assert.Equal([-1f, 1], batch.Features[1].Frames.Span[..2].ToArray());
        Assert.Equal([-1f, 0, 1, 0], batch.Features[3].Frames.Span[..4].ToArray());
    }

    private static SequenceDataset Dataset(long memory = long.MaxValue) => new(s_inputs, memory);

    private static void Set(SequenceDataset data, int steps)
    {
        data.Set(Tokens, [.. Enumerable.Range(0, steps).Select(t => (uint)t)]);
        data.Set(Frames, new float[2 * steps]);
        data.Set(Characters, [.. Enumerable.Range(0, steps).Select(t => data.WordOf(Characters, [(uint)t]))]);
    }

    private static uint[] Keys(SequenceDataset data, int feature, int row) =>
        data.Channels[feature].Keys(data.Start(row), data.Length(row)).ToArray();

    /// <summary>Digits as characters; 0 is a word without any.</summary>
    private static uint[] Spelled(uint word) => word == 0 ? [] : [.. Spelled(word / 10), word % 10];
}
