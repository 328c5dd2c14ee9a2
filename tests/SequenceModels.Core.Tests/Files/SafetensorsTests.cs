using System.Text;
using SequenceModels.Files;
using SequenceModels.Tests.Sequences;
using Xunit;

namespace SequenceModels.Tests.Files;

/// <summary>Files whose header lies are refused, each with one clear error.</summary>
public class SafetensorsTests
{
    private const string One = """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""";

    [Theory]
    [InlineData("F32", new byte[] { 0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0 })]
    [InlineData("F64", new byte[] { 0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0 })]
    [InlineData("F16", new byte[] { 0x00, 0x3C, 0x00, 0xC0 })]
    [InlineData("BF16", new byte[] { 0x80, 0x3F, 0x00, 0xC0 })]
    public void Floats_of_every_kind_are_read(string type, byte[] bytes)
    {
        string tensor = $"\"dtype\":\"{type}\",\"shape\":[2],\"data_offsets\":[0,{bytes.Length}]";
        byte[] file = File("{\"__metadata__\":{\"k\":\"v\"},\"a\":{" + tensor + "}}  ", bytes);
        var tensors = new SafetensorsFile(new MemoryStream(file));
        float[] values = new float[2];
        tensors.ReadFloats(tensors.Tensors["a"], 0, values);
        Assert.Equal([1, -2], values);
        Assert.Equal("v", tensors.Metadata["k"]);
    }

    [Theory]
    [InlineData("[]", "does not begin with '{'")]
    [InlineData("{", "no JSON")]
    [InlineData("{}{}", "no JSON")]
    [InlineData("""{"a":1}""", "Number where StartObject belongs")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""",
        "names 'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"dtype":"F32"}}""", "'dtype' of 'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", "'x' of 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2]}}""", "two data_offsets of 'a'")]
    [InlineData("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}""", "'F33'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "[3] of F32 and has the bytes 0 to 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", "a number that is no size")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", "a number that is no size")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", "has the bytes 0 to 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "has the bytes 8 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}""", "begins at byte 8 where 0 bytes are taken")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "take 4 bytes where the file has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""",
        "begins at byte 4 where 8 bytes are taken")]
    [InlineData("""{"__metadata__":{"k":1},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""",
        "Number where String belongs")]
    public void A_header_that_lies_is_refused(string header, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() =>
            new SafetensorsFile(new MemoryStream(File(header, new byte[8])))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_header_longer_than_the_file_is_refused_before_memory_is_taken()
    {
        foreach (ulong length in new ulong[] { 9, 100_000_001, ulong.MaxValue, long.MaxValue })
            Assert.Contains("its header would take", Assert.Throws<InvalidDataException>(() =>
                new SafetensorsFile(new MemoryStream([.. BitConverter.GetBytes(length), .. new byte[8]]))).Message,
                StringComparison.Ordinal);
        Assert.Contains("too few for a header", Assert.Throws<InvalidDataException>(() =>
            new SafetensorsFile(new MemoryStream([1, 2, 3]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_no_weights_are_refused()
    {
        byte[] file = File(One, [0, 0, 0xC0, 0x7F, 0, 0, 0, 0]);
        var tensors = new SafetensorsFile(new MemoryStream(file));
        Assert.Contains("NaN", Assert.Throws<InvalidDataException>(() =>
            tensors.ReadFloats(tensors.Tensors["a"], 0, new float[2])).Message, StringComparison.Ordinal);
        tensors = new SafetensorsFile(new MemoryStream(File(One.Replace("F32", "I32", StringComparison.Ordinal), new byte[8])));
        Assert.Contains("[2] of I32", Assert.Throws<InvalidDataException>(() =>
            tensors.ReadFloats(tensors.Tensors["a"], 0, new float[2])).Message, StringComparison.Ordinal);
    }

    /// <summary>Whatever is changed, a file is read, or refused with one kind of error.</summary>
    [Fact]
    public void Changed_files_are_read_or_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Name, "network");
        var shape = new SequenceNetworkShape
        {
            Cell = "GRU", InputSize = 5, EmbeddingSize = 3, HiddenSize = 4,
            NumberOfOutputs = 2
        };
        byte[] good = System.IO.File.ReadAllBytes(Repository.PathOf(
            "tests/SequenceModels.Core.Tests/Networks/Weights/PyTorch/GRU-1-one.safetensors"));
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] changed = [.. good];
            int header = 8 + (int)BitConverter.ToUInt64(good);
            for (int change = random.Next(1, 4); change > 0; change--)
                changed[random.Next(random.Next(2) == 0 ? header : changed.Length)] = (byte)random.Next(256);
            if (random.Next(8) == 0)
                changed = changed[..random.Next(changed.Length)];
            System.IO.File.WriteAllBytes(path, changed);
            try
            {
                SequenceNetwork.FromSafetensors(path, shape, new PyTorchNames { IgnoreOthers = true });
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 200, 400);
    }

    private static byte[] File(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((ulong)json.Length), .. json, .. data];
    }
}
