namespace SequenceModels.Sequences;

/// <summary>What a feature of a step is. The numbers are stored in model files.</summary>
internal enum StepFeatureKind
{
    /// <summary>A key: 1..V, 0 = unknown.</summary>
    Tokens = 0,

    /// <summary>F numbers.</summary>
    Frames = 1,

    /// <summary>The keys of a word's characters, each 1..V, 0 = unknown.</summary>
    Characters = 2,

    /// <summary>The keys of a word's subwords: the numbers of their buckets, 1..V.</summary>
    Subwords = 3,
}
