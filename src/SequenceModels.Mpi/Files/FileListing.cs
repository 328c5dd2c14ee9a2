namespace SequenceModels;

/// <summary>What a rank tells the others of its files.</summary>
/// <param name="Files">Its files.</param>
/// <param name="FirstNumber">By what it is asked for the first one; the others follow.</param>
/// <param name="Address">Where it is asked; null: there is no other rank.</param>
/// <param name="Room">Bytes that it has room for.</param>
internal sealed record FileListing(OwnFile[] Files, int FirstNumber, RankAddress? Address, long Room)
{
    public static FileListing Read(byte[] bytes, int rank)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        OwnFile[] files = [.. Enumerable.Range(0, reader.ReadInt32()).Select(_ => new OwnFile(rank, reader.ReadString(),
            reader.ReadInt64(), new DateTime(reader.ReadInt64(), DateTimeKind.Utc)))];
        return new FileListing(files, reader.ReadInt32(), reader.ReadBoolean() ? RankAddress.Read(reader) : null,
            reader.ReadInt64());
    }

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Files.Length);
        foreach (OwnFile file in Files)
        {
            writer.Write(file.Path);
            writer.Write(file.Length);
            writer.Write(file.Changed.Ticks);
        }
        writer.Write(FirstNumber);
        writer.Write(Address is not null);
        Address?.Write(writer);
        writer.Write(Room);
        writer.Flush();
        return stream.ToArray();
    }
}
