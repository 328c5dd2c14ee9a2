namespace SequenceModels;

/// <summary>What is made alike in all recordings, over the frames of one recording and for each number of a frame by
/// itself.</summary>
public enum FrameNormalization
{
    /// <summary>Nothing: frames do not depend on those that come later, as live sound needs it.</summary>
    None,

    /// <summary>The mean is 0, which takes away loudness and what microphone and room do.</summary>
    Mean,

    /// <summary>The mean is 0 and the standard deviation 1.</summary>
    MeanAndDeviation,
}
