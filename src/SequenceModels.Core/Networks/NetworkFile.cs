using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// The file of a network: its description, then each parameter by name as the plain matrix [rows, gates * units], little-endian, so
/// that files do not depend on how a version lays weights out in memory.
/// </summary>
internal static class NetworkFile
{
    private const string Kind = "SEQNETWK";
    private const int Version = 1;

    /// <summary>A bound on sizes that no real network reaches, so that products of sizes can't overflow.</summary>
    private const int LargestSize = 1 << 24;

    public static void Write(SequenceNetwork network, string path) => AtomicFile.Write(path, stream => Write(network, stream));

    public static void Write(SequenceNetwork network, Stream stream) => SealedPayload.Write(stream, Kind, Version, writer =>
    {
        Network layers = network.Layers;
        NetworkSpec spec = layers.Spec;
        writer.Write((int)spec.Input);
        writer.Write(spec.InputSize);
        writer.Write(spec.EmbeddingSize);
        writer.Write(spec.TiedEmbeddings);
        writer.Write(spec.Cell);
        writer.Write(spec.HiddenSize);
        writer.Write(spec.NumberOfLayers);
        writer.Write(spec.Bidirectional);
        writer.Write((int)spec.Pooling);
        writer.Write(spec.EveryStep);
        writer.Write((int)spec.Head);
        writer.Write(spec.NumberOfOutputs);
        writer.Write(spec.Quantiles.Count);
        WriteSingles(writer, [.. spec.Quantiles]);
        writer.Write(spec.Constraints is not null);
        spec.Constraints?.Write(writer);
        spec.Features.Write(writer);
        WriteScaling(writer, layers.Frames);
        for (int i = 0; i < spec.Features.Count; i++)
            WriteScaling(writer, layers.Frames.Of(i));
        writer.Write(layers.Labels.Mean);
        writer.Write(layers.Labels.Deviation);
        WriteValues(writer, layers.Parameters, layers.Parameters.Values);
    });

    /// <summary>Each parameter's name and its numbers in a buffer: the weights, or what an optimizer keeps for them.</summary>
    public static void WriteValues(BinaryWriter writer, ParameterSet parameters, FloatBuffer values)
    {
        foreach (Parameter parameter in parameters.All)
        {
            writer.Write(parameter.Name);
            float[] row = new float[parameter.Units];
            for (int r = 0; r < parameter.Rows; r++)
                for (int gate = 0; gate < parameter.Gates; gate++)
                {
                    parameter.Read(values, r, gate, row);
                    WriteSingles(writer, row);
                }
        }
    }

    /// <summary>Reads what <see cref="WriteValues"/> wrote.</summary>
    public static void ReadValues(PayloadReader reader, ParameterSet parameters, FloatBuffer values)
    {
        foreach (Parameter parameter in parameters.All)
            ReadParameter(reader, parameter, values);
    }

    public static SequenceNetwork Read(Stream stream) => SealedPayload.Read(stream, Kind, Version, Read);

    /// <summary>Reads a file that holds a network and nothing else.</summary>
    /// <exception cref="InvalidDataException">It holds something else, or more; the message names it.</exception>
    public static SequenceNetwork Read(string path) => PayloadFile.Read(path, Read);

