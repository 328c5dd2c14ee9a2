namespace SequenceModels;

/// <summary>An end of a sequence.</summary>
public enum SequenceSide
{
    /// <summary>Before the first step.</summary>
    Start,

    /// <summary>After the last step.</summary>
    End,
}
