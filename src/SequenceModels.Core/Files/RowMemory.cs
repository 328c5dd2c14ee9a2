namespace SequenceModels.Files;

/// <summary>Where the rows of a training are held.</summary>
/// <param name="Option">
/// MaximumMemoryBytes: bytes that they may take in memory; 0: half of what the process may use. The rest goes into files.
/// </param>
/// <param name="Group">Processes that may hold them together; null: this one holds all.</param>
internal readonly record struct RowMemory(long Option, IBlockGroup? Group = null)
{
    /// <summary>Bytes in memory.</summary>
    public long Bytes => Option > 0 ? Option : GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;
}