    private static SequenceNetwork Read(PayloadReader reader)
    {
        SequenceInput input = reader.ReadEnum<SequenceInput>("kind of input");
        var spec = new NetworkSpec
        {
            Input = input,
            InputSize = reader.ReadInt32("InputSize", 1, int.MaxValue - 1),
            EmbeddingSize = reader.ReadInt32("EmbeddingSize", 0, LargestSize),
            TiedEmbeddings = reader.ReadBoolean(),
            Cell = reader.ReadString(),
            HiddenSize = reader.ReadInt32("HiddenSize", 1, LargestSize),
            NumberOfLayers = reader.ReadInt32("NumberOfLayers", 1, 64),
            Bidirectional = reader.ReadBoolean(),
            Pooling = reader.ReadEnum<SequencePooling>("pooling"),
            EveryStep = reader.ReadBoolean(),
            Head = reader.ReadEnum<HeadKind>("kind of output"),
            NumberOfOutputs = reader.ReadInt32("NumberOfOutputs", 1, LargestSize),
            Quantiles = ReadQuantiles(reader),
        };
        if (RecurrentCells.Find(spec.Cell) is null)
            throw reader.Invalid($"it names a recurrent cell '{spec.Cell}' that this version does not know");
        if (reader.ReadBoolean())
            spec = spec with { Constraints = CrfConstraints.Read(reader, spec.NumberOfOutputs) };
        spec = spec with { Features = StepFeatures.Read(reader) };
        if (spec.Contradiction() is { } contradiction)
            throw reader.Invalid(contradiction);
        FrameTransform frames = ReadScaling(reader, input == SequenceInput.Frames ? spec.InputSize : 0);
        if (spec.Features.Count > 0)
            frames = frames with
            {
                Further = [.. spec.Features.Select(f => ReadScaling(reader, f.Kind == StepFeatureKind.Frames ? f.Size : 0))],
            };
        var labels = new LabelTransform(reader.ReadFinite("the labels' mean"), reader.ReadFinite("the labels' deviation"));
        if (labels.Deviation <= 0)
            throw reader.Invalid(Invariant($"the labels' deviation is {labels.Deviation}"));

        var layers = new Network(spec, frames, labels);
        // Memory is taken only once the file is known to be long enough to fill it.
        long named = layers.Parameters.All.Sum(p => 1L + System.Text.Encoding.UTF8.GetByteCount(p.Name));
        long expected = layers.Parameters.LogicalLength * sizeof(float) + named;
        if (expected != reader.Remaining)
            throw reader.Invalid(Invariant($"its weights take {Counted.Of(reader.Remaining, "byte")} where the network it describes has {expected}"));
        layers.Parameters.Allocate();
        ReadValues(reader, layers.Parameters, layers.Parameters.Values);
        return new SequenceNetwork(layers);
    }

    private static Quantiles ReadQuantiles(PayloadReader reader)
    {
        float[] values = new float[reader.ReadCount("the number of quantiles", sizeof(float))];
        reader.ReadSingles(values);
        return values.All(value => value is > 0 and < 1) ? new Quantiles(values) : throw reader.Invalid("a quantile is not between 0 and 1");
    }

    private static void WriteScaling(BinaryWriter writer, FrameTransform frames)
    {
        writer.Write(frames.Mean.Length);
        WriteSingles(writer, frames.Mean);
        WriteSingles(writer, frames.Factor);
    }

    private static FrameTransform ReadScaling(PayloadReader reader, int size)
    {
        int scaled = reader.ReadCount("size of the scaling", 2 * sizeof(float));
        if (scaled != 0 && scaled != size)
            throw reader.Invalid(Invariant($"frames of {size} are scaled by {scaled} factors"));
        var frames = new FrameTransform(new float[scaled], new float[scaled]);
        reader.ReadFinite("a mean of the scaling", frames.Mean);
        reader.ReadFinite("a factor of the scaling", frames.Factor);
        return frames;
    }

    private static void ReadParameter(PayloadReader reader, Parameter parameter, FloatBuffer values)
    {
        string name = reader.ReadString();
        if (name != parameter.Name)
            throw reader.Invalid($"it has '{name}' where '{parameter.Name}' belongs");
        float[] row = new float[parameter.Units];
        for (int r = 0; r < parameter.Rows; r++)
            for (int gate = 0; gate < parameter.Gates; gate++)
            {
                reader.ReadFinite(name, row);
                parameter.Write(values, r, gate, row);
            }
    }

    private static void WriteSingles(BinaryWriter writer, ReadOnlySpan<float> values)
    {
        if (BitConverter.IsLittleEndian)
        {
            writer.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
            writer.Write(bytes);
        }
    }
}
