using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Training;

/// <summary>
/// How many steps of frames are read as one: a long sequence of few numbers is a hard thing to remember, and its neighbouring
/// steps are much alike.
/// </summary>
/// <remarks>
/// Known as frame stacking: Sak et al., "Fast and Accurate Recurrent Neural Network Acoustic Models for Speech Recognition",
/// Interspeech 2015, section 2.
/// </remarks>
internal static class FrameStacking
{
    /// <summary>Steps of a row that are left by and large, and numbers that a frame has at most.</summary>
    private const int Steps = 40, LargestFrame = 64;

    /// <summary>So many that 40 are left of the mean row, but no more than frames of 64 numbers hold.</summary>
    public static int Automatic(SequenceDataset data) => !data.Inputs.AreFrames ? 1
        : Math.Min((int)Math.Ceiling(data.NumberOfSteps / ((double)Steps * Math.Max(1, data.Count))),
            Math.Max(1, LargestFrame / data.Inputs[0].Size)) is var stacked and > 1 ? stacked : 1;

    /// <summary>The shape of a network that reads so many steps as one.</summary>
    public static EncoderNetworkSpec Apply(EncoderNetworkSpec spec, int stacked) => stacked == 1 ? spec
        : spec with { Encoder = spec.Encoder with { Inputs = [StepFeature.Frames(spec.Inputs[0].StepSize, stacked)] } };
}
