using SequenceModels.Forecasting;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>The changes that stand in frames beside the numbers.</summary>
public class DifferenceInputsTests
{
    /// <summary>Two targets, a past and a future number; mean 0 and deviation 1, changes divided by 2, 4 and 8.</summary>
    private static readonly float[] s_steps =
    [
        1, 10, 100, 5,
        3, 14, 108, 6,
        float.NaN, 22, float.NaN, 7,
        9, 22, 92, 8,
        0, 0, 0, 9,
    ];

    private static readonly ForecastScales s_scales = new([.. Enumerable.Repeat(new StandardScale(0, 1), 4)], [1, 1], [2, 4, 8]);

    private static ForecastSpec Spec(bool channelIndependent) => new()
    {
        WindowSize = 4, Horizon = 1, Targets = 2, Past = 1, Future = 1, Static = 0, Scaling = ForecastScaling.None,
        Transform = ForecastTransform.None, Loss = ForecastLoss.Quantile, From = ForecastFrom.Nothing, Season = 1,
        SeasonalInputs = false, DifferenceInputs = true, ChannelIndependent = channelIndependent, LinearPath = true,
        MarksGaps = true, ConfidenceLevel = 0.9f, Limits = ValueLimits.None,
    };

    /// <summary>Of a gap there is no change; nor in the first frame, nor ahead.</summary>
    [Fact]
    public void Targets_and_past_numbers_have_their_change_beside_them()
    {
        // Two targets, past, future; their three changes; two marks of gaps, one of the future.
        float[] expected =
        [
            1, 10, 100, 5, 0, 0, 0, 0, 0, 0,
            3, 14, 108, 6, 1, 1, 1, 0, 0, 0,
            3, 22, 108, 7, 0, 2, 0, 1, 0, 0,
            9, 22, 92, 8, 3, 0, -2, 0, 0, 0,
            0, 0, 0, 9, 0, 0, 0, 0, 0, 1,
        ];
        Assert.Equal(expected, Encoded(Spec(channelIndependent: false)).Frames(0));
    }

    [Fact]
    public void A_target_by_itself_has_its_own_change()
    {
        float[] expected =
        [
            10, 100, 5, 0, 0, 0, 0,
            14, 108, 6, 1, 1, 0, 0,
            22, 108, 7, 2, 0, 0, 0,
            22, 92, 8, 0, -2, 0, 0,
            0, 0, 9, 0, 0, 0, 1,
        ];
        Assert.Equal(expected, Encoded(Spec(channelIndependent: true)).Frames(1));
    }

    private static WindowEncoder Encoded(ForecastSpec spec)
    {
        var encoder = new WindowEncoder(spec, s_scales);
        Assert.True(encoder.TryEncode(new SeriesSteps(s_steps, spec.StepSize, [0, 1, 2, 3, 4]), origin: 3));
        return encoder;
    }
}
