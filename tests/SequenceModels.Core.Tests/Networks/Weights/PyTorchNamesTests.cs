using SequenceModels.Files;
using SequenceModels.Tests.Sequences;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>
/// Networks that PyTorch made, with the scores that it gives ragged batches (the folder PyTorch beside this file, whose write.py
/// made them).
/// </summary>
public class PyTorchNamesTests
{
    private static readonly string s_folder =
        Repository.PathOf("tests/SequenceModels.Core.Tests/Networks/Weights/PyTorch");

    public static TheoryData<string> Files =>
        [.. Directory.GetFiles(s_folder, "*.safetensors").Select(file => Path.GetFileNameWithoutExtension(file)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Scores_are_those_of_PyTorch(string name)
    {
        (SequenceNetworkShape shape, string path) = Find(name);
        var network = SequenceNetwork.FromSafetensors(path, shape, new PyTorchNames { IgnoreOthers = true });
        (float[] steps, float[] lengths, float[] expected) = Test(path);
        int longest = (int)lengths.Max(), width = shape.TakesTokens ? 1 : shape.InputSize;
        for (int row = 0; row < lengths.Length; row++)
        {
            float[] own = steps[(row * longest * width)..((row * longest + (int)lengths[row]) * width)];
            float[] scores = shape.TakesTokens ? network.Score(Array.ConvertAll(own, key => (uint)key)) : network.Score(own);
            int each = expected.Length / lengths.Length;
            Assert.Equal(shape.EveryStep ? (int)lengths[row] * 3 : 3, scores.Length);
            for (int i = 0; i < scores.Length; i++)
                Assert.Equal(expected[row * each + i], scores[i], 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Written_again_and_read_again_it_is_the_same_to_the_byte(string name)
    {
        (SequenceNetworkShape shape, string path) = Find(name);
        var network = SequenceNetwork.FromSafetensors(path, shape, new PyTorchNames { IgnoreOthers = true });
        using var folder = new TemporaryFolder();
        foreach (TensorNames names in new TensorNames[] { new PyTorchNames(), new KerasNames(),
            new PyTorchNames { Embedding = "a.b", Recurrent = "", Output = "c" } })
        {
            (string first, string second) = (Path.Combine(folder.Name, "1"), Path.Combine(folder.Name, "2"));
            network.SaveSafetensors(first, names);
            SequenceNetwork.FromSafetensors(first, shape, names).SaveSafetensors(second, names);
            Assert.Equal(File.ReadAllBytes(first), File.ReadAllBytes(second));
            TensorNames found = names is KerasNames ? new KerasNames() : new PyTorchNames();
            Assert.Equal(network.Fingerprint(), SequenceNetwork.FromSafetensors(first, shape, found).Fingerprint());
        }
    }

    [Fact]
    public void What_the_file_lacks_or_has_beyond_the_shape_is_named()
    {
        (SequenceNetworkShape shape, string path) = Find("LSTM-2-both");
        Refused("'test.steps', 'test.lengths', 'test.scores', which are no part", path, shape, new PyTorchNames());
        var others = new PyTorchNames { IgnoreOthers = true };
        Refused("no tensor 'gru.weight_ih_l0' [24, 5]", path, shape, new PyTorchNames { Recurrent = "gru" });
        Refused("'rnn.weight_ih_l0' is [24, 5] of F32; the shape asks for [18, 5]", path, With(shape, cell: "GRU"), others);
        Refused("'rnn.weight_ih_l1'", path, With(shape, layers: 1), new PyTorchNames());
        Refused("too few for the network", path, With(shape, hidden: 4096), others);
        Refused("no embedding, a weight of [9, 7]", path, With(shape, embedding: 7), others);
        Refused("no output layer, a weight of [4, 12]", path, With(shape, outputs: 4), others);
    }

    [Fact]
    public void A_shape_that_no_network_has_is_refused()
    {
        (SequenceNetworkShape shape, string path) = Find("LSTM-1-one");
        foreach ((SequenceNetworkShape wrong, string message) in new[]
        {
            (With(shape, cell: "lstm"), "Cell is 'lstm'"), (With(shape, hidden: 0), "HiddenSize is 0"),
            (With(shape, layers: -1), "NumberOfLayers is -1"), (With(shape, embedding: -1), "EmbeddingSize is -1"),
        })
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => SequenceNetwork.FromSafetensors(path, wrong)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void A_projection_and_another_activation_are_refused_by_name()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Name, "network");
        (SequenceNetworkShape shape, string source) = Find("LSTM-1-one");
        var network = SequenceNetwork.FromSafetensors(source, shape, new PyTorchNames { IgnoreOthers = true });
        network.SaveSafetensors(path);
        Rewrite(path, "bias_ih_l0", "weight_hr_l0");
        Refused("proj_size", path, shape, new PyTorchNames());
        network.SaveSafetensors(path);
        Rewrite(path, "\"format\":\"pt\"", "\"nonlinearity\":\"relu\"");
        Refused("nonlinearity=relu", path, shape, new PyTorchNames());
    }

    private static void Refused(string message, string path, SequenceNetworkShape shape, TensorNames names)
    {
        string found = Assert.Throws<InvalidDataException>(() => SequenceNetwork.FromSafetensors(path, shape, names)).Message;
        Assert.Contains(message, found, StringComparison.Ordinal);
        Assert.Contains(path, found, StringComparison.Ordinal);
    }

    /// <summary>Another text in the header.</summary>
    private static void Rewrite(string path, string from, string to)
    {
        byte[] file = File.ReadAllBytes(path);
        int length = (int)BitConverter.ToUInt64(file);
        string header = System.Text.Encoding.UTF8.GetString(file, 8, length);
        Assert.Contains(from, header, StringComparison.Ordinal);
        byte[] written = System.Text.Encoding.UTF8.GetBytes(header.Replace(from, to, StringComparison.Ordinal));
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)written.Length), .. written, .. file[(8 + length)..]]);
    }

