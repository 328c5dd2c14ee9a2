namespace SequenceModels.Sequences;

/// <summary>What one step of a sequence is.</summary>
internal enum SequenceInput
{
    /// <summary>A key: 1..V, 0 = unknown.</summary>
    Tokens,

    /// <summary>F numbers.</summary>
    Frames,
}
