using System.IO.Compression;
using Microsoft.ML;
using SequenceModels.Files;

namespace SequenceModels.Tests;

/// <summary>A saved model with one payload of ours in it, which can be put out of order.</summary>
internal sealed class ModelFile
{
    /// <summary>Bytes before a payload's body: kind, version, length.</summary>
    public const int HeaderLength = 8 + sizeof(int) + sizeof(long);

    private const int ChecksumLength = 32;

    private readonly MLContext _ml = new();
    private readonly List<(string Name, byte[] Content)> _others = [];
    private readonly string _entry;

    public ModelFile(ITransformer model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, schema, file);
        using var zip = new ZipArchive(file);
        ZipArchiveEntry entry = zip.Entries.Single(entry => entry.Name == "Payload.bin");
        _entry = entry.FullName;
        Payload = Read(entry);
        foreach (ZipArchiveEntry other in zip.Entries.Where(other => other != entry))
            _others.Add((other.FullName, Read(other)));
    }

    public byte[] Payload { get; }

    /// <summary>The eight letters that a payload begins with.</summary>
    public string Kind => System.Text.Encoding.ASCII.GetString(Payload, 0, 8);

    public byte[] Body => Payload[HeaderLength..^ChecksumLength];

    /// <summary>A payload with another body and a checksum that fits.</summary>
    public byte[] Resealed(byte[] body)
    {
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, Kind, 1, writer => writer.Write(body));
        return stream.ToArray();
    }

    /// <summary>Loads the file with this payload in the place of its own; null takes the payload away.</summary>
    public ITransformer LoadWith(byte[]? payload)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
            foreach ((string name, byte[] content) in payload is null ? _others : [.. _others, (_entry, payload)])
                using (Stream entry = zip.CreateEntry(name, CompressionLevel.NoCompression).Open())
                    entry.Write(content);
        file.Position = 0;
        return _ml.Model.Load(file, out _);
    }

    private static byte[] Read(ZipArchiveEntry entry)
    {
        using var bytes = new MemoryStream();
        using (Stream content = entry.Open())
            content.CopyTo(bytes);
        return bytes.ToArray();
    }
}
