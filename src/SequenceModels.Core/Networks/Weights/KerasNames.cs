using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// The names and layout of Keras's layers: <c>Embedding</c> (<c>embeddings</c> [rows, E]), <c>SimpleRNN</c>, <c>GRU</c> with
/// <c>reset_after=True</c> (which is the default) or <c>LSTM</c> (<c>kernel</c> [I, G·H], <c>recurrent_kernel</c> [H, G·H],
/// <c>bias</c>), alone or in <c>Bidirectional</c>, and <c>Dense</c> (<c>kernel</c> [inputs, outputs], <c>bias</c>),
/// each under the path that Keras gives its weights (<c>weight.path</c>), such as "lstm/lstm_cell/kernel".
/// </summary>
public sealed class KerasNames : TensorNames
{
    private const string RecurrentKernel = "recurrent_kernel";

    /// <summary>
    /// The path of the embedding, such as "embedding". Null: it is found by the name "embeddings", and written as "embedding".
    /// </summary>
    public string? Embedding { get; init; }

    /// <summary>
    /// The paths of the recurrent cells from the lowest layer to the top, such as "lstm/lstm_cell"; of bidirectional layers the
    /// forward cell of each and then its backward one. Null: they are found by the name "recurrent_kernel", in the order of the
    /// numbers that Keras gives layers; written as "rnn_1", or "rnn_1/forward" and "rnn_1/backward".
    /// </summary>
    public IReadOnlyList<string>? Cells { get; init; }

    /// <summary>The path of the output layer, such as "dense". Null: it is found by its name, and written as "dense".</summary>
    public string? Output { get; init; }

    internal override IEnumerable<WeightTensor> Tensors(EncoderNetwork network, SafetensorsFile? file)
    {
        EncoderSpec spec = network.Spec.Encoder;
        if (network.Spec.Output.TiedEmbeddings)
            throw new NotSupportedException("Keras has no output layer with the weights of an embedding. " +
                "Read or write the network by PyTorchNames.");
        int[] order = spec.Cell is GruCell.CellName or LstmCell.CellName or RnnCell.CellName
            ? [.. Enumerable.Range(0, RecurrentCells.Find(spec.Cell)!.Gates)]
            : throw new NotSupportedException($"Keras has no cell '{spec.Cell}'. It has SimpleRNN, GRU and LSTM.");
        var places = new WeightPlaces(network.Parameters);
        string[] cells = CellPaths(spec, file);
        if (spec.Inputs[0].EmbeddingSize > 0)
            yield return EmbeddingTable.Of(places, Path(Embedding, file, "embeddings", "embedding", nameof(Embedding)), file);
        for (int i = 0; i < cells.Length; i++)
        {
            string direction = i % spec.Directions == 0 ? "forward" : "backward";
            string own = $"{EncoderSpec.LayerName(i / spec.Directions + 1)}.{direction}";
            yield return places.Matrix(cells[i] + "kernel", $"{own}.W", order);
            yield return places.Matrix(cells[i] + RecurrentKernel, $"{own}.R", order);
            yield return spec.Cell == GruCell.CellName ? GruBias(places, cells[i] + "bias", own, order, file)
                : places.Vector(cells[i] + "bias", $"{own}.b", order);
        }
        string kernel = Path(Output, file, "kernel", "dense", nameof(Output), cells);
        yield return places.Matrix(kernel, "output.W", [0]);
        yield return places.Vector(kernel[..^"kernel".Length] + "bias", "output.b", [0]);
    }

    /// <summary>[2, 3 H] the bias of the input's product, and that of the state's.</summary>
    private static WeightTensor GruBias(WeightPlaces places, string name, string own, int[] order, SafetensorsFile? file)
    {
        WeightTensor[] rows = [places.Vector(name, $"{own}.b", order), places.Vector(name, $"{own}.bR", order)];
        if (file?.Tensors.TryGetValue(name, out SafetensorsTensor? tensor) == true && tensor.Shape.Count == 1)
            throw new InvalidDataException($"'{name}' is {tensor}: a GRU that resets the state before its product " +
                "(reset_after=False), which the networks here do not compute. Train with reset_after=True.");
        return new WeightTensor(name, [2, rows[0].RowLength], (row, values) => rows[row].Read(0, values),
            (row, values) => rows[row].Write(0, values))
        { IsOptional = true };
    }

    private string[] CellPaths(EncoderSpec spec, SafetensorsFile? file)
    {
        int count = spec.NumberOfLayers * spec.Directions;
        string[] paths = Cells is not null ? [.. Cells.Select(cell => $"{cell}/")]
            : file is null ? [.. Enumerable.Range(0, count).Select(i => Invariant($"rnn_{i / spec.Directions + 1}/") +
                (spec.Directions == 1 ? "" : i % 2 == 0 ? "forward/" : "backward/"))]
            : [.. file.Tensors.Keys.Where(name => name.EndsWith(RecurrentKernel, StringComparison.Ordinal))
                .Select(name => name[..^RecurrentKernel.Length]).Order(NaturalOrder.Instance)];
        if (paths.Length != count)
            throw new InvalidDataException(
                Invariant($"It has {Counted.Of(paths.Length, "recurrent cell")}; the shape asks for ") +
                Invariant($"{count}: NumberOfLayers {spec.NumberOfLayers}, in {Counted.Of(spec.Directions, "direction")} each."));
        // Of a bidirectional layer Keras's own names say which is which; by the alphabet the backward one comes first.
        if (Cells is null && file is not null && spec.Directions == 2)
            paths = [.. paths.Where(path => !IsBackward(path)).Zip(paths.Where(IsBackward), (forward, backward) =>
                new[] { forward, backward }).SelectMany(pair => pair)];
        return paths.Length == count ? paths
            : throw new InvalidDataException("It does not say which of its recurrent cells read " +
            $"backward. Name them by {nameof(KerasNames)}.{nameof(Cells)}.");
    }

    private static bool IsBackward(string path) => path.Contains("backward", StringComparison.Ordinal);

    /// <summary>The name of a tensor that ends like this, and belongs to no cell.</summary>
    private static string Path(string? path, SafetensorsFile? file, string tensor, string layer, string option,
        string[]? cells = null)
    {
        if (path is not null || file is null)
            return $"{path ?? layer}/{tensor}";
        return Only([.. file.Tensors.Keys.Where(name => name.EndsWith(tensor, StringComparison.Ordinal) &&
            cells?.Any(cell => name.StartsWith(cell, StringComparison.Ordinal)) != true)],
            $"layer with a tensor called '{tensor}'", $"{nameof(KerasNames)}.{option}");
    }
}
