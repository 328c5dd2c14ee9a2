namespace SequenceModels;

/// <summary>A file that all ranks read, in its place among all.</summary>
/// <param name="Name">Without its folder, which another machine need not have.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Holders">The ranks that have it: one, or several that see the very same file.</param>
internal sealed record SharedFile(string Name, long Length, IReadOnlyList<SharedFile.Holder> Holders)
{
    /// <summary>
    /// The files of all ranks in an order that does not depend on who has which: that of their names, character by character.
    /// </summary>
    /// <param name="ranks">What each rank has.</param>
    /// <exception cref="IOException">There is none, or two have one name.</exception>
    public static SharedFile[] InOrder(IReadOnlyList<FileListing> ranks)
    {
        SharedFile[] files =
        [
            .. ranks.SelectMany(listing => listing.Files.Select((file, i) => new Holder(file, listing.FirstNumber + i)))
                .GroupBy(holder => holder.File.Name, StringComparer.Ordinal).OrderBy(files => files.Key, StringComparer.Ordinal)
                .Select(Of),
        ];
        return files.Length > 0 ? files
            : throw new IOException("No rank has named a file in MpiTraining.ShardedFiles: each names its own.");
    }

    /// <summary>
    /// From whom a rank reads the file: itself if it has it, else one of those that have it, not the same for all.
    /// </summary>
    public Holder HolderFor(int rank)
    {
        foreach (Holder holder in Holders)
            if (holder.File.Rank == rank)
                return holder;
        return Holders[rank % Holders.Count];
    }

    private static SharedFile Of(IEnumerable<Holder> holders)
    {
        Holder[] all = [.. holders];
        OwnFile first = all[0].File;
        foreach (Holder holder in all)
            if (holder.File with { Rank = first.Rank } != first)
                throw new IOException(
                    Invariant($"Two files have the name '{first.Name}': '{first.Path}' of rank {first.Rank} and ") +
                    Invariant($"'{holder.File.Path}' of rank {holder.File.Rank}. The rows are in the order of the files' ") +
                    "names, so let each have its own. (Ranks that see one folder may name the same file, at the same path.)");
        return new SharedFile(first.Name, first.Length, all);
    }

    /// <summary>A rank that has the file.</summary>
    /// <param name="File">The file there.</param>
    /// <param name="Number">By what the rank is asked for it.</param>
    internal readonly record struct Holder(OwnFile File, int Number);
}
