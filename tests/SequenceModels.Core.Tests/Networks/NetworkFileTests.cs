using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>A network's file: equal in every bit after the way to disk and back, and refused when it is not whole.</summary>
public sealed class NetworkFileTests : IDisposable
{
    /// <summary>One chunk of a file is read before its end is known.</summary>
    private const long SmallAllocation = 2 * 1024 * 1024;

    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-models-").FullName;

    public static IEnumerable<TheoryDataRow<string, int, bool, int>> Shapes =>
        from cell in RecurrentCells.All
        from embeddingSize in new[] { 0, 5 }
        from bidirectional in new[] { false, true }
        from layers in new[] { 1, 2 }
        select new TheoryDataRow<string, int, bool, int>(cell.Name, embeddingSize, bidirectional, layers);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void A_loaded_network_is_the_saved_one(string cell, int embeddingSize, bool bidirectional, int layers)
    {
        foreach (HeadKind head in Enum.GetValues<HeadKind>())
        {
            SequenceNetwork network = new NetworkRun(Spec(cell) with
            {
                EmbeddingSize = embeddingSize,
                Bidirectional = bidirectional,
                NumberOfLayers = layers,
                HiddenSize = 17,
                Pooling = SequencePooling.Max,
                Head = head,
                EveryStep = HeadRegistry.LearnsWholeSequences(head),
                NumberOfOutputs = head is HeadKind.Softmax or HeadKind.Crf or HeadKind.Ctc || QuantileHead.Is(head) ? 3 : 1,
                Quantiles = Layers.GradientCheck.QuantilesOf(head),
            }).Network;
            SequenceNetwork loaded = SequenceNetwork.Load(new MemoryStream(Bytes(network)));
            Assert.Equal(network.Spec, loaded.Spec);
            foreach (uint[] tokens in (uint[][])[[1, 2, 3], [], [0, 4, 9]])
                Assert.Equal(network.Score(tokens), loaded.Score(tokens));
            Assert.Equal(Bytes(network), Bytes(loaded));
        }
    }

    [Fact]
    public void The_scaling_of_frames_is_part_of_the_file()
    {
        SequenceNetwork network = new NetworkRun(Spec("LSTM") with { Input = StepFeatureKind.Frames, InputSize = 2 }).Network;
        Assert.NotEmpty(network.Layers.Frames[0].Mean);
        SequenceNetwork loaded = SequenceNetwork.Load(new MemoryStream(Bytes(network)));
        Assert.Equal(network.Score([1f, 2, 3, 4]), loaded.Score([1f, 2, 3, 4]));
        Assert.Equal(Bytes(network), Bytes(loaded));
    }

    [Fact]
    public void Streams_stay_open_and_what_follows_is_left_unread()
    {
        SequenceNetwork network = new NetworkRun(Spec("GRU")).Network;
        using var stream = new MemoryStream();
        network.Save(stream);
        network.Save(stream);
        stream.WriteByte(42);
        stream.Position = 0;
        SequenceNetwork.Load(stream);
        SequenceNetwork.Load(stream);
        Assert.Equal(42, stream.ReadByte());
    }

    [Fact]
    public void A_file_cut_short_anywhere_is_refused()
    {
        byte[] whole = Bytes(new NetworkRun(Spec("LSTM")).Network);
        for (int length = 0; length < whole.Length; length++)
            AssertRefused(whole[..length]);
    }

    [Fact]
    public void A_file_altered_anywhere_is_refused()
    {
        byte[] whole = Bytes(new NetworkRun(Spec("LSTM")).Network);
        for (int at = 0; at < whole.Length; at++)
        {
            byte[] altered = [.. whole];
            altered[at] ^= 1;
            AssertRefused(altered);
            altered[at] = (byte)~whole[at];
            AssertRefused(altered);
        }
    }

    public static TheoryData<string> HostileNames => [.. Hostile.Keys];

