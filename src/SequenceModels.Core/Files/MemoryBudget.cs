namespace SequenceModels.Files;

/// <summary>How many bytes the arrays of some <see cref="SpillList{T}"/>s may take together, and where the rest goes.</summary>
/// <param name="maximumBytes">At least 0.</param>
/// <param name="folder">Where the temporary files are; null: the folder that the system names.</param>
internal sealed class MemoryBudget(long maximumBytes, string? folder = null)
{
    private long _taken;

    public string Folder { get; } = folder ?? Path.GetTempPath();

    /// <summary>Takes bytes if they are left, on the thread that writes.</summary>
    public bool TryTake(long bytes)
    {
        if (bytes > maximumBytes - Volatile.Read(ref _taken))
            return false;
        Interlocked.Add(ref _taken, bytes);
        return true;
    }

    /// <summary>Gives bytes back, on any thread.</summary>
    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);

    /// <summary>What to throw where a temporary file cannot be had.</summary>
    /// <param name="bytes">What the file was to hold.</param>
    /// <param name="cause">Why it cannot.</param>
    public IOException NoFile(long bytes, Exception cause) => new(
        Invariant($"The encoded rows take more memory than the {maximumBytes:N0} bytes that MaximumMemoryBytes allows, and a ") +
        "temporary file of " +
        Invariant($"{bytes:N0} bytes cannot be written in the folder '{Folder}': {cause.Message.TrimEnd('.')}. Make room ") +
        "there, set another folder (the variable " +
        "TMPDIR, on Windows TMP), or raise MaximumMemoryBytes.", cause);
}
