using SequenceModels.Networks;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>A step of a search beside a sort of all hypotheses with all tokens behind them.</summary>
public class BeamStepTests
{
    private const int Steps = 6;

    /// <summary>Vocabularies of less than what is looked at together, of as much, of more, and large ones.</summary>
    public static TheoryData<int, int, bool, bool> Searches => new(
        from tokens in new[] { 8, 31, 32, 33, 64, 1000, 10_007 }
        from beamSize in new[] { 1, 2, 4, 7 }
        from allowsUnknown in new[] { false, true }
        from isSteep in new[] { false, true }
        select (tokens, beamSize, allowsUnknown, isSteep));

    [Theory, MemberData(nameof(Searches))]
    public void The_best_of_all_hypotheses_and_tokens_go_on(int tokens, int beamSize, bool allowsUnknown, bool isSteep)
    {
        var settings = new SearchSettings(beamSize, AllowsUnknown: allowsUnknown);
        var next = new GivenProbabilities(tokens, new Random(tokens + beamSize), isSteep);
        var beam = new SourceBeam(source: 0, sourceSteps: 0, mostTokens: Steps + 1, settings, keepsAttention: false);
        var step = new BeamStep(settings, next);
        for (int t = 0; t < Steps; t++)
        {
            next.Draw(beam.Alive.Count);
            (double LogProbability, int Hypothesis, int Token)[] expected =
            [
                .. from hypothesis in Enumerable.Range(0, beam.Alive.Count)
                   from token in Enumerable.Range(0, tokens)
                   let probability = next.ProbabilitiesOf(hypothesis)[token]
                   where probability > 0 && (allowsUnknown || token != next.Unknown)
                   let all = beam.Alive[hypothesis].LogProbability + Math.Log(probability)
                   orderby all descending
                   select (all, hypothesis, token),
            ];
            step.Advance(beam, from: 0);
            Assert.Equal(expected.Take(beamSize),
                beam.Alive.Select(alive => (alive.LogProbability, alive.Place, (int)alive.Token)));
        }
    }

    /// <summary>Behind each hypothesis probabilities of few sizes, so that many are alike.</summary>
    private sealed class GivenProbabilities(int tokens, Random random, bool isSteep) : INextTokens
    {
        private float[][] _probabilities = [];

        public int NumberOfTokens => tokens;

        public int Unknown => 0;

        public bool Ends(int token) => token == tokens - 1;

        public int SourceSteps(int source) => 0;

        public void Draw(int hypotheses) =>
            _probabilities =
                [.. Enumerable.Range(0, hypotheses).Select(_ => Enumerable.Range(0, tokens).Select(ProbabilityOf).ToArray())];

        public void Continue(ReadOnlySpan<int> sources, ReadOnlySpan<int> parents, ReadOnlySpan<uint> next, bool first) =>
            throw new NotSupportedException();

        public ReadOnlySpan<float> ProbabilitiesOf(int hypothesis) => _probabilities[hypothesis];

        public ReadOnlySpan<float> AttentionOf(int hypothesis) => [];

        private float ProbabilityOf(int token) => Ends(token) ? 0
            : isSteep ? MathF.Pow(0.1f, random.Next(1, 44)) : random.Next(50) / 100f / tokens;
    }
}
