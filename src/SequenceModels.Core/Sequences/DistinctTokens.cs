using SequenceModels.Kernels;

namespace SequenceModels.Sequences;

/// <summary>
/// The different tokens of a batch, and which of them each row of the batch has. What depends on the token alone,
/// as its product with the input weights does, is then computed once for each, however often it occurs.
/// </summary>
internal sealed unsafe class DistinctTokens(int vocabularySize)
{
    /// <summary>One more than a token's place in the list; 0 for tokens that are not in it.</summary>
    private readonly int[] _places = new int[vocabularySize + 1];
    private readonly IndexBuffer _index = new();
    private uint[] _tokens = [];
    private int _count;

    /// <summary>Each token once, in the order of first occurrence.</summary>
    public ReadOnlySpan<uint> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>[batch rows] the place of the row's token in <see cref="Tokens"/>.</summary>
    public int* Index => _index.Data;

    /// <summary>Lists the tokens of a batch.</summary>
    public void Find(ReadOnlySpan<uint> rows)
    {
        foreach (uint token in Tokens)
            _places[token] = 0;
        _count = 0;
        if (_tokens.Length < rows.Length)
            _tokens = new uint[rows.Length];
        _index.Reserve(rows.Length);
        for (int row = 0; row < rows.Length; row++)
        {
            ref int place = ref _places[rows[row]];
            if (place == 0)
            {
                _tokens[_count++] = rows[row];
                place = _count;
            }
            _index.Data[row] = place - 1;
        }
    }
}
