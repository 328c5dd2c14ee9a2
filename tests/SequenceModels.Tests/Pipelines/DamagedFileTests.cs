using System.Buffers.Binary;
using System.IO.Compression;
using Microsoft.ML;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>A model file that was cut, altered or made to harm is refused with one clear error; it never scores differently.</summary>
public class DamagedFileTests
{
    private const int HeaderLength = 8 + sizeof(int) + sizeof(long);

    private readonly MLContext _ml = new(1);
    private readonly byte[] _file;
    private readonly string _entry;
    private readonly byte[] _payload;

    public DamagedFileTests()
    {
        IDataView data = _ml.View(10);
        using var file = new MemoryStream();
        _ml.Model.Save(_ml.SumTrainer(Examples.Glance).Fit(data), data.Schema, file);
        _file = file.ToArray();
        using var zip = new ZipArchive(new MemoryStream(_file));
        ZipArchiveEntry entry = zip.Entries.Single(entry => entry.Name == "Payload.bin");
        _entry = entry.FullName;
        using var payload = new MemoryStream();
        using (Stream content = entry.Open())
            content.CopyTo(payload);
        _payload = payload.ToArray();
    }

    [Fact]
    public void The_undamaged_file_loads() => Assert.NotNull(Load(_payload));

    [Fact]
    public void Any_altered_byte_is_noticed()
    {
        int[] places = [.. Enumerable.Range(0, 64), .. Enumerable.Range(0, 150).Select(i => i * _payload.Length / 150),
            .. Enumerable.Range(1, 40).Select(i => _payload.Length - i)];
        foreach (int place in places)
        {
            byte[] altered = [.. _payload];
            altered[place] ^= (byte)(1 << place % 8);
            Refused(altered, $"byte {place}");
        }
    }

    [Fact]
    public void A_payload_that_was_cut_short_is_noticed()
    {
        foreach (int length in new[] { 0, 1, 7, 8, HeaderLength - 1, HeaderLength, HeaderLength + 1, _payload.Length / 2, _payload.Length - 33, _payload.Length - 1 })
            Refused(_payload[..length], $"length {length}");
    }

    [Fact]
    public void A_payload_that_is_missing_is_noticed() => Refused(null, "no payload");

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(2_000_000_000)]
    [InlineData(-1)]
    public void A_claim_of_more_bytes_than_there_are_takes_no_memory(long claim)
    {
        byte[] huge = [.. _payload];
        BinaryPrimitives.WriteInt64LittleEndian(huge.AsSpan(HeaderLength - sizeof(long)), claim);
        Refused(huge, $"claim {claim}"); // warm-up: what is measured is not the loader's own start
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused(huge, $"claim {claim}");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 50_000_000, "memory was taken on the strength of a claim");
    }

    [Fact]
    public void Lies_under_a_valid_checksum_are_refused_too()
    {
        byte[] body = _payload[HeaderLength..^32];
        int refused = 0;
        for (int place = 0; place < body.Length - sizeof(int); place += Math.Max(1, body.Length / 200))
        {
            byte[] lie = [.. body];
            BinaryPrimitives.WriteInt32LittleEndian(lie.AsSpan(place), int.MaxValue);
            using var resealed = new MemoryStream();
            SealedPayload.Write(resealed, "SEQPREDI", 1, writer => writer.Write(lie));
            try
            {
                Load(resealed.ToArray());
            }
            catch (Exception error)
            {
                Assert.IsType<InvalidDataException>(error.GetBaseException());
                refused++;
            }
        }
        Assert.True(refused > 150, $"{refused} of some 200 lies were refused; the few others name a column or set a threshold");
    }

    private void Refused(byte[]? payload, string what)
    {
        Exception? error = Record.Exception(() => Load(payload));
        Assert.True(error is not null, $"{what}: the file was loaded");
        Exception root = error.GetBaseException();
        Assert.True(root is InvalidDataException, $"{what}: {root}");
        Assert.Contains("SEQPREDI", root.Message);
    }

    /// <summary>Loads the file with the payload put in the place of its own.</summary>
    private ITransformer Load(byte[]? payload)
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
