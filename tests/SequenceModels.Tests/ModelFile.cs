using System.IO.Compression;
using Microsoft.ML;

namespace SequenceModels.Tests;

/// <summary>A saved model with one payload of ours in it, which can be put out of order.</summary>
internal sealed class ModelFile
{
    /// <summary>Bytes before a payload's body: kind, version, length.</summary>
    public const int HeaderLength = 8 + sizeof(int) + sizeof(long);

    private const int ChecksumLength = 32;

    private readonly byte[] _file;
    private readonly string _entry;

    public ModelFile(ITransformer model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        new MLContext().Model.Save(model, schema, file);
        _file = file.ToArray();
        using var zip = new ZipArchive(new MemoryStream(_file));
        ZipArchiveEntry entry = zip.Entries.Single(entry => entry.Name == "Payload.bin");
        _entry = entry.FullName;
        using var payload = new MemoryStream();
        using (Stream content = entry.Open())
            content.CopyTo(payload);
        Payload = payload.ToArray();
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
        file.Write(_file);
        using (var zip = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry(_entry)!.Delete();
            if (payload is not null)
                using (Stream content = zip.CreateEntry(_entry).Open())
                    content.Write(payload);
        }
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }
}
