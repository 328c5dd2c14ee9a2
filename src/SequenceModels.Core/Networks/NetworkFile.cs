using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// The file of a network: its description, then each parameter by name as the plain matrix [rows, gates * units], little-endian,
/// so that files do not depend on how a version lays weights out in memory. 8-bit weights stand as their scales and whole
/// numbers.
/// </summary>
internal static class NetworkFile
{
    private const string Kind = "SEQNETWK";
    private const int Version = 2;

    public static void Write(Network network, string path) => AtomicFile.Write(path, stream => Write(network, stream));

    public static void Write(Network network, Stream stream) => SealedPayload.Write(stream, Kind, Version, writer =>
    {
        network.Spec.Write(writer);
        for (int i = 0; i < network.Spec.Inputs.Count; i++)
            WriteScaling(writer, network.Frames[i]);
        writer.Write(network.Labels.Mean);
        writer.Write(network.Labels.Deviation);
        writer.Write(network.Parameters.EightBits is not null);
        if (network.Parameters.EightBits is { } scales)
            WriteEightBits(writer, network.Parameters, scales);
        else
            WriteValues(writer, network.Parameters, network.Parameters.Values);
    });

    /// <summary>SHA-256 of all that a network is.</summary>
    public static string Fingerprint(Network network)
    {
        using var stream = new MemoryStream();
        Write(network, stream);
        return Convert.ToHexStringLower(
            System.Security.Cryptography.SHA256.HashData(stream.GetBuffer().AsSpan(0, (int)stream.Length)));
    }

    /// <summary>Each parameter's name and its numbers in a buffer: the weights, or what an optimizer keeps for them.</summary>
    public static void WriteValues(PayloadWriter writer, ParameterSet parameters, FloatBuffer values)
    {
        foreach (Parameter parameter in parameters.All)
            WriteParameter(writer, parameter, values);
    }

    /// <summary>Reads what <see cref="WriteValues"/> wrote.</summary>
    public static void ReadValues(PayloadReader reader, ParameterSet parameters, FloatBuffer values)
    {
        foreach (Parameter parameter in parameters.All)
            ReadParameter(reader, parameter, values);
    }

    public static Network Read(Stream stream) => SealedPayload.Read(stream, Kind, Version, Read);

    /// <summary>Reads a file that holds a network and nothing else.</summary>
    /// <exception cref="InvalidDataException">It holds something else, or more; the message names it.</exception>
    public static Network Read(string path) => PayloadFile.Read(path, Read);

    private static Network Read(PayloadReader reader)
    {
        NetworkSpec spec = NetworkSpec.Read(reader);
        var frames = new FrameTransform([.. spec.Inputs.Select(feature => ReadScaling(reader, feature))]);
        var labels = new LabelTransform(reader.ReadFinite("the labels' mean"), reader.ReadFinite("the labels' deviation"));
        if (labels.Deviation <= 0)
            throw reader.Invalid(Invariant($"the labels' deviation is {labels.Deviation}"));

        Network network = spec.CreateNetwork(frames, labels);
        // Memory is taken only once the file is known to be long enough to fill it.
        long named = network.Parameters.All.Sum(p => 1L + System.Text.Encoding.UTF8.GetByteCount(p.Name));
        bool eightBits = reader.Version > 1 && reader.ReadBoolean(); // the first version had floats alone
        long expected = named + (eightBits ? network.Parameters.All.Sum(EightBitScales.BytesOf)
            : network.Parameters.LogicalLength * sizeof(float));
        if (expected != reader.Remaining)
            throw reader.Invalid(
                Invariant($"its weights take {Counted.Of(reader.Remaining, "byte")} where the network it describes has ") +
                Invariant($"{expected}"));
        network.Parameters.Allocate();
        if (eightBits)
            ReadEightBits(reader, network.Parameters, network.Parameters.EightBits = new EightBitScales());
        else
            ReadValues(reader, network.Parameters, network.Parameters.Values);
        return network;
    }

    private static void WriteEightBits(PayloadWriter writer, ParameterSet parameters, EightBitScales scales)
    {
        foreach (Parameter parameter in parameters.All)
        {
            if (EightBitScales.FormOf(parameter) == ScaleOf.None)
            {
                WriteParameter(writer, parameter, parameters.Values);
                continue;
            }
            writer.Write(parameter.Name);
            scales.Write(writer, parameter, parameters.Values);
        }
    }

    private static void ReadEightBits(PayloadReader reader, ParameterSet parameters, EightBitScales scales)
    {
        foreach (Parameter parameter in parameters.All)
        {
            if (EightBitScales.FormOf(parameter) == ScaleOf.None)
            {
                ReadParameter(reader, parameter, parameters.Values);
                continue;
            }
            RequireName(reader, parameter);
            scales.Read(reader, parameter, parameters.Values);
        }
    }

    private static void WriteScaling(PayloadWriter writer, FeatureScaling frames)
    {
        writer.Write(frames.Mean.Length);
        writer.WriteSingles(frames.Mean);
        writer.WriteSingles(frames.Factor);
    }

    private static FeatureScaling ReadScaling(PayloadReader reader, StepFeature feature)
    {
        int size = feature.Kind == StepFeatureKind.Frames ? feature.Size : 0;
        int scaled = reader.ReadCount("size of the scaling", 2 * sizeof(float));
        if (scaled != 0 && scaled != size)
            throw reader.Invalid(Invariant($"frames of {size} are scaled by {scaled} factors"));
        var frames = new FeatureScaling(new float[scaled], new float[scaled]);
        reader.ReadFinite("a mean of the scaling", frames.Mean);
        reader.ReadFinite("a factor of the scaling", frames.Factor);
        return frames;
    }

    private static void RequireName(PayloadReader reader, Parameter parameter)
    {
        string name = reader.ReadString();
        if (name != parameter.Name)
            throw reader.Invalid($"it has '{name}' where '{parameter.Name}' belongs");
    }

    private static void WriteParameter(PayloadWriter writer, Parameter parameter, FloatBuffer values)
    {
        writer.Write(parameter.Name);
        float[] row = new float[parameter.Units];
        for (int r = 0; r < parameter.Rows; r++)
            for (int gate = 0; gate < parameter.Gates; gate++)
            {
                parameter.Read(values, r, gate, row);
                writer.WriteSingles(row);
            }
    }

    private static void ReadParameter(PayloadReader reader, Parameter parameter, FloatBuffer values)
    {
        RequireName(reader, parameter);
        float[] row = new float[parameter.Units];
        for (int r = 0; r < parameter.Rows; r++)
            for (int gate = 0; gate < parameter.Gates; gate++)
            {
                reader.ReadFinite(parameter.Name, row);
                parameter.Write(values, r, gate, row);
            }
    }
}