    /// <summary>Files with a valid checksum whose content lies.</summary>
    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_file_that_lies_is_refused_without_taking_memory(string name)
    {
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "SEQNETWK", 1, Hostile[name]);
        AssertRefused(stream.ToArray());
    }

    [Fact]
    public void Weights_under_another_name_are_refused()
    {
        const int HeaderLength = 20, ChecksumLength = 32;
        byte[] body = Bytes(new NetworkRun(Spec("GRU")).Network)[HeaderLength..^ChecksumLength];
        "output.X"u8.CopyTo(body.AsSpan(body.AsSpan().IndexOf("output.W"u8)));
        using var stream = new MemoryStream();
        SealedPayload.Write(stream, "SEQNETWK", 1, writer => writer.Write(body));
        AssertRefused(stream.ToArray());
    }

    [Fact]
    public void A_file_of_a_later_version_or_of_another_kind_says_so()
    {
        Assert.Contains("version is 99", Refusal("SEQNETWK", 99), StringComparison.Ordinal);
        Assert.Contains("does not begin as one", Refusal("SOMEKIND", 1), StringComparison.Ordinal);

        static string Refusal(string kind, int version)
        {
            using var stream = new MemoryStream();
            SealedPayload.Write(stream, kind, version, writer => writer.Write(1));
            stream.Position = 0;
            return Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(stream)).Message;
        }
    }

    /// <summary>
    /// A reader that has the old file open keeps reading the old file: the new one was moved into its place, whole.
    /// </summary>
    [Fact]
    public void Saving_to_a_path_replaces_the_file_in_one_step()
    {
        SequenceNetwork first = new NetworkRun(Spec("GRU"), seed: 1).Network,
            second = new NetworkRun(Spec("GRU"), seed: 2).Network;
        string path = Path.Combine(_folder, "network.bin");
        first.Save(path);
        using (var reader = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete))
        {
            second.Save(path);
            byte[] old = new byte[reader.Length];
            reader.ReadExactly(old);
            Assert.Equal(Bytes(first), old);
        }
        Assert.Equal(Bytes(second), File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder));
        Assert.Equal(second.Score([1u, 2]), SequenceNetwork.Load(path).Score([1u, 2]));
    }

    [Fact]
    public void A_save_that_fails_leaves_nothing_behind()
    {
        string path = Path.Combine(_folder, "taken");
        Directory.CreateDirectory(path);
        Assert.ThrowsAny<Exception>(() => new NetworkRun(Spec("GRU")).Network.Save(path));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private static Dictionary<string, Action<BinaryWriter>> Hostile { get; } = new()
    {
        ["no content"] = _ => { },
        ["huge hidden size"] = w => Write(w, hidden: 1 << 24),
        ["huge vocabulary"] = w => Write(w, vocabulary: int.MaxValue - 1, embedding: 1 << 24),
        ["everything huge"] = w =>
            Write(w, vocabulary: int.MaxValue - 1, embedding: 1 << 24, hidden: 1 << 24, layers: 64, outputs: 1 << 24),
        ["many layers"] = w => Write(w, layers: int.MaxValue),
        ["negative size"] = w => Write(w, hidden: -1),
        ["no tokens"] = w => Write(w, vocabulary: 0),
        ["unknown cell"] = w => Write(w, cell: "QRNN"),
        ["endless cell name"] = w =>
            { w.Write(0); w.Write(3); w.Write(0); w.Write(false); w.Write(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }); },
        ["unknown pooling"] = w => Write(w, pooling: 77),
        ["unknown head"] = w => Write(w, head: -5),
        ["two regressions"] = w => Write(w, head: (int)HeadKind.Regression, outputs: 2),
        ["scaled tokens"] = w => Write(w, scaled: 3),
        ["endless scaling"] = w => Write(w, scaled: int.MaxValue),
        ["a CRF of sequences"] = w => Write(w, head: (int)HeadKind.Crf),
        ["a CRF of a million tags"] = w => Write(w, head: (int)HeadKind.Crf, everyStep: true, outputs: 1 << 20),
        ["constraints without a CRF"] = w => Write(w, everyStep: true, constraints: [.. Enumerable.Repeat(true, 2 * 4)]),
        ["constraints that exclude all"] = w => Write(w, head: (int)HeadKind.Crf, everyStep: true, constraints: new bool[2 * 4]),
        ["constraints that end early"] = w =>
            Write(w, head: (int)HeadKind.Crf, everyStep: true, outputs: 4096, constraints: [true]),
        ["weights missing"] = w => Write(w),
        ["endless features"] = w => Write(w, embedding: 2, features: [int.MaxValue]),
        ["unknown feature"] = w => Write(w, embedding: 2, features: [1, 7, 1, 1, 0]),
        ["features beside one-hot tokens"] = w => Write(w, features: [1, 0, 4, 2, 0]),
        ["tokens without vectors"] = w => Write(w, embedding: 2, features: [1, 0, 4, 0, 0]),
        ["frames with vectors"] = w => Write(w, embedding: 2, features: [1, 1, 4, 2, 0]),
        ["characters without units"] = w => Write(w, embedding: 2, features: [1, 2, 4, 2, 0]),
        ["huge characters"] = w => Write(w, embedding: 2, features: [1, 2, 1 << 24, 1 << 24, 1 << 24]),
        ["many huge frames"] = w =>
            Write(w, embedding: 2, features: [64, .. Enumerable.Range(0, 64).SelectMany(_ => new[] { 1, 1 << 24, 0, 0 })]),
        ["more than huge frames"] = w => Write(w, embedding: 2, features: [1, 1, int.MaxValue, 0, 0]),
        ["a feature's scaling cut"] = w => Write(w, embedding: 2, features: [1, 1, 4, 0, 0], furtherScaled: [3]),
        ["a feature scaled that has no numbers"] = w => Write(w, embedding: 2, features: [1, 0, 4, 2, 0], furtherScaled: [4]),
    };

    /// <summary>
    /// The head of a file, of a valid network unless asked otherwise, and then some weights that do not fit it.
    /// </summary>
    private static void Write(BinaryWriter writer, int vocabulary = 3, int embedding = 0, string cell = "LSTM", int hidden = 2,
        int layers = 1,
        int pooling = 0, int head = (int)HeadKind.Softmax, int outputs = 2, int scaled = 0, int[]? features = null,
        int[]? furtherScaled = null,
        bool everyStep = false, bool[]? constraints = null)
    {
        writer.Write((int)StepFeatureKind.Tokens);
        writer.Write(vocabulary);
        writer.Write(embedding);
        writer.Write(false);
        writer.Write(cell);
        writer.Write(hidden);
        writer.Write(layers);
        writer.Write(true);
        writer.Write(pooling);
        writer.Write(everyStep);
        writer.Write(head);
        writer.Write(outputs);
        writer.Write(0);
        writer.Write(constraints is not null);
        foreach (bool allowed in constraints ?? [])
            writer.Write(allowed);
        foreach (int value in features ?? [0])
            writer.Write(value);
        writer.Write(scaled);
        foreach (int value in furtherScaled ?? [])
            writer.Write(value);
        writer.Write(new byte[64]);
    }

    private static void AssertRefused(byte[] file)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<InvalidDataException>(() => SequenceNetwork.Load(new MemoryStream(file)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, SmallAllocation + 2 * file.Length);
        Assert.Contains("no usable saved network", error.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(SequenceNetwork network)
    {
        using var stream = new MemoryStream();
        network.Save(stream);
        return stream.ToArray();
    }

    private static NetworkShape Spec(string cell) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 4, Cell = cell, HiddenSize = 3, Head = HeadKind.Softmax, NumberOfOutputs = 3,
    };
}
