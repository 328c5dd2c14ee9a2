namespace SequenceModels;

/// <summary>What happens to the values of numeric frames before they reach the network.</summary>
public enum FrameScaling
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// Each feature has its mean over all training steps taken away and is divided by its standard deviation. Both are
    /// kept in the model. A feature that never changes is only centred.
    /// </summary>
    Standard,
}
