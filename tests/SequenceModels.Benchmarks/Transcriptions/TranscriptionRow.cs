namespace SequenceModels.Benchmarks.Transcriptions;

/// <summary>What is heard, and what is said.</summary>
internal sealed class TranscriptionRow
{
    /// <summary>[T, F] log-mels; of a file: none.</summary>
    public float[] LogMels { get; init; } = [];

    /// <summary>Of a WAV file; of log-mels: none.</summary>
    public string Path { get; init; } = "";

    /// <summary>What is said, as a text.</summary>
    public string Said { get; init; } = "";
}
