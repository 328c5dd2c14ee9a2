using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SequenceModels.Files;

/// <summary>
/// Writes files so that they are complete or absent. What kind of file it is stays: a link still leads to its target,
/// which is replaced, and the new file has the old one's mode. What is no ordinary file - a pipe, a device - is written to,
/// never replaced. Errors name the path that was given.
/// </summary>
/// <remarks>
/// A file that has several names (hard links) is replaced under the one that was given; the others keep the old content.
/// </remarks>
internal static class AtomicFile
{
    /// <summary>
    /// Writes a text in UTF-8 under a name of its own beside the file, and moves it into place once it is on the disk.
    /// </summary>
    /// <param name="path">Replaced if it is there.</param>
    /// <param name="text">The content.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, string text) => Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));

    /// <summary>Writes under a name of its own beside the file, and moves it into place once it is on the disk.</summary>
    /// <param name="path">Replaced if it is there.</param>
    /// <param name="write">Writes the content, from its beginning to its end.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, Action<Stream> write) => Write(path, $".{Guid.NewGuid():N}.tmp", write);

    /// <param name="path">Replaced if it is there.</param>
    /// <param name="suffix">
    /// What the temporary name has at its end. A fixed one is for files that have one writer only: it overwrites what a killed
    /// one left.
    /// </param>
    /// <param name="write">Writes the content, from its beginning to its end.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Write(string path, string suffix, Action<Stream> write)
    {
        string target = FilePlace.Follow(path);
        RequireFolder(path, target);
        string temporary = FilePlace.Beside(target, suffix);
        try
        {
            if (Directory.Exists(target))
                throw new IOException("it is a folder. Give the path of a file in it.");
            if (!Path.Exists(target) && FilePlace.Opens(path))
                WriteTo(path, write); // such as an open file of a process: its link says what it is, not where
            else if (!Path.Exists(target))
                Replace(target, temporary, new FileStreamOptions(), write);
            else if (!FilePlace.IsOrdinary(target))
                WriteTo(target, write);
            else
                Replace(target, temporary, AsBefore(target), write);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(Reason(path, temporary, e), e);
        }
        catch (IOException e)
        {
            throw new IOException(Reason(path, temporary, e), e) { HResult = e.HResult };
        }
    }

    /// <summary>Throws if there is no folder where a file is to be written.</summary>
    /// <param name="path">As it was given.</param>
    /// <param name="target">Where that leads.</param>
    /// <exception cref="DirectoryNotFoundException">There is none.</exception>
    public static void RequireFolder(string path, string target)
    {
        if (Path.GetDirectoryName(target) is { } folder && !Directory.Exists(folder))
            throw new DirectoryNotFoundException(
                $"The file '{path}' cannot be written: there is no folder '{folder}'. Make the folder first, or give " +
                "another path.");
    }

    private static void Replace(string target, string temporary, FileStreamOptions options, Action<Stream> write)
    {
        (options.Mode, options.Access) = (FileMode.Create, FileAccess.Write);
        bool isMade = false;
        try
        {
            using (var stream = new FileStream(temporary, options))
            {
                isMade = true;
                if (!OperatingSystem.IsWindows() && options.UnixCreateMode is { } mode)
                    File.SetUnixFileMode(stream.SafeFileHandle, mode); // creating took away what the process's mask forbids
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch when (isMade)
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>How a file that is there is made anew. Throws if it could not be written to as it is.</summary>
    private static FileStreamOptions AsBefore(string target)
    {
        File.OpenHandle(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
        var options = new FileStreamOptions();
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = File.GetUnixFileMode(target);
        return options;
    }

    private static void WriteTo(string target, Action<Stream> write)
    {
        using SafeFileHandle? untilOpened = FilePlace.AwaitReader(target);
        using var stream = new FileStream(target, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
        untilOpened?.Dispose();
        write(stream);
        stream.Flush();
    }

    /// <summary>The error that is on its way matters more than a file that cannot be deleted.</summary>
    private static void TryDelete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string Reason(string path, string temporary, Exception e) =>
        $"The file '{path}' cannot be written: {e.Message.Replace(temporary, path, StringComparison.Ordinal)}";
}
