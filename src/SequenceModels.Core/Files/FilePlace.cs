using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace SequenceModels.Files;

/// <summary>What stands at a path.</summary>
internal static class FilePlace
{
    /// <summary>Bytes of a name in UTF-8 that every usual file system takes.</summary>
    private const int LongestName = 255;

    /// <summary>How many links in a row systems follow.</summary>
    private const int MostLinks = 40;

    /// <summary>
    /// The path of the file itself: absolute, with all links followed, also those of folders. The file need not be there.
    /// </summary>
    /// <exception cref="IOException">Links lead in a circle.</exception>
    public static string Follow(string path)
    {
        string full = Path.GetFullPath(path), at = Path.GetPathRoot(full)!;
        var rest = new Stack<string>();
        Push(full[at.Length..]);
        for (int links = 0; rest.TryPop(out string? name);)
        {
            string next = name == ".." ? Path.GetDirectoryName(at) ?? at : Path.Combine(at, name);
            if (name == ".." || new FileInfo(next).LinkTarget is not { } target)
            {
                at = next;
                continue;
            }
            if (++links > MostLinks)
                throw new IOException($"The path '{path}' leads in a circle: its links lead to each other.");
            string root = Path.IsPathFullyQualified(target) ? Path.GetPathRoot(target)! : "";
            at = root == "" ? at : root;
            Push(target[root.Length..]);
        }
        return at;

        void Push(string names)
        {
            string[] parts = names.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar],
                StringSplitOptions.RemoveEmptyEntries);
            foreach (string part in parts.Where(part => part != ".").Reverse())
                rest.Push(part);
        }
    }

    /// <summary>
    /// A path beside a file: its name with a suffix. Where that would be longer than a name may be, the name is cut and told from
    /// others that begin alike by a checksum.
    /// </summary>
    public static string Beside(string path, string suffix)
    {
        string name = Path.GetFileName(path);
        if (Encoding.UTF8.GetByteCount(name + suffix) > LongestName)
        {
            suffix = $".{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 8))}{suffix}";
            int bytes = Encoding.UTF8.GetByteCount(suffix), length = 0;
            foreach (Rune rune in name.EnumerateRunes())
            {
                if ((bytes += rune.Utf8SequenceLength) > LongestName)
                    break;
                length += rune.Utf16SequenceLength;
            }
            name = name[..length];
        }
        return Path.Combine(Path.GetDirectoryName(path) ?? "", name + suffix);
    }

    /// <summary>
    /// Whether what is at a path is a file of bytes on a disk, rather than a pipe, a device or a socket.
    /// Where the system does not tell: no, so that nothing is replaced that cannot be made anew.
    /// </summary>
    public static bool IsOrdinary(string path)
    {
        if (OperatingSystem.IsWindows())
            return (File.GetAttributes(path) & FileAttributes.Device) == 0;
        return ModeOf(path) is { } mode && (mode & TypeMask) == RegularType;
    }

    /// <summary>
    /// Waits until somebody reads a pipe: opening one to write would wait for ever where nobody does.
    /// Returns at once where the path is no pipe.
    /// </summary>
    /// <returns>
    /// To be kept open until the pipe is opened: its reader must not see an end before. Null where the path is no pipe.
    /// </returns>
    /// <exception cref="IOException">Nobody reads it within a second.</exception>
    public static SafeFileHandle? AwaitReader(string path)
    {
        if (OperatingSystem.IsWindows() || !(ModeOf(path) is { } mode && (mode & TypeMask) == PipeType))
            return null;
        const int WriteOnly = 1, TriesPerSecond = 50;
        int doNotWait = OperatingSystem.IsLinux() ? 0x800 : 4;
        for (int tries = 0; tries < TriesPerSecond; tries++)
        {
            if (tries > 0)
                Thread.Sleep(1000 / TriesPerSecond);
            if (Open(path, WriteOnly | doNotWait) is >= 0 and int handle)
                return new SafeFileHandle(handle, ownsHandle: true);
            if (Marshal.GetLastPInvokeError() != NobodyReads)
                return null; // such as a pipe that may not be written: opening it says why
        }
        throw new IOException("it is a pipe that nobody reads. Start its reader first, or give the path of a file.");
    }

    private const int TypeMask = 0xF000, RegularType = 0x8000, PipeType = 0x1000;

    /// <summary>ENXIO, the same number on Linux and macOS.</summary>
    private const int NobodyReads = 6;

    /// <summary>Whether the system itself finds something at a path, with all links followed.</summary>
    public static bool Opens(string path) => !OperatingSystem.IsWindows() && ModeOf(path) is not null;

    /// <summary>
    /// The mode of what the path leads to, with its type; null where there is nothing, or the system does not tell.
    /// </summary>
    private static int? ModeOf(string path)
    {
        Span<byte> status = stackalloc byte[512];
        try
        {
            return Stat(path, ref MemoryMarshal.GetReference(status)) == 0
                ? BinaryPrimitives.ReadInt32LittleEndian(status[ModeAt..]) : null;
        }
        catch (Exception e) when (e is DllNotFoundException or EntryPointNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Where the runtime's own record of a file has the mode with the file's type: after its flags.</summary>
    private const int ModeAt = sizeof(int);

    // .NET tells the type of a file by no public member. Its own library has one call for it on every Unix.
    [DllImport("libSystem.Native", EntryPoint = "SystemNative_Stat")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat([MarshalAs(UnmanagedType.LPUTF8Str)] string path, ref byte status);

    // The runtime opens a pipe only by waiting for its other side.
    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);
}
