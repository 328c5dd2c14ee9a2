using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>What optimizers and schedules refuse, and in which words.</summary>
public class OptimizerTests
{
    private const string Share = "at least 0 and less than 1", Positive = "a positive number",
        NotNegative = "a number of at least 0";

    [Theory]
    [InlineData(1)]
    [InlineData(-0.1f)]
    [InlineData(float.NaN)]
    public void A_decay_or_momentum_is_at_least_0_and_less_than_1(float bad)
    {
        Refuses("beta1", Share, () => SequenceOptimizer.Adam(beta1: bad));
        Refuses("beta2", Share, () => SequenceOptimizer.Adam(beta2: bad));
        Refuses("beta1", Share, () => SequenceOptimizer.AdamW(beta1: bad));
        Refuses("beta2", Share, () => SequenceOptimizer.AdamW(beta2: bad));
        Refuses("decay", Share, () => SequenceOptimizer.RmsProp(decay: bad));
        Refuses("momentum", Share, () => SequenceOptimizer.RmsProp(momentum: bad));
        Refuses("momentum", Share, () => SequenceOptimizer.Sgd(momentum: bad));
        Refuses("momentum", Share, () => SequenceOptimizer.Sgd(momentum: bad, nesterov: true));
        Refuses("warmupFraction", Share, () => LearningRateSchedule.Cosine(bad));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1e-8f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Epsilon_is_positive(float bad)
    {
        Refuses("epsilon", Positive, () => SequenceOptimizer.Adam(epsilon: bad));
        Refuses("epsilon", Positive, () => SequenceOptimizer.AdamW(epsilon: bad));
        Refuses("epsilon", Positive, () => SequenceOptimizer.RmsProp(epsilon: bad));
    }

    [Theory]
    [InlineData(-0.01f)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NaN)]
    public void Weight_decay_and_the_minimum_rate_are_not_negative(float bad)
    {
        Refuses("weightDecay", NotNegative, () => SequenceOptimizer.AdamW(bad));
        Refuses("minimumRate", NotNegative, () => LearningRateSchedule.ReduceOnPlateau(minimumRate: bad));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(float.NaN)]
    public void The_factor_of_a_schedule_makes_the_rate_smaller(float bad)
    {
        Refuses("factor", "greater than 0 and less than 1", () => LearningRateSchedule.StepDecay(bad));
        Refuses("factor", "greater than 0 and less than 1", () => LearningRateSchedule.ReduceOnPlateau(bad));
    }

    [Fact]
    public void Numbers_of_epochs_are_not_negative()
    {
        Refuses("afterEpoch", "at least 0", () => LearningRateSchedule.StepDecay(afterEpoch: -1));
        Refuses("patience", "at least 0", () => LearningRateSchedule.ReduceOnPlateau(patience: -1));
    }

    [Fact]
    public void Options_need_an_optimizer_and_a_schedule()
    {
        Refuses("SequenceTrainerOptions.Optimizer", "SequenceOptimizer.Adam() or another one",
            () => new SequenceTrainerOptions { Optimizer = null! }.Validate());
        Refuses("SequenceTrainerOptions.LearningRateSchedule", "LearningRateSchedule.Constant or another one",
            () => new SequenceTrainerOptions { LearningRateSchedule = null! }.Validate());
    }

    [Fact]
    public void The_ends_of_the_ranges_belong_to_them()
    {
        Assert.NotNull(SequenceOptimizer.AdamW(weightDecay: 0, beta1: 0, beta2: 0, epsilon: float.Epsilon));
        Assert.NotNull(SequenceOptimizer.RmsProp(decay: 0, momentum: 0));
        Assert.NotNull(LearningRateSchedule.StepDecay(float.Epsilon, afterEpoch: 0));
        Assert.NotNull(LearningRateSchedule.ReduceOnPlateau(patience: 0, minimumRate: 0));
        Assert.NotNull(LearningRateSchedule.Cosine(0));
    }

    private static void Refuses(string name, string expected, Action make) =>
        Assert.StartsWith($"{name} must be {expected}.", Assert.Throws<ArgumentOutOfRangeException>(make).Message);
}
