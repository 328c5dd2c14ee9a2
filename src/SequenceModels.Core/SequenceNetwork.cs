namespace SequenceModels;

/// <summary>A trained recurrent network. Immutable and safe to share between threads; needs no ML.NET.</summary>
public sealed class SequenceNetwork
{
    internal SequenceNetwork(NetworkSpec spec) => Spec = spec;

    internal NetworkSpec Spec { get; }

    /// <summary>Scores one sequence of token keys (1-based; 0 or a key above the vocabulary is unknown).</summary>
    public float[] Score(ReadOnlySpan<uint> tokens) => throw new NotSupportedException();

    /// <summary>Scores one sequence of frames, step after step.</summary>
    public float[] Score(ReadOnlySpan<float> frames) => throw new NotSupportedException();

    internal void Score(ReadOnlySpan<uint> tokens, Span<float> scores, Workspace workspace) => throw new NotSupportedException();

    internal void Score(ReadOnlySpan<float> frames, Span<float> scores, Workspace workspace) => throw new NotSupportedException();

    internal Workspace CreateWorkspace() => _ = Spec is null ? throw new NotSupportedException() : new Workspace();

    /// <summary>Writes the network to a stream.</summary>
    public void Save(Stream stream) => throw new NotSupportedException();

    /// <summary>Writes the network to a file.</summary>
    public void Save(string path) => throw new NotSupportedException();

    /// <summary>Reads a network from a stream.</summary>
    public static SequenceNetwork Load(Stream stream) => throw new NotSupportedException();

    /// <summary>Reads a network from a file.</summary>
    public static SequenceNetwork Load(string path) => throw new NotSupportedException();
}
