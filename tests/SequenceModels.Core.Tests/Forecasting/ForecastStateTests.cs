using SequenceModels.Forecasting;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>The last steps of a series.</summary>
public class ForecastStateTests
{
    private static readonly ForecastSpec s_spec = new()
    {
        WindowSize = 5, Horizon = 2, Targets = 1, Past = 1, Future = 0, Static = 0, Scaling = ForecastScaling.Standard,
        Transform = ForecastTransform.None,
        From = ForecastFrom.Nothing, Season = 1, SeasonalInputs = false, DifferenceInputs = false,
        ChannelIndependent = false, LinearPath = true, Loss = ForecastLoss.Quantile, ConfidenceLevel = 0.9f, MarksGaps = false,
        Limits = ValueLimits.None,
    };

    [Fact]
    public void A_state_keeps_the_last_steps_in_their_order_and_its_file_too()
    {
        var state = new ForecastState(s_spec);
        for (int t = 0; t < 23; t++)
        {
            state.Add([t, -t]);
            float[] expected =
                [.. Enumerable.Range(Math.Max(0, t - 4), Math.Min(t + 1, 5)).SelectMany(at => new float[] { at, -at })];
            Assert.Equal(expected, StepsOf(state));
            Assert.Equal(expected, StepsOf(state.Copy()));
            using var file = new MemoryStream();
            state.Save(file);
            file.Position = 0;
            Assert.Equal(expected, StepsOf(ForecastState.Read(file, s_spec)));
        }
    }

    [Fact]
    public void Blocks_of_steps_hold_what_was_added()
    {
        var numbers = new StepNumbers(3);
        for (int row = 0; row < 2500; row++)
            numbers.Add([row, 2 * row, -row]);
        Assert.All(Enumerable.Range(0, 2500), row => Assert.Equal([row, 2 * row, -row], numbers[row]));
        Assert.Equal([3, 4], new StepNumbers([1, 2, 3, 4], 2)[1]);
    }

    private static float[] StepsOf(ForecastState state)
    {
        float[] steps = new float[state.NumberOfSteps * s_spec.StepSize];
        state.CopyTo(steps);
        return steps;
    }
}
