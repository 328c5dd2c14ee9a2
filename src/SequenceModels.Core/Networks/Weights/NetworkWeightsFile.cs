using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>A network's weights in a file of another library's.</summary>
internal static class NetworkWeightsFile
{
    /// <summary>Reads the weights of a network whose shape is known.</summary>
    /// <exception cref="InvalidDataException">The file has not the weights of such a network.</exception>
    public static EncoderNetwork Read(SafetensorsFile file, EncoderNetworkSpec spec, TensorNames names)
    {
        if (file.Metadata.TryGetValue("nonlinearity", out string? nonlinearity) && nonlinearity != "tanh")
            throw new InvalidDataException($"Its metadata say nonlinearity={nonlinearity}; the cells here use tanh.");
        // Memory is taken only once the file is known to be long enough to fill it.
        var network = new EncoderNetwork(spec, FrameTransform.None, LabelTransform.None);
        long least = network.Parameters.All.Where(parameter => !parameter.IsVector).Sum(parameter => parameter.LogicalLength) -
            spec.Inputs[0].EmbeddingSize; // no vector for unknown tokens, and no biases
        long given = file.Tensors.Values.Sum(tensor => (tensor.End - tensor.Begin) / tensor.ElementSize);
        if (given < least)
            throw new InvalidDataException(
                Invariant($"Its tensors have {Counted.Of(given, "number")}, too few for the network that ") +
                Invariant($"the shape describes, which has {least} weights."));
        network.Parameters.Allocate();
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (WeightTensor tensor in names.Tensors(network, file))
        {
            used.Add(tensor.Name);
            if (file.Tensors.TryGetValue(tensor.Name, out SafetensorsTensor? found))
                Take(file, found, tensor);
            else if (!tensor.IsOptional)
                throw new InvalidDataException(
                    $"It has no tensor '{tensor.Name}' [{string.Join(", ", tensor.Shape.Select(InvariantText.Of))}]; it has " +
                    $"{List(file.Tensors.Keys)}. Name the network's parts by the properties of {names.GetType().Name}.");
        }
        string[] others = names.IgnoreOthers ? [] : [.. file.Tensors.Keys.Where(name => !used.Contains(name))];
        return others.Length == 0 ? network : throw new InvalidDataException(
            $"It has {List(others)}, which are no part of the network that the shape describes. Mend the shape, or set " +
            $"{names.GetType().Name}.{nameof(TensorNames.IgnoreOthers)}.");
    }

    /// <summary>Writes a network's weights, in an order that is always the same.</summary>
    /// <exception cref="NotSupportedException">The network has parts that such a file has no names for.</exception>
    public static void Write(EncoderNetwork network, Stream stream, TensorNames names)
    {
        RequirePlain(network);
        SafetensorsWriter.Write(stream, [.. names.Tensors(UnscaledNetwork.Of(network), null).Select(tensor =>
            new SafetensorsSource(tensor.Name, tensor.Shape, tensor.Read))], [("format", names is KerasNames ? "keras" : "pt")]);
    }

    private static void Take(SafetensorsFile file, SafetensorsTensor found, WeightTensor tensor)
    {
        if (!found.Shape.SequenceEqual(tensor.Shape.Select(size => (long)size)))
            throw new InvalidDataException(
                $"'{tensor.Name}' is {found}; the shape asks for [{string.Join(", ", tensor.Shape.Select(InvariantText.Of))}].");
        float[] row = new float[tensor.RowLength];
        for (int r = 0; r < tensor.Rows; r++)
        {
            file.ReadFloats(found, (long)r * row.Length, row);
            tensor.Write(r, row);
        }
    }

    /// <summary>What has no place in such a file would be lost without a word.</summary>
    private static void RequirePlain(EncoderNetwork network)
    {
        EncoderNetworkSpec spec = network.Spec;
        string? part = spec.Inputs.Count > 1 || spec.Inputs[0].IsWord
            ? "several features, or words by their parts"
            : spec.Inputs[0].Stacked > 1 ? "frames of several steps (FrameStacking)"
            : spec.Output.LinearSteps > 0 ? "a linear path (LinearPath)"
            : spec.Output.RowFeatureSize > 0 ? "numbers of whole rows (RowFeatureColumnName)"
            : !spec.Output.EveryStep && spec.Output.Pooling == SequencePooling.Attention ? "attention pooling"
            : spec.Output.Head is not (HeadKind.Softmax or HeadKind.Sigmoid or HeadKind.Regression)
            ? $"outputs of the kind {spec.Output.Head}"
            : null;
        if (part is not null)
            throw new NotSupportedException($"The network has {part}: a file of weights alone has no place for that. " +
                "Save it by SequenceNetwork.Save, or write it by ExportOnnx.");
    }

    private static string List(IEnumerable<string> names)
    {
        const int Most = 12;
        string[] all = [.. names];
        return string.Join(", ", all.Take(Most).Select(name => $"'{name}'")) +
            (all.Length > Most ? Invariant($" and {all.Length - Most} more") : all.Length == 0 ? "none" : "");
    }
}
