using SequenceModels.Kernels;
using SequenceModels.Reports;
using SequenceModels.Tests.Kernels;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>Optimizers against their formulas in double, over many updates with changing gradients.</summary>
[Collection(EveryWidth.Name)]
public unsafe class UpdateRuleTests
{
    /// <summary>Weights from <see cref="Biases"/> on are biases.</summary>
    private const int Weights = 48, Biases = 32, Updates = 50;
    private const float Rate = 0.01f, Scale = 0.5f;

    /// <summary>Of every kind; the decay is so small that it moves the bottom of a quadratic by less than a test sees.</summary>
    private static readonly SequenceOptimizer[] s_all =
    [
        SequenceOptimizer.Adam(), SequenceOptimizer.AdamW(1e-5f), SequenceOptimizer.RmsProp(),
            SequenceOptimizer.RmsProp(momentum: 0.5f),
        SequenceOptimizer.Sgd(), SequenceOptimizer.Sgd(0.9f, nesterov: true),
    ];

    public static TheoryData<int> Widths => EveryWidth.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Adam_follows_its_formula(int width) => EveryWidth.At(width, () =>
    {
        const double Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-3f;
        double[] m = new double[Weights], v = new double[Weights];
        Follow(SequenceOptimizer.Adam((float)Beta1, (float)Beta2, (float)Epsilon), (i, t, g, _) =>
        {
            m[i] = Beta1 * m[i] + (1 - Beta1) * g;
            v[i] = Beta2 * v[i] + (1 - Beta2) * g * g;
            return Rate * (m[i] / (1 - Math.Pow(Beta1, t))) / (Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, t))) + Epsilon);
        });
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void AdamW_takes_its_share_of_matrices_besides_the_step(int width) => EveryWidth.At(width, () =>
    {
        const double Beta1 = 0.8f, Beta2 = 0.95f, Epsilon = 1e-3f, Decay = 0.3f;
        double[] m = new double[Weights], v = new double[Weights];
        Follow(SequenceOptimizer.AdamW((float)Decay, (float)Beta1, (float)Beta2, (float)Epsilon), (i, t, g, w) =>
        {
            m[i] = Beta1 * m[i] + (1 - Beta1) * g;
            v[i] = Beta2 * v[i] + (1 - Beta2) * g * g;
            double step = m[i] / (1 - Math.Pow(Beta1, t)) / (Math.Sqrt(v[i] / (1 - Math.Pow(Beta2, t))) + Epsilon);
            return Rate * (step + (i < Biases ? Decay * w : 0));
        });
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void RmsProp_follows_its_formula(int width) => EveryWidth.At(width, () =>
    {
        const double Decay = 0.8f, Epsilon = 1e-2f;
        double[] s = new double[Weights];
        Follow(SequenceOptimizer.RmsProp((float)Decay, (float)Epsilon), (i, _, g, _) =>
        {
            s[i] = Decay * s[i] + (1 - Decay) * g * g;
            return Rate * g / (Math.Sqrt(s[i]) + Epsilon);
        });
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void RmsProp_with_momentum_follows_its_formula(int width) => EveryWidth.At(width, () =>
    {
        const double Decay = 0.8f, Epsilon = 1e-2f, Momentum = 0.7f;
        double[] s = new double[Weights], v = new double[Weights];
        Follow(SequenceOptimizer.RmsProp((float)Decay, (float)Epsilon, (float)Momentum), (i, _, g, _) =>
        {
            s[i] = Decay * s[i] + (1 - Decay) * g * g;
            v[i] = Momentum * v[i] + g / (Math.Sqrt(s[i]) + Epsilon);
            return Rate * v[i];
        });
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void Momentum_follows_its_formula(int width) => EveryWidth.At(width, () =>
    {
        double[] velocity = new double[Weights];
        Follow(SequenceOptimizer.Sgd(momentum: 0.9f), (i, _, g, _) => Rate * (velocity[i] = 0.9f * velocity[i] + g));
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void Momentum_of_Nesterov_follows_its_formula(int width) => EveryWidth.At(width, () =>
    {
        double[] velocity = new double[Weights];
        Follow(SequenceOptimizer.Sgd(momentum: 0.9f, nesterov: true), (i, _, g, _) =>
        {
            velocity[i] = 0.9f * velocity[i] + g;
            return Rate * (g + 0.9f * velocity[i]);
        });
    });

    [Theory]
    [MemberData(nameof(Widths))]
    public void Without_momentum_it_is_plain_descent(int width) => EveryWidth.At(width, () =>
        Follow(SequenceOptimizer.Sgd(momentum: 0), (_, _, g, _) => Rate * g));

    [Fact]
    public void All_reach_the_bottom_of_a_quadratic()
    {
        foreach (SequenceOptimizer optimizer in s_all)
        {
            const int Steps = 2000;
            float rate = optimizer is SgdOptimizer ? 0.01f : 0.1f;
            var values = new FloatBuffer(16);
            var gradients = new FloatBuffer(16);
            var rule = UpdateRule.For(optimizer, 16);
            for (int update = 0; update < Steps; update++)
            {
                for (int i = 0; i < 16; i++)
                    gradients.Span[i] = (1 + i) * (values.Span[i] - i); // of (1 + i)(w - i)²/2
                rule.Advance([rate * (Steps - update) / Steps]);
                rule.Apply(values, gradients.Data, 1, 0, 0, 16, ofVectors: false);
            }
            for (int i = 0; i < 16; i++)
                Assert.True(Math.Abs(i - values.Span[i]) < 1e-3, $"{optimizer}: {values.Span[i]} where {i} is the bottom");
        }
    }

    [Fact]
    public void State_and_number_of_the_update_are_all_that_a_rule_remembers()
    {
        foreach (SequenceOptimizer optimizer in s_all)
        {
            var random = new Random(2);
            FloatBuffer values = new(Weights), copies = new(Weights), gradients = new(Weights);
            UpdateRule rule = UpdateRule.For(optimizer, Weights), other = UpdateRule.For(optimizer, Weights);
            for (int update = 1; update <= 2 * Updates; update++)
            {
                foreach (ref float gradient in gradients.Span)
                    gradient = random.NextSingle() - 0.5f;
                rule.Advance([Rate]);
                rule.Apply(values, gradients.Data, 1, 0, 0, Weights, ofVectors: false);
                if (update > Updates)
                {
                    other.Advance([Rate]);
                    other.Apply(copies, gradients.Data, 1, 0, 0, Weights, ofVectors: false);
                    Assert.Equal(values.Span, copies.Span);
                }
                if (update != Updates)
                    continue;
                values.Span.CopyTo(copies.Span);
                other.Update = rule.Update;
                Assert.Equal(rule.State.Count, other.State.Count);
                for (int i = 0; i < rule.State.Count; i++)
                    rule.State[i].Span.CopyTo(other.State[i].Span);
            }
            Assert.Equal(2 * Updates, other.Update);
        }
    }

    /// <summary>
    /// Runs the rule, in pieces as threads do, beside a formula: step = f(number of the weight, update, gradient, weight).
    /// </summary>
    private static void Follow(SequenceOptimizer optimizer, Func<int, int, double, double, double> step)
    {
        var random = new Random(1);
        var values = new FloatBuffer(Weights);
        var gradients = new FloatBuffer(Weights);
        var rule = UpdateRule.For(optimizer, Weights);
        double[] expected = new double[Weights];
        for (int i = 0; i < Weights; i++)
            expected[i] = values.Span[i] = (i - 20) / 16f;
        for (int update = 1; update <= Updates; update++)
        {
            foreach (ref float gradient in gradients.Span)
                gradient = 4 * random.NextSingle() - 1;
            bool none = update % 3 == 0; // as in the rows of a table whose tokens do not occur
            if (none)
                gradients.Span[..16].Clear();
            rule.Advance([Rate]);
            rule.Apply(values, gradients.Data + Biases, Scale, 0, from: Biases, count: Weights - Biases, ofVectors: true);
            rule.Apply(values, gradients.Data + 16, Scale, 0, from: 16, count: Biases - 16, ofVectors: false);
            rule.Apply(values, none ? null : gradients.Data, Scale, 0, from: 0, count: 16, ofVectors: false);
            for (int i = 0; i < Weights; i++)
            {
                expected[i] -= step(i, update, (double)Scale * gradients.Span[i], expected[i]);
                Assert.Equal(expected[i], values.Span[i], 2e-6 * (1 + Math.Abs(expected[i])));
            }
        }
    }
}
