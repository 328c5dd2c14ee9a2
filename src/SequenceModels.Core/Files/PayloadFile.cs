namespace SequenceModels.Files;

/// <summary>Files that hold one payload and nothing else. Errors name the path that was given.</summary>
internal static class PayloadFile
{
    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="read">Reads the payload.</param>
    /// <exception cref="InvalidDataException">The file holds something else, or more.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static T Read<T>(string path, Func<Stream, T> read)
    {
        if (Directory.Exists(path))
            throw new InvalidDataException($"'{path}' is a folder, not a file. Give the path of a file in it.");
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file '{path}'.", path);
        using FileStream stream = File.OpenRead(path);
        try
        {
            T content = read(stream);
            return stream.ReadByte() < 0 ? content : throw new InvalidDataException("It goes on after its end" +
                (stream.CanSeek ? Invariant($", after {stream.Position - 1} bytes") : "") + ". Copy it again from its source.");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"The file '{path}' cannot be read: {e.Message}", e);
        }
    }
}
