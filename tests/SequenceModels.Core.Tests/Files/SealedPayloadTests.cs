using System.IO.Compression;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Tests.Sequences;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>
/// What is read is believed, and paid for with memory, once its checksum fits; what cannot be read is named with what it is.
/// </summary>
public sealed class SealedPayloadTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static NetworkShape Spec => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, Cell = "GRU", HiddenSize = 3, Head = HeadKind.Softmax, NumberOfOutputs = 3,
    };

    private static SequenceNetwork Network => new NetworkRun(Spec).Network;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_packed_stream_takes_no_memory_before_its_checksum_fits(bool canSeek)
    {
        const int Length = 100_000_000;
        string path = Path.Combine(_folder.Name, "packed");
        using (FileStream file = File.Create(path))
        using (Stream stream = canSeek ? file : new GZipStream(file, CompressionLevel.Fastest))
        {
            stream.Write("SEQNETWK"u8);
            stream.Write(BitConverter.GetBytes(1));
            stream.Write(BitConverter.GetBytes((long)Length));
            if (canSeek)
                file.SetLength(Length + 100); // zeros that take no place
            else
                for (int i = 0; i < 101; i++)
                    stream.Write(new byte[1_000_000]);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        using (FileStream file = File.OpenRead(path))
        using (Stream stream = canSeek ? file : new GZipStream(file, CompressionMode.Decompress))
            Assert.Contains("checksum does not fit",
                Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(stream)).Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_long_payload_is_read_from_any_stream()
    {
        float[] body = new float[(1 << 22) + 1];
        for (int i = 0; i < body.Length; i++)
            body[i] = i;
        using var whole = new MemoryStream();
        SealedPayload.Write(whole, "SEQTESTS", 1, writer =>
            writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(body)));
        whole.WriteByte(7);
        whole.Position = 0;
        Check(whole);
        using var packed = new MemoryStream();
        using (var pack = new GZipStream(packed, CompressionLevel.NoCompression, leaveOpen: true))
            pack.Write(whole.GetBuffer().AsSpan(0, (int)whole.Length));
        packed.Position = 0;
        using var unpack = new GZipStream(packed, CompressionMode.Decompress);
        Check(unpack);

        void Check(Stream stream)
        {
            float[] read = new float[body.Length];
            SealedPayload.Read(stream, "SEQTESTS", 1, reader =>
            {
                reader.ReadSingles(read);
                return true;
            });
            Assert.True(read.AsSpan().SequenceEqual(body));
            Assert.Equal(7, stream.ReadByte());
        }
    }

    [Fact]
    public void A_file_that_is_something_else_is_told_as_what_it_is()
    {
        string zip = Refusal(path =>
        {
            using ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Create);
            archive.CreateEntry("TransformerChain");
        });
        Assert.Contains("mlContext.Model.Load", zip, StringComparison.Ordinal);
        Assert.Contains("it is empty", Refusal(path => File.WriteAllBytes(path, [])), StringComparison.Ordinal);
        Assert.Contains("does not begin as one", Refusal(path => File.WriteAllText(path, "Label,Text\n1,hello\n")),
            StringComparison.Ordinal);
        Assert.Contains("does not begin as one", Refusal(path => File.WriteAllText(path, "SEX")), StringComparison.Ordinal);
        Assert.Contains("ends within its header", Refusal(path => File.WriteAllText(path, "SEQNET")), StringComparison.Ordinal);
        Assert.Contains("it is a saved state of a stepper", Refusal(path =>
        {
            using FileStream stream = File.Create(path);
            Network.CreateStepper().CreateState().Save(stream);
        }), StringComparison.Ordinal);
        Assert.Contains("is a folder", Refusal(path => Directory.CreateDirectory(path)), StringComparison.Ordinal);
        Assert.Contains("It goes on after its end", Refusal(path =>
        {
            Network.Save(path);
            File.AppendAllText(path, "x");
        }), StringComparison.Ordinal);
        string none = Path.Combine(_folder.Name, "none");
        Assert.Contains($"'{none}'", Assert.Throws<FileNotFoundException>(() => SequenceNetwork.Load(none)).Message,
            StringComparison.Ordinal);
    }

    private string Refusal(Action<string> make)
    {
        string path = Path.Combine(_folder.Name, Guid.NewGuid().ToString());
        make(path);
        string message = Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(path)).Message;
        Assert.Contains($"'{path}'", message, StringComparison.Ordinal);
        return message;
    }

    [Fact]
    public void Numbers_that_are_none_are_refused_wherever_they_stand()
    {
        foreach (NetworkShape spec in new[] { Spec,
            Spec with { Input = StepFeatureKind.Frames, Head = HeadKind.Regression, NumberOfOutputs = 1 } })
        {
            using var stream = new MemoryStream();
            new NetworkRun(spec).Network.Save(stream);
            byte[] body = stream.ToArray()[20..^32];
            int last = body.Length - sizeof(float);
            foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                byte[] lie = [.. body];
                BitConverter.TryWriteBytes(lie.AsSpan(last), bad);
                using var made = new MemoryStream();
                SealedPayload.Write(made, "SEQNETWK", 2, writer => writer.Write(lie));
                made.Position = 0;
                Assert.Contains("NaN or infinite", Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(made)).Message,
                    StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void More_scores_than_an_array_holds_are_refused_in_words()
    {
        SequenceNetwork network =
            new NetworkRun(Spec with { HiddenSize = 1, EveryStep = true, NumberOfOutputs = 20_000 }).Network;
        string message = Assert.Throws<InvalidOperationException>(() => network.Score(new uint[110_000])).Message;
        Assert.Contains("2,200,000,000 numbers are needed in one piece", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_too_large_give_an_error_not_a_score_that_is_none()
    {
        SequenceNetwork network = new NetworkRun(Spec with { Cell = "RNN" }).Network;
        network.Layers.Parameters.Values.Span.Fill(float.MaxValue);
        Assert.Throws<ArithmeticException>(() => network.Score([1u]));
        SequenceStepper stepper = network.CreateStepper();
        Assert.Throws<ArithmeticException>(() => { stepper.Step(stepper.CreateState(), 1); });
    }

    [Fact]
    public void A_likelihood_that_is_no_number_is_an_error()
    {
        SequenceNetwork network = new NetworkRun(Spec with { EveryStep = true, NumberOfOutputs = Spec.InputSize + 1 }).Network;
        Assert.True(new SequenceLikelihood(network.Layers).LogProbabilities([1u, 1])[1] < 0);
        network.Layers.Parameters.Values.Span.Fill(float.NaN);
        Assert.Throws<ArithmeticException>(() => new SequenceLikelihood(network.Layers).LogProbabilities([1u, 1]));
    }
}
