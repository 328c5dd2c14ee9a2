namespace SequenceModels;

/// <summary>How the samples of a window are weighted before their spectrum is taken. n is a window's length.</summary>
public enum WindowFunction
{
    /// <summary>0.54 - 0.46 cos(2 pi i / (n - 1)).</summary>
    Hamming,

    /// <summary>0.5 - 0.5 cos(2 pi i / (n - 1)).</summary>
    Hann,

    /// <summary>All alike.</summary>
    Rectangular,
}
