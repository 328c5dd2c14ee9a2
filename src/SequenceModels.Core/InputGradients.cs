using SequenceModels.Kernels;

namespace SequenceModels;

/// <summary>
/// What a batch leaves for the tables: its input tokens and the gradients of their vectors. Kept apart from the workspace, which goes on
/// to the next part of the batch, until the tables' gradients are summed.
/// </summary>
internal sealed class InputGradients(int directions)
{
    private uint[] _tokens = [];
    private int _count;

    /// <summary>The tokens of the vectors that entered the network, in their order.</summary>
    public ReadOnlySpan<uint> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>[vectors, E] gradients of the tokens' vectors in the embedding.</summary>
    public FloatBuffer Embedded { get; } = new();

    /// <summary>For each direction of the first layer: [panel][vectors][column] gradients of the rows that one-hot tokens pick.</summary>
    public FloatBuffer[] Picked { get; } = [.. Enumerable.Range(0, directions).Select(_ => new FloatBuffer())];

    public void SetTokens(ReadOnlySpan<uint> tokens)
    {
        if (_tokens.Length < tokens.Length)
            _tokens = new uint[tokens.Length];
        tokens.CopyTo(_tokens);
        _count = tokens.Length;
    }
}
