using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// What one shard of a batch leaves for a table whose rows enter sums, each times a number: for each term of a sum its row, the
/// sum that it is in and its number. Its part of the gradient of the row is the number times the gradient of the sum.
/// </summary>
/// <param name="table">In one panel.</param>
/// <param name="vocabularySize">The largest key; a key is the number of a row, from 0.</param>
internal unsafe class WeightedGradients(Parameter table, int vocabularySize)
    : EmbeddingGradients([table], vocabularySize, hasUnknownRow: true)
{
    private int[] _sums = [];
    private float[] _numbers = [];

    /// <summary>Takes the rows of all terms, and makes room for the gradients of the sums: Vectors[0] [sums, columns].</summary>
    /// <param name="rows">Of each term.</param>
    /// <param name="sums">How many.</param>
    public void Begin(ReadOnlySpan<uint> rows, int sums)
    {
        SetTokens(rows);
        if (_numbers.Length < rows.Length)
            (_sums, _numbers) = (new int[rows.Length], new float[rows.Length]);
        Vectors[0].Reserve((long)sums * table.PhysicalColumns);
    }

    /// <summary>Says in which sum a term is, and times which number.</summary>
    public void SetTerm(int term, int sum, float number) => (_sums[term], _numbers[term]) = (sum, number);

    public override void AddTo(float* sum, int ofTable, int panel, int vector) =>
        Rows.AddScaled(Vectors[0].Data + (long)_sums[vector] * table.PhysicalColumns, _numbers[vector], sum,
            table.PhysicalColumns);

    public override void CopyTo(float* sum, int ofTable, int panel, int vector)
    {
        new Span<float>(sum, table.PhysicalColumns).Clear();
        AddTo(sum, ofTable, panel, vector);
    }
}
