using System.Text;

namespace SequenceModels;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a text in UTF-8 under a name of its own beside the file, and moves it into place once it is on the disk.</summary>
    /// <param name="path">Replaced if it is there.</param>
    /// <param name="text">The content.</param>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes under a name of its own beside the file, and moves it into place once it is on the disk.</summary>
    /// <param name="path">Replaced if it is there.</param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, Action<Stream> write) => Write(path, $".{Guid.NewGuid():N}.tmp", write);

    /// <param name="path">Replaced if it is there.</param>
    /// <param name="suffix">
    /// What the temporary name has at its end. A fixed one is for files that have one writer only: it overwrites what a killed one left.
    /// </param>
    /// <param name="write">Writes the content.</param>
    public static void Write(string path, string suffix, Action<Stream> write)
    {
        string full = Path.GetFullPath(path), temporary = full + suffix;
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
