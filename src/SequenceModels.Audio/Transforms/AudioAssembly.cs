namespace SequenceModels.Audio;

/// <summary>This assembly, as a saved model names it.</summary>
internal static class AudioAssembly
{
    public const string Name = "SequenceModels.Audio";
}
