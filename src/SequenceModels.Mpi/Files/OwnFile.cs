using Microsoft.Win32.SafeHandles;

namespace SequenceModels;

/// <summary>A file of one rank, as it was when the ranks agreed on the order of their files.</summary>
/// <param name="Rank">Whose it is.</param>
/// <param name="Path">The full path, on the machine of that rank.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Changed">When it was last written, UTC.</param>
internal sealed record OwnFile(int Rank, string Path, long Length, DateTime Changed)
{
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>A file as it is now.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It cannot be read.</exception>
    public static OwnFile At(string path, int rank)
    {
        using SafeFileHandle handle = File.OpenHandle(path);
        return new OwnFile(rank, path, RandomAccess.GetLength(handle), File.GetLastWriteTimeUtc(handle));
    }

    /// <summary>Opens it, on the rank whose it is.</summary>
    /// <exception cref="IOException">It cannot be read, or is no longer what it was.</exception>
    public IByteSource Open()
    {
        var reading = new Reading(this, OpenHandle());
        try
        {
            reading.RequireUnchanged();
            return reading;
        }
        catch
        {
            reading.Dispose();
            throw;
        }
    }

    private SafeFileHandle OpenHandle()
    {
        try
        {
            return File.OpenHandle(Path, options: FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(e);
        }
    }

    private IOException Unreadable(Exception e) =>
        new(Invariant($"The file '{Path}' of rank {Rank} can no longer be read: {e.Message}"), e);

    private sealed class Reading(OwnFile file, SafeFileHandle handle) : IByteSource
    {
        public void Read(long start, Span<byte> to)
        {
            try
            {
                for (int count; !to.IsEmpty; start += count, to = to[count..])
                    if ((count = RandomAccess.Read(handle, to, start)) == 0)
                        break; // it is shorter than it was
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw file.Unreadable(e);
            }
            if (!to.IsEmpty)
                throw IsChanged();
            RequireUnchanged(); // after the bytes were read, so that they are those of the file that it was
        }

        public void RequireUnchanged()
        {
            if (RandomAccess.GetLength(handle) != file.Length || File.GetLastWriteTimeUtc(handle) != file.Changed)
                throw IsChanged();
        }

        public void Dispose() => handle.Dispose();

        private IOException IsChanged() => new(Invariant($"The file '{file.Path}' of rank {file.Rank} has changed since the ") +
            Invariant($"ranks agreed on it, when it had {file.Length} bytes. Let files stay as they are until all ranks ") +
            "have ended.");
    }
}