    private static (SequenceNetworkShape Shape, string Path) Find(string name)
    {
        string[] parts = name.Split('-');
        bool frames = parts[1] == "frames", tags = parts[1] == "tags";
        return (new SequenceNetworkShape
        {
            Cell = parts[0], TakesTokens = !frames, InputSize = frames ? 5 : 9, EmbeddingSize = frames ? 0 : 5, HiddenSize = 6,
            NumberOfLayers = frames || parts[1] == "1" ? 1 : 2, Bidirectional = parts.Length < 3 || parts[2] == "both",
            NumberOfOutputs = 3, EveryStep = tags,
        }, Path.Combine(s_folder, $"{name}.safetensors"));
    }

    private static SequenceNetworkShape With(SequenceNetworkShape shape, string? cell = null, int? layers = null,
        int? hidden = null,
        int? embedding = null, int? outputs = null) => new()
        {
            Cell = cell ?? shape.Cell, InputSize = shape.InputSize, EmbeddingSize = embedding ?? shape.EmbeddingSize,
            HiddenSize = hidden ?? shape.HiddenSize, NumberOfLayers = layers ?? shape.NumberOfLayers,
            Bidirectional = shape.Bidirectional, NumberOfOutputs = outputs ?? shape.NumberOfOutputs,
        };

    private static (float[] Steps, float[] Lengths, float[] Scores) Test(string path) => SafetensorsFile.Read(path, file =>
    {
        float[] Read(string name)
        {
            SafetensorsTensor tensor = file.Tensors[name];
            float[] values = new float[tensor.Shape.Aggregate(1L, (product, size) => product * size)];
            file.ReadFloats(tensor, 0, values);
            return values;
        }
        return (Read("test.steps"), Read("test.lengths"), Read("test.scores"));
    });
}
