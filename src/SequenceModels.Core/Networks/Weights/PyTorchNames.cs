using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// The names and layout of PyTorch's modules: <c>Embedding</c> ([rows, E]), <c>RNN</c>, <c>GRU</c> or <c>LSTM</c>
/// (<c>weight_ih_l0</c>, <c>weight_hh_l0</c>, <c>bias_ih_l0</c>, <c>bias_hh_l0</c>, with <c>_reverse</c> of the backward
/// direction) and <c>Linear</c> ([outputs, inputs]), as a module's <c>state_dict()</c> has them.
/// </summary>
public sealed class PyTorchNames : TensorNames
{
    /// <summary>
    /// What the embedding is called in the module, such as "embedding". Null: it is found by its size,
    /// and written as "embedding".
    /// </summary>
    public string? Embedding { get; init; }

    /// <summary>
    /// What the recurrent layers are called, such as "lstm"; empty: their tensors have no prefix. Null:
    /// they are found by the name "weight_ih_l0", and written as "rnn".
    /// </summary>
    public string? Recurrent { get; init; }

    /// <summary>
    /// What the output layer is called, such as "linear". Null: it is found by its size, and written as "output".
    /// </summary>
    public string? Output { get; init; }

    internal override IEnumerable<WeightTensor> Tensors(EncoderNetwork network, SafetensorsFile? file)
    {
        EncoderSpec spec = network.Spec.Encoder;
        var places = new WeightPlaces(network.Parameters);
        string recurrent = RecurrentPrefix(file);
        int[] order = Order(spec);
        bool separate = RecurrentCells.Find(spec.Cell)!.SeparateProducts;
        int columns = spec.Inputs[0].EmbeddingSize, rows = spec.Inputs[0].Size;
        string? embedding = columns == 0 ? null : Embedding ?? (file is null ? "embedding"
            : FindModule(file, recurrent, columns, rows, "embedding", nameof(Embedding)));
        embedding = embedding is null ? null : $"{embedding}.weight";
        if (embedding is not null)
            yield return EmbeddingTable.Of(places, embedding, file);
        for (int layer = 0; layer < spec.NumberOfLayers; layer++)
            for (int direction = 0; direction < spec.Directions; direction++)
            {
                string own = $"{EncoderSpec.LayerName(layer + 1)}.{(direction == 0 ? "forward" : "backward")}";
                string Name(string tensor) => Invariant($"{recurrent}{tensor}_l{layer}{(direction == 0 ? "" : "_reverse")}");
                if (file?.Tensors.ContainsKey(Name("weight_hr")) == true)
                    throw new InvalidDataException(
                        $"It has '{Name("weight_hr")}': a projection of the state (proj_size), which the " +
                        "networks here do not have. Train without proj_size.");
                yield return places.Transposed(Name("weight_ih"), $"{own}.W", order);
                yield return places.Transposed(Name("weight_hh"), $"{own}.R", order);
                yield return places.Vector(Name("bias_ih"), $"{own}.b", order);
                yield return places.Vector(Name("bias_hh"), separate ? $"{own}.bR" : $"{own}.b", order, isOther: !separate);
            }
        int features = network.Output.Dense is Layers.Dense ? places.Find("output.W").Rows : spec.HiddenSize;
        string? output = Output
            ?? (file is null ? "output" : network.Spec.Output.TiedEmbeddings ? FindTied(file, recurrent, embedding)
            : FindModule(file, recurrent, features, network.Spec.Output.NumberOfOutputs, "output layer",
                nameof(Output), embedding));
        if (!network.Spec.Output.TiedEmbeddings)
            yield return places.Transposed($"{output}.weight", "output.W", [0]);
        else if (output is not null)
            yield return EmbeddingTable.Twin(places, $"{output}.weight", file);
        if (output is not null)
            yield return places.Vector($"{output}.bias", "output.b", [0]);
    }

    /// <summary>Which of our gates stands at each place of PyTorch's: r, z, n of a GRU, else the same.</summary>
    private static int[] Order(EncoderSpec spec) => spec.Cell switch
    {
        GruCell.CellName => [1, 0, 2],
        LstmCell.CellName => [0, 1, 2, 3],
        RnnCell.CellName => [0],
        _ => throw new NotSupportedException($"PyTorch has no cell '{spec.Cell}'. It has RNN, GRU and LSTM."),
    };

    private string RecurrentPrefix(SafetensorsFile? file)
    {
        if (Recurrent is not null || file is null)
            return Recurrent is { Length: 0 } ? "" : $"{Recurrent ?? "rnn"}.";
        const string First = "weight_ih_l0";
        return Only([.. file.Tensors.Keys.Where(name => name.EndsWith(First, StringComparison.Ordinal))
            .Select(name => name[..^First.Length])], "recurrent layer, a tensor called 'weight_ih_l0'",
            $"{nameof(PyTorchNames)}.{nameof(Recurrent)}");
    }

    /// <summary>The only module with a weight of a size; of an embedding there may be a row more.</summary>
    private static string FindModule(SafetensorsFile file, string recurrent, int columns, int rows, string what, string option,
        string? except = null)
    {
        bool isEmbedding = option == nameof(Embedding);
        string[] found = [.. Weights(file, recurrent).Where(tensor => tensor.Name != except && tensor.Shape is [var r, var c] &&
            c == columns && (r == rows || (isEmbedding && r == rows + 1))).Select(tensor => tensor.Name)];
        // Both may be of the same size: then the name tells.
        string[] named = found.Length < 2 ? found : [.. found.Where(name =>
            name.Contains("emb", StringComparison.OrdinalIgnoreCase) == isEmbedding)];
        string module = Only(named.Length > 0 ? named : found, Invariant($"{what}, a weight of [{rows}, {columns}]"),
            $"{nameof(PyTorchNames)}.{option}");
        return module[..^".weight".Length];
    }

    private static string? FindTied(SafetensorsFile file, string recurrent, string? embedding)
    {
        string[] biases = [.. file.Tensors.Keys.Where(name => name.EndsWith(".bias", StringComparison.Ordinal) &&
            !name.StartsWith($"{recurrent}bias_", StringComparison.Ordinal))];
        return biases.Length == 1 ? biases[0][..^".bias".Length]
            : Weights(file, recurrent).Select(tensor => tensor.Name)
            .FirstOrDefault(name => name != embedding)?[..^".weight".Length];
    }

    private static IEnumerable<SafetensorsTensor> Weights(SafetensorsFile file, string recurrent) =>
        file.Tensors.Values.Where(tensor => tensor.Name.EndsWith(".weight", StringComparison.Ordinal) &&
            !tensor.Name.StartsWith($"{recurrent}weight_", StringComparison.Ordinal));
}
