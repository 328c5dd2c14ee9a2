using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels;

/// <summary>
/// What a batch leaves for the tables: its input tokens and the gradients of their vectors. Kept apart from the workspace, which goes on
/// to the next part of the batch, until the tables' gradients are summed.
/// </summary>
/// <param name="directions">Of the first layer, where one-hot tokens pick rows of its W; else 0.</param>
/// <param name="furtherFeatures">How many features a step has beside its first.</param>
internal sealed class InputGradients(int directions, int furtherFeatures = 0)
{
    private readonly InputGradients[] _further = [.. Enumerable.Range(0, furtherFeatures).Select(_ => new InputGradients(0))];
    private uint[] _tokens = [];
    private int _count;

    /// <summary>The tokens of the vectors that entered the network, in their order.</summary>
    public ReadOnlySpan<uint> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>[vectors, E] gradients of the tokens' vectors in the embedding.</summary>
    public FloatBuffer Embedded { get; } = new();

    /// <summary>For each direction of the first layer: [panel][vectors][column] gradients of the rows that one-hot tokens pick.</summary>
    public FloatBuffer[] Picked { get; } = [.. Enumerable.Range(0, directions).Select(_ => new FloatBuffer())];

    /// <summary>The same of another feature of the steps: 0: the first, which is this.</summary>
    public InputGradients Of(int feature) => feature == 0 ? this : _further[feature - 1];

    public void SetTokens(ReadOnlySpan<uint> tokens)
    {
        if (_tokens.Length < tokens.Length)
            _tokens = new uint[tokens.Length];
        tokens.CopyTo(_tokens);
        _count = tokens.Length;
    }

    /// <summary>Copies the gradients of the tokens' vectors out of rows that they share with other features.</summary>
    /// <param name="from">[vectors, E], <paramref name="stride"/> floats apart.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    /// <param name="table">The tokens' embedding. What stands for the padding of its rows is never written: it stays zero.</param>
    public unsafe void TakeVectors(float* from, nint stride, Parameter table)
    {
        Embedded.Reserve((long)_count * table.PhysicalColumns);
        for (int vector = 0; vector < _count; vector++)
            Rows.Copy(from + vector * stride, Embedded.Data + (long)vector * table.PhysicalColumns, table.Units);
    }
}
