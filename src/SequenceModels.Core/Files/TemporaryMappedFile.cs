using System.IO.MemoryMappedFiles;

namespace SequenceModels.Files;

/// <summary>
/// A temporary file, seen as memory, that grows. It goes with this object, with the last reference to it, or with the process,
/// however that ends: where the system allows, its name is deleted before anything is written; elsewhere the system deletes it
/// when it is closed.
/// </summary>
internal sealed unsafe class TemporaryMappedFile : IDisposable
{
    /// <summary>
    /// The file doubles up to steps of this size: beyond it, doubling would waste more of the disk than growing costs time.
    /// </summary>
    private const long LargestStep = 1L << 28;

    private static readonly byte[] s_zeros = new byte[1 << 16];

    private readonly FileStream _file;
    private MemoryMappedFile? _mapping;
    private MemoryMappedViewAccessor? _view;

    /// <exception cref="IOException">The folder is not there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public TemporaryMappedFile(string folder)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
            Options = OperatingSystem.IsWindows() ? FileOptions.DeleteOnClose : FileOptions.None,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite; // training rows are private
        string path = Path.Combine(folder, $"SequenceModels-{Guid.NewGuid():N}.tmp");
        _file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    /// <summary>
    /// Where the memory begins. A plain address: a pointer that counts as a reference would keep an object that nobody disposed
    /// of from letting the file go. Whoever reads there holds this object.
    /// </summary>
    public byte* Data { get; private set; }

    public long Length { get; private set; }

    /// <summary>Makes room for this many bytes in all. The memory moves.</summary>
    /// <exception cref="IOException">The disk is full.</exception>
    public void Reserve(long bytes)
    {
        if (bytes <= Length)
            return;
        long length = Math.Max(bytes, Length + Math.Clamp(Length, s_zeros.Length, LargestStep));
        Unmap();
        // Written, not only made longer: on a full disk a write throws, but touching memory that has no block on the disk ends
        // the process.
        RandomAccess.SetLength(_file.SafeFileHandle, length);
        for (long at = Length; at < length; at += s_zeros.Length)
            RandomAccess.Write(_file.SafeFileHandle, s_zeros.AsSpan(0, (int)Math.Min(s_zeros.Length, length - at)), at);
        _mapping = MemoryMappedFile.CreateFromFile(_file, mapName: null, length, MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None,
            leaveOpen: true);
        _view = _mapping.CreateViewAccessor();
        Data = (byte*)_view.SafeMemoryMappedViewHandle.DangerousGetHandle() + _view.PointerOffset;
        Length = length;
    }

    public void Dispose()
    {
        Unmap();
        _file.Dispose();
    }

    private void Unmap()
    {
        Data = null;
        _view?.SafeMemoryMappedViewHandle.Dispose(); // before the view, which would first wait for the disk to have all of it
        _view?.Dispose();
        _mapping?.Dispose();
        (_view, _mapping) = (null, null);
    }
}
