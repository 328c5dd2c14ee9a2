using SequenceModels.Files;
using SequenceModels.Networks;

namespace SequenceModels;

/// <summary>
/// How another library calls a network's weights in a file, and how it lays them out: <see cref="PyTorchNames"/> or
/// <see cref="KerasNames"/>.
/// </summary>
public abstract class TensorNames
{
    private protected TensorNames() { }

    /// <summary>
    /// Whether a file may have tensors that belong to no part of the network; else they are refused, for weights that are not
    /// used are mostly a mistake. Default: false.
    /// </summary>
    public bool IgnoreOthers { get; init; }

    /// <summary>The tensors of a network, in the order of the file.</summary>
    /// <param name="network">With memory for its weights.</param>
    /// <param name="file">What names are looked for in; null: the file is yet to be written.</param>
    /// <exception cref="InvalidDataException">The file has not the names of such a network.</exception>
    /// <exception cref="NotSupportedException">The network cannot be written so; the message says why.</exception>
    internal abstract IEnumerable<WeightTensor> Tensors(EncoderNetwork network, SafetensorsFile? file);

    /// <summary>The name that is given, or the only one that is found.</summary>
    private protected static string Only(string?[] found, string what, string option) => found switch
    {
        [{ } one] => one,
        [] => throw new InvalidDataException($"There is no {what} in it. Name it by {option}."),
        _ => throw new InvalidDataException($"There are several tensors that may be the {what}: {string.Join(", ", found)}. " +
            $"Name it by {option}."),
    };
}
