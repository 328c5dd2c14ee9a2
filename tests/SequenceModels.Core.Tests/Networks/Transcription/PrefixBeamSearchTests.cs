using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>What a search finds, against all there is to find.</summary>
public class PrefixBeamSearchTests
{
    private const int Outputs = 3, Steps = 5;

    [Fact]
    public void A_beam_finds_what_the_likeliest_outputs_do_not_say()
    {
        // Nothing is said at either step most likely, and yet something is most likely said: 0.4 * 0.4 + 2 * 0.4 * 0.6 = 0.64.
        float[] scores = [0.6f, 0.4f, 0, 0.6f, 0.4f, 0];
        TranscribedSequence greedy = Find(scores, new TranscriptionSearch())[0];
        Assert.Empty(greedy.Tokens);
        Assert.Equal(0.36, Math.Exp(greedy.LogProbability), 1e-6);
        TranscribedSequence beam = Find(scores, new TranscriptionSearch { BeamSize = 25 })[0];
        Assert.Equal([1u], beam.Tokens);
        Assert.Equal(0.64, Math.Exp(beam.LogProbability), 1e-6);
        Assert.Equal(0.64, Math.Exp(beam.Score), 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_beam_that_loses_nothing_ranks_all_labels_by_their_probability(int seed)
    {
        float[] scores = Scores(seed);
        (uint[] Label, double Probability)[] all = [.. Labels(scores).OrderByDescending(label => label.Probability)];
        TranscribedSequence[] found = Find(scores, new TranscriptionSearch { BeamSize = 1000 }, most: 20);
        Assert.Equal(20, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(all[i].Label, found[i].Tokens);
            Assert.Equal(Math.Log(all[i].Probability), found[i].Score, 1e-5);
            Assert.Equal(found[i].Score, found[i].LogProbability, 1e-5);
        }
    }

    [Theory]
    [InlineData(1, 0u)]
    [InlineData(2, 1u)]
    [InlineData(3, 1u)]
    public void A_language_model_and_a_bonus_count_as_asked(int seed, uint startKey)
    {
        const float Weight = 2, Bonus = 0.7f;
        SequenceNetwork language = Language(seed);
        float[] scores = Scores(seed);
        double Score((uint[] Label, double Probability) label) => Math.Log(label.Probability) + Bonus * label.Label.Length +
            Weight * LogOf(language, label.Label, startKey, endKey: startKey > 0 ? 2u : 0);
        (uint[] Label, double Probability)[] all = [.. Labels(scores).OrderByDescending(Score)];
        TranscribedSequence[] found = Find(scores, new TranscriptionSearch
        {
            BeamSize = 1000, LanguageModelWeight = Weight, LengthBonus = Bonus,
            Language = new TranscriptionLanguage(language, startKey, startKey > 0 ? 2u : 0),
        }, most: 10);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.Equal(all[i].Label, found[i].Tokens);
            Assert.Equal(Score(all[i]), found[i].Score, 1e-4);
            Assert.Equal(Math.Log(all[i].Probability), found[i].LogProbability, 1e-5);
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    public void Tokens_are_said_where_the_likeliest_way_says_them(int seed)
    {
        float[] scores = Scores(seed);
        foreach (TranscribedSequence found in Find(scores, new TranscriptionSearch { BeamSize = 1000 }, most: 20))
        {
            int[] way = CtcReference.Ways(Steps, Outputs)
                .Where(way => CtcReference.Spelled(way).Select(token => (uint)token).SequenceEqual(found.Tokens))
                .MaxBy(way => Probability(scores, way))!;
            var path = new BestPath();
            foreach (int output in way)
                path.Add(output);
            Assert.Equal(path.Times, found.Times);
        }
    }

    [Fact]
    public void Nothing_is_said_in_no_steps()
    {
        foreach (int size in new[] { 1, 3 })
        {
            TranscribedSequence found = Assert.Single(Find([], new TranscriptionSearch { BeamSize = size }));
            Assert.Empty(found.Tokens);
            Assert.Empty(found.Times);
            Assert.Equal(0, found.LogProbability);
        }
    }

    internal static EncoderNetwork Network(bool bidirectional = true, int seed = 1) => (EncoderNetwork)new NetworkRun(
        new NetworkShape
        {
            Input = StepFeatureKind.Frames, InputSize = 2, Cell = "LSTM", HiddenSize = 4, Bidirectional = bidirectional,
            EveryStep = true, Head = HeadKind.Ctc, NumberOfOutputs = Outputs,
        }, seed).Network.Layers;

    private static TranscribedSequence[] Find(float[] scores, TranscriptionSearch search, int most = 1) =>
        new TranscriberPass(Network()).Find(scores, search, most, () => { });

    /// <summary>Each label that the steps can spell, with its probability.</summary>
    private static IEnumerable<(uint[] Label, double Probability)> Labels(float[] scores) =>
        CtcReference.Ways(Steps, Outputs).GroupBy(way => string.Concat(CtcReference.Spelled(way)))
            .Select(ways => ((uint[])[.. ways.Key.Select(token => (uint)(token - '0'))],
                ways.Sum(way => Probability(scores, way))));

    private static double Probability(float[] scores, int[] way) =>
        way.Select((output, t) => (double)scores[t * Outputs + output]).Aggregate((product, p) => product * p);

    private static float[] Scores(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, Steps).SelectMany(_ =>
            ReferenceLoss.Softmax([.. Enumerable.Range(0, Outputs).Select(_ => 3 * random.NextDouble())]).Select(p => (float)p))];
    }

    private static SequenceNetwork Language(int seed) => new NetworkRun(new NetworkShape
    {
        Input = StepFeatureKind.Tokens, InputSize = Outputs - 1, EmbeddingSize = 3, Cell = "GRU", HiddenSize = 4,
        EveryStep = true, Head = HeadKind.Softmax, NumberOfOutputs = Outputs,
    }, seed).Network;

    /// <summary>
    /// log p of a text between a start and an end token, where there are some; of no first token is anything known.
    /// </summary>
    private static double LogOf(SequenceNetwork language, uint[] label, uint startKey, uint endKey)
    {
        uint[] text = [.. new[] { startKey }.Where(key => key > 0), .. label, .. new[] { endKey }.Where(key => key > 0)];
        float[] scores = language.Score(text);
        double sum = startKey == 0 && text.Length > 0 ? -Math.Log(Outputs) : 0;
        for (int i = 1; i < text.Length; i++)
            sum += Math.Log(scores[(i - 1) * Outputs + (int)text[i]]);
        return sum;
    }
}
