using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>
/// The search of a translation against the textbook's network in double, step by step and by trying everything.
/// </summary>
public class TranslationSearchTests
{
    private static readonly uint[][] s_sources = [[3, 0, 4, 1, 2, 2, 1], [2, 9, 3, 1, 4], [1, 2, 4], [4, 3], []];

    public static TheoryData<AttentionKind, bool> Networks => new(
        from attention in Enum.GetValues<AttentionKind>()
        from feeding in new[] { false, true }
        where !feeding || attention != AttentionKind.None
        select (attention, feeding));

    [Theory, MemberData(nameof(Networks))]
    public void The_probabilities_of_each_step_and_what_is_looked_at_are_the_textbooks(AttentionKind attention, bool feeding)
    {
        TranslationRun run = Run(attention, feeding, layers: 2);
        var textbook = new TranslationReference(run.Network.Spec, run.Weights);
        TranslationPass pass = Encoded(run.Network, s_sources);
        var next = new TranslationHypotheses(run.Network, pass);
        // Two hypotheses of the first source, which then change places; one of the second, which is dropped.
        next.Continue([0, 0, 1], [0, 1, 2], [4, 4, 4], first: true);
        next.Continue([0, 0], [1, 0], [2, 1], first: false);
        double[][] states = textbook.Encode(s_sources[0], 0);
        DecoderState state = textbook.Step(states, textbook.First(states, 0), token: 4, 0).After;
        foreach ((int place, int token) in new[] { (0, 2), (1, 1) })
        {
            (double[] logits, _, double[] weights) = textbook.Step(states, state, token, 0);
            AssertClose(ReferenceLoss.Softmax(logits), next.ProbabilitiesOf(place));
            AssertClose(weights, next.AttentionOf(place));
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void A_beam_of_one_without_penalties_takes_the_likeliest_token_each_time(AttentionKind attention, bool feeding)
    {
        TranslationRun run = Run(attention, feeding, layers: 1);
        var textbook = new TranslationReference(run.Network.Spec, run.Weights);
        FoundSequence[][] found = Search(run.Network, new SearchSettings(1), s_sources, most: 6);
        for (int i = 0; i < s_sources.Length; i++)
        {
            double[][] states = textbook.Encode(s_sources[i], 0);
            DecoderState state = textbook.First(states, 0);
            var tokens = new List<uint>();
            double logProbability = 0;
            for (int token = 4; tokens.Count < 6;)
            {
                (double[] logits, state, _) = textbook.Step(states, state, token, 0);
                double[] p = ReferenceLoss.Softmax(logits);
                token = Enumerable.Range(1, p.Length - 1).MaxBy(k => p[k]); // not the unknown token
                logProbability += Math.Log(p[token]);
                if (token == 4)
                    break;
                tokens.Add((uint)token);
            }
            Assert.Equal(tokens, found[i][0].Tokens);
            Assert.Equal(logProbability, found[i][0].LogProbability, 1e-4);
        }
    }

    [Theory]
    [InlineData(0f, 0f)]
    [InlineData(0.6f, 0f)]
    [InlineData(1.2f, 0f)]
    [InlineData(0.6f, 0.3f)]
    public void A_beam_as_wide_as_there_are_sequences_finds_the_best_of_all(float lengthPenalty, float coveragePenalty)
    {
        TranslationRun run = Run(AttentionKind.General, feeding: true, layers: 1);
        var textbook = new TranslationReference(run.Network.Spec, run.Weights);
        const int Most = 3;
        FoundSequence[][] found = Search(run.Network, new SearchSettings(100, lengthPenalty, coveragePenalty, Answers: 3),
            s_sources, Most);
        for (int i = 0; i < s_sources.Length; i++)
        {
            double[][] states = textbook.Encode(s_sources[i], 0);
            (uint[] Tokens, double Score)[] best = [.. All(textbook, states, textbook.First(states, 0), 4, [], 0,
                new double[states.Length], Most).Select(each => (each.Tokens, Score: each.LogProbability /
                    Math.Pow((5.0 + each.Tokens.Length + 1) / 6, lengthPenalty) +
                    (coveragePenalty == 0 ? 0 : coveragePenalty * each.Looked.Sum(sum => Math.Log(Math.Min(sum, 1))))))
                .OrderByDescending(each => each.Score).Take(3)];
            Assert.Equal(best.Select(each => string.Join(' ', each.Tokens)),
                found[i].Select(each => string.Join(' ', each.Tokens)));
            Assert.All(best.Zip(found[i]), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-3));
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void A_source_has_the_same_translations_alone_and_beside_others_to_the_bit(AttentionKind attention, bool feeding)
    {
        TranslationRun run = Run(attention, feeding, layers: 2);
        var settings = new SearchSettings(4, 0.6f, Answers: 4);
        FoundSequence[][] together = Search(run.Network, settings, s_sources, most: 9);
        for (int i = 0; i < s_sources.Length; i++)
        {
            FoundSequence[] alone = Search(run.Network, settings, [s_sources[i]], most: 9)[0];
            Assert.Equal(alone.Select(Describe), together[i].Select(Describe));
        }
    }

    [Fact]
    public void A_sequence_that_finds_no_end_is_cut_and_says_so()
    {
        TranslationRun run = Run(AttentionKind.General, feeding: false, layers: 1);
        run.Network.Output.Dense.Bias.Write(run.Network.Parameters.Values, 0, 0, [0, 0, 0, 0, -50]); // never the end
        foreach (int beam in new[] { 1, 3 })
            foreach (FoundSequence[] found in Search(run.Network, new SearchSettings(beam), s_sources, most: 5))
            {
                Assert.Equal(5, found[0].Tokens.Length);
                Assert.False(found[0].IsFinished);
                Assert.DoesNotContain(0u, found[0].Tokens);
            }
    }

    [Theory, InlineData(1), InlineData(3)]
    public void Probabilities_that_are_no_numbers_are_an_error(int beam)
    {
        TranslationRun run = Run(AttentionKind.General, feeding: false, layers: 1);
        run.Network.Output.Dense.Bias.Write(run.Network.Parameters.Values, 0, 0, [0, float.NaN, 0, 0, 0]);
        Assert.Contains("NaN", Assert.Throws<ArithmeticException>(() =>
            Search(run.Network, new SearchSettings(beam), s_sources, 5)).Message);
    }

    [Fact]
    public void The_unknown_token_is_given_only_where_it_is_allowed()
    {
        TranslationRun run = Run(AttentionKind.General, feeding: false, layers: 1);
        run.Network.Output.Dense.Bias.Write(run.Network.Parameters.Values, 0, 0, [50, 0, 0, 0, 0]);
        Assert.All(Search(run.Network, new SearchSettings(2), s_sources, 5), found => Assert.DoesNotContain(0u, found[0].Tokens));
        Assert.All(Search(run.Network, new SearchSettings(2, AllowsUnknown: true), s_sources, 5),
            found => Assert.Contains(0u, found[0].Tokens));
    }

    private static IEnumerable<(uint[] Tokens, double LogProbability, double[] Looked)> All(TranslationReference textbook,
        double[][] states, DecoderState state, int token, uint[] before, double logProbability, double[] looked, int most)
    {
        (double[] logits, DecoderState after, double[] weights) = textbook.Step(states, state, token, 0);
        double[] p = ReferenceLoss.Softmax(logits);
        yield return (before, logProbability + Math.Log(p[4]), looked);
        // What is looked at for a token is what was looked at to find it.
        double[] more = [.. looked.Zip(weights, (a, b) => a + b)];
        for (int next = 1; next <= 3 && before.Length < most - 1; next++)
            foreach (var found in All(textbook, states, after, next, [.. before, (uint)next], logProbability + Math.Log(p[next]),
                more, most))
                yield return found;
    }

    private static TranslationRun Run(AttentionKind attention, bool feeding, int layers) =>
        new(TranslationGradientTests.Spec("LSTM", attention, feeding, layers, bidirectional: true, tied: false), seed: 3);

    private static FoundSequence[][] Search(TranslationNetwork network, SearchSettings settings, uint[][] sources, int most) =>
        new BeamSearch(new TranslationHypotheses(network, Encoded(network, sources)), settings, keepsAttention: true)
            .Run(sources.Length, begin: 4, _ => most);

    private static TranslationPass Encoded(TranslationNetwork network, uint[][] sources)
    {
        using SequenceDataset data =
            TranslationRun.Dataset(network.Spec, sources.Select(each => new TranslationExample(each, [])));
        int[] rows = [.. Enumerable.Range(0, sources.Length)];
        TranslationPass pass = network.CreatePass();
        pass.Load(data, rows, rows, StepRange.All);
        network.Encode(pass);
        return pass;
    }

    private static string Describe(FoundSequence found) => string.Join(' ', found.Tokens) + " " +
        BitConverter.DoubleToInt64Bits(found.LogProbability) + " " + string.Join(' ', found.Attention.SelectMany(step => step)
            .Select(BitConverter.SingleToInt32Bits));

    private static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 1e-5);
    }
}
