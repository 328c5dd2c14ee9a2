using SequenceModels.Generation;
using Xunit;

namespace SequenceModels.Tests.Generation;

/// <summary>What a token is drawn from, by hand.</summary>
public class TokenSamplerTests
{
    private static readonly float[] s_probabilities = [0.2f, 0.4f, 0.1f, 0.2f, 0.1f]; // of the unknown token and keys 1 to 4

    [Fact]
    public void Without_options_it_is_the_models_own_without_the_unknown_token() =>
        AssertDrawnFrom([0, 0.5, 0.125, 0.25, 0.125], new GenerationOptions());

    [Fact]
    public void The_start_token_is_not_written_either() =>
        AssertDrawnFrom([0, 0, 0.25, 0.5, 0.25], new GenerationOptions(), startKey: 1);

    [Fact]
    public void Temperature_divides_the_logarithms()
    {
        double[] squares = [0, 0.16, 0.01, 0.04, 0.01];
        AssertDrawnFrom([.. squares.Select(p => p / 0.22)], new GenerationOptions { Temperature = 0.5f });
        double[] roots = [0, Math.Sqrt(0.4), Math.Sqrt(0.1), Math.Sqrt(0.2), Math.Sqrt(0.1)];
        AssertDrawnFrom([.. roots.Select(p => p / roots.Sum())], new GenerationOptions { Temperature = 2 });
        AssertDrawnFrom([0, 1, 0, 0, 0], new GenerationOptions { Temperature = 0 });
        AssertDrawnFrom([0, 0, 0, 1, 0], new GenerationOptions { Temperature = 0 }, startKey: 1);
    }

    [Theory]
    [InlineData(1, new[] { 0, 1.0, 0, 0, 0 })]
    [InlineData(2, new[] { 0, 2 / 3.0, 0, 1 / 3.0, 0 })]
    [InlineData(3, new[] { 0, 4 / 7.0, 1 / 7.0, 2 / 7.0, 0 })] // of two that are as likely, the smaller key
    [InlineData(4, new[] { 0, 0.5, 0.125, 0.25, 0.125 })]
    [InlineData(9, new[] { 0, 0.5, 0.125, 0.25, 0.125 })]
    public void Top_k_keeps_the_likeliest(int topK, double[] expected) =>
        AssertDrawnFrom(expected, new GenerationOptions { TopK = topK });

    [Theory]
    [InlineData(0.1f, new[] { 0, 1.0, 0, 0, 0 })]
    [InlineData(0.4f, new[] { 0, 1.0, 0, 0, 0 })]
    [InlineData(0.6f, new[] { 0, 2 / 3.0, 0, 1 / 3.0, 0 })]
    [InlineData(0.8f, new[] { 0, 4 / 7.0, 1 / 7.0, 2 / 7.0, 0 })]
    [InlineData(0.9f, new[] { 0, 0.5, 0.125, 0.25, 0.125 })]
    public void Top_p_keeps_the_fewest_that_have_the_probability(float topP, double[] expected) =>
        AssertDrawnFrom(expected, new GenerationOptions { TopP = topP });

    [Fact]
    public void Top_p_looks_at_what_top_k_has_left() =>
        AssertDrawnFrom([0, 1, 0, 0, 0], new GenerationOptions { TopK = 2, TopP = 0.66f });

    [Fact]
    public void The_penalty_multiplies_the_logarithm_of_what_has_occurred()
    {
        double[] penalised = [0, 0.16, 0.1, 0.2, 0.01];
        AssertDrawnFrom([.. penalised.Select(p => p / 0.47)], new GenerationOptions { RepetitionPenalty = 2 }, seen: [0, 1, 4]);
        AssertDrawnFrom([0, 0, 0, 1, 0], new GenerationOptions { RepetitionPenalty = 2, Temperature = 0 }, seen: [1]);
    }

    [Fact]
    public void Where_nothing_else_is_left_all_are_alike()
    {
        var sampler = new TokenSampler(3, startKey: 0);
        Assert.Equal([0, 0.5, 0.5], sampler.Distribution([1, 0, 0], new HashSet<uint>(), new GenerationOptions()).ToArray());
    }

    [Fact]
    public void A_draw_takes_the_token_whose_share_it_falls_into()
    {
        var sampler = new TokenSampler(5, startKey: 0);
        uint Draw(double uniform) => sampler.Draw(s_probabilities, new HashSet<uint>(), new GenerationOptions(), uniform);
        Assert.Equal([1u, 1, 2, 3, 3, 4, 4], new[] { 0, 0.499, 0.501, 0.626, 0.874, 0.876, 0.999999999999 }.Select(Draw));
    }

    private static void AssertDrawnFrom(double[] expected, GenerationOptions options, uint startKey = 0, uint[]? seen = null)
    {
        var sampler = new TokenSampler(5, startKey);
        for (int again = 0; again < 2; again++) // scratch memory must not matter
        {
            double[] actual = sampler.Distribution(s_probabilities, new HashSet<uint>(seen ?? []), options).ToArray();
            for (int key = 0; key < expected.Length; key++)
                Assert.Equal(expected[key], actual[key], 1e-6);
        }
    }
}
