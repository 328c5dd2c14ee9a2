namespace SequenceModels.Fuzz;

/// <summary>A kind of file.</summary>
/// <param name="Name">Of the command's --kind.</param>
/// <param name="Payload">A sound one.</param>
/// <param name="Load">Reads a file; gives what then uses it, and throws where a number that comes of it is none.</param>
internal sealed record FuzzSubject(string Name, byte[] Payload, Func<byte[], Action> Load)
{
    /// <summary>A sound file, the run's seed and a number to a mutation of the file.</summary>
    public Func<byte[], int, int, byte[]> Mutate { get; init; } = Mutation.Of;

    /// <summary>What a use of a file throws where it gave a number that is none.</summary>
    public static void RequireFinite(ReadOnlySpan<float> values, bool orMissing = false)
    {
        foreach (float value in values)
            if (!float.IsFinite(value) && !(orMissing && float.IsNaN(value)))
                throw new NotFiniteNumberException(value);
    }
}
