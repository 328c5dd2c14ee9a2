using System.Buffers.Binary;
using Microsoft.ML;
using SequenceModels.Tests.Forecasting;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>
/// A model file that was cut, altered or made to harm is refused with one clear error; it never scores differently.
/// </summary>
public class DamagedFileTests
{
    private const int HeaderLength = ModelFile.HeaderLength;

    private readonly ModelFile _file;
    private readonly byte[] _payload;

    public DamagedFileTests()
    {
        var ml = new MLContext(1);
        IDataView data = ml.View(10);
        _file = new ModelFile(ml.SumTrainer(Examples.Glance).Fit(data), data.Schema);
        _payload = _file.Payload;
    }

    [Fact]
    public void The_undamaged_file_loads() => Assert.NotNull(Load(_payload));

    [Fact]
    public void Any_altered_byte_is_noticed()
    {
        int[] places = [.. Enumerable.Range(0, 64), .. Enumerable.Range(0, 60).Select(i => i * _payload.Length / 60),
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
        foreach (int length in new[] { 0, 1, 7, 8, HeaderLength - 1, HeaderLength, HeaderLength + 1, _payload.Length / 2,
            _payload.Length - 33, _payload.Length - 1 })
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
        byte[] body = _file.Body;
        int refused = 0;
        for (int place = 0; place < body.Length - sizeof(int); place += Math.Max(1, body.Length / 200))
        {
            byte[] lie = [.. body];
            BinaryPrimitives.WriteInt32LittleEndian(lie.AsSpan(place), int.MaxValue);
            try
            {
                Load(_file.Resealed(lie));
            }
            catch (Exception error)
            {
                Assert.IsType<InvalidDataException>(error.GetBaseException());
                refused++;
            }
        }
        Assert.True(refused > 100, $"{refused} of some 200 lies were refused; the others name a column, set a threshold or " +
            "alter a figure of the report");
    }

    private void Refused(byte[]? payload, string what)
    {
        Exception? error = Record.Exception(() => Load(payload));
        Assert.True(error is not null, $"{what}: the file was loaded");
        Exception root = error.GetBaseException();
        Assert.True(root is InvalidDataException, $"{what}: {root}");
        Assert.Contains("SEQPREDI", root.Message);
    }

    private ITransformer Load(byte[]? payload) => _file.LoadWith(payload);
}
