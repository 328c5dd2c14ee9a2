using SequenceModels.Kernels;
using SequenceModels.Tests.Kernels;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>Optimizers against their formulas in double, over many updates with changing gradients.</summary>
[Collection(EveryWidth.Name)]
public unsafe class UpdateRuleTests
{
    private const int Weights = 48, Updates = 50;
    private const float Rate = 0.01f, Scale = 0.5f;

    public static TheoryData<int> Widths => EveryWidth.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Adam_follows_its_formula(int width) => EveryWidth.At(width, () =>
    {
        const double Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-3f;
        double[] m = new double[Weights], v = new double[Weights];
        Follow(SequenceOptimizer.Adam((float)Beta1, (float)Beta2, (float)Epsilon), (i, t, g) =>
        {
            m[i] = Beta1 * m[i] + (1 - Beta1) * g;
            v[i] = Beta2 * v[i] + (1 - Beta2) * g * g;
            return Rate * (m[i] / (1 - Math.Pow(Beta1, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, t))) + Epsilon);
        });
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void Momentum_follows_its_formula(int width) => EveryWidth.At(width, () =>
    {
        double[] velocity = new double[Weights];
        Follow(SequenceOptimizer.Sgd(momentum: 0.9f), (i, _, g) => Rate * (velocity[i] = 0.9f * velocity[i] + g));
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void Without_momentum_it_is_plain_descent(int width) => EveryWidth.At(width, () =>
        Follow(SequenceOptimizer.Sgd(momentum: 0), (_, _, g) => Rate * g));

    [Fact]
    public void Both_reach_the_bottom_of_a_quadratic()
    {
        foreach (SequenceOptimizer optimizer in new[] { SequenceOptimizer.Adam(), SequenceOptimizer.Sgd() })
        {
            var values = new FloatBuffer(16);
            var gradients = new FloatBuffer(16);
            var rule = UpdateRule.For(optimizer, 16);
            for (int update = 0; update < 2000; update++)
            {
                for (int i = 0; i < 16; i++)
                    gradients.Span[i] = (1 + i) * (values.Span[i] - i); // of (1 + i)(w - i)²/2
                rule.Advance();
                rule.Apply(values, gradients.Data, 1, learningRate: optimizer is AdamOptimizer ? 0.05f : 0.01f, 0, 16);
            }
            for (int i = 0; i < 16; i++)
                Assert.Equal(i, values.Span[i], 1e-3);
        }
    }

    /// <summary>Runs the rule, in two pieces as threads do, beside a formula: step = f(weight, update, gradient).</summary>
    private static void Follow(SequenceOptimizer optimizer, Func<int, int, double, double> step)
    {
        var random = new Random(1);
        var values = new FloatBuffer(Weights);
        var gradients = new FloatBuffer(Weights);
        var rule = UpdateRule.For(optimizer, Weights);
        double[] expected = new double[Weights];
        for (int update = 1; update <= Updates; update++)
        {
            foreach (ref float gradient in gradients.Span)
                gradient = 4 * random.NextSingle() - 1;
            bool none = update % 3 == 0; // as in the rows of a table whose tokens do not occur
            if (none)
                gradients.Span[..16].Clear();
            rule.Advance();
            rule.Apply(values, gradients.Data + 16, Scale, Rate, from: 16, count: 32);
            rule.Apply(values, none ? null : gradients.Data, Scale, Rate, from: 0, count: 16);
            for (int i = 0; i < Weights; i++)
            {
                expected[i] -= step(i, update, (double)Scale * gradients.Span[i]);
                Assert.Equal(expected[i], values.Span[i], 2e-6 * (1 + Math.Abs(expected[i])));
            }
        }
    }
}
