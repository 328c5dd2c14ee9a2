namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>What a regression reads of the last values, and what it predicts.</summary>
internal enum LagFeatures
{
    /// <summary>The values of the window; the value ahead.</summary>
    Levels,

    /// <summary>The last values, and how the others of the window differ from them; the change from the last value.</summary>
    Differences,

    /// <summary>Besides, how the target was a season before the step ahead, beside its last value.</summary>
    DifferencesAndSeason,
}
