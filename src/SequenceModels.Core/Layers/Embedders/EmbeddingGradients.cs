using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// What one shard of a batch leaves for tables whose rows are picked by the same tokens: the tokens of the vectors that entered,
/// and the gradients of these. Kept apart from the passes, which go on to the next shard, until the tables' gradients are summed.
/// </summary>
/// <param name="tables">An embedding, or W of each direction of a first layer that reads one-hot tokens.</param>
/// <param name="vocabularySize">V: keys are 1..V, 0 = unknown.</param>
/// <param name="hasUnknownRow">Whether row 0 is that of unknown tokens; else these pick none, and key k has row k - 1.</param>
internal unsafe class EmbeddingGradients(IReadOnlyList<Parameter> tables, int vocabularySize, bool hasUnknownRow)
{
    private uint[] _tokens = [];
    private int _count;

    public IReadOnlyList<Parameter> Tables => tables;

    public int VocabularySize => vocabularySize;

    /// <summary>The tokens of the vectors that entered, in their order.</summary>
    public ReadOnlySpan<uint> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>For each table [panel][vectors][column] the gradients of the rows that the vectors are.</summary>
    public FloatBuffer[] Vectors { get; } = [.. tables.Select(_ => new FloatBuffer())];

    /// <summary>Key of row 0.</summary>
    public int FirstKey => hasUnknownRow ? 0 : 1;

    /// <summary>The gradient of a vector's row in a panel of a table.</summary>
    private float* Of(int table, int panel, int vector) =>
        ProductRows.InPanels(Vectors[table].Data, tables[table], _count).At(panel, vector);

    /// <summary>Adds the gradient of a vector's row in a panel of a table to a sum [width of the panel].</summary>
    public virtual void AddTo(float* sum, int table, int panel, int vector) =>
        Rows.Add(Of(table, panel, vector), sum, tables[table].WidthOf(panel));

    /// <summary>Begins a sum with the gradient of a vector's row in a panel of a table.</summary>
    public virtual void CopyTo(float* sum, int table, int panel, int vector) =>
        Rows.Copy(Of(table, panel, vector), sum, tables[table].WidthOf(panel));

    public void SetTokens(ReadOnlySpan<uint> tokens)
    {
        if (_tokens.Length < tokens.Length)
            _tokens = new uint[tokens.Length];
        tokens.CopyTo(_tokens);
        _count = tokens.Length;
    }

    /// <summary>Of an embedding: copies the vectors' gradients out of rows that they share with other features.</summary>
    /// <param name="from">[vectors, E], <paramref name="stride"/> floats apart.</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public void TakeVectors(float* from, nint stride)
    {
        Parameter table = tables[0];
        Vectors[0].Reserve((long)_count * table.PhysicalColumns);
        // What stands for the padding of the rows is never written: it stays zero.
        for (int vector = 0; vector < _count; vector++)
            Rows.Copy(from + vector * stride, Vectors[0].Data + (long)vector * table.PhysicalColumns, table.Units);
    }
}
