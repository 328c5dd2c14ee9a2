using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Training;

/// <summary>
/// The gradients of tables whose rows are picked by tokens. Only rows of tokens that occur in the batch have one; it is summed over
/// the shards in their order. What stands in the other rows of the buffer means nothing.
/// </summary>
internal sealed unsafe class TableGradients
{
    /// <summary>Tokens that one task sums, and floats of a table that one task updates.</summary>
    private const int TokensPerTask = 64, BlockLength = 1 << 14;

    private readonly NetworkLayers _network;
    private readonly FloatBuffer _gradients;
    private readonly TokenOccurrences _occurrences;
    private readonly Workspace[] _shards;
    private readonly Block[] _blocks;
    private readonly double[] _squares;
    private readonly Action<int> _sumTask;

    /// <param name="network">Has at least one table.</param>
    /// <param name="gradients">The batch's gradient, laid out like the parameters.</param>
    /// <param name="shards">What each shard of a batch has computed.</param>
    public TableGradients(NetworkLayers network, FloatBuffer gradients, Workspace[] shards)
    {
        _network = network;
        _gradients = gradients;
        _shards = shards;
        _occurrences = new TokenOccurrences(network.Spec.InputSize);
        _squares = new double[Tasks(network.Spec.InputSize + 1, TokensPerTask)];
        _blocks = [.. network.Parameters.Tables.SelectMany(Blocks)];
        _sumTask = Sum;
    }

    /// <summary>Pieces in which the tables are updated.</summary>
    public int UpdateTasks => _blocks.Length;

    /// <summary>Adds up what the first shards of the present batch have found; returns the sum of squares.</summary>
    public double Compute(int shards, Workers workers)
    {
        _occurrences.List(_shards.AsSpan(0, shards));
        int tasks = Tasks(_occurrences.Tokens.Count, TokensPerTask);
        workers.Run(tasks, _sumTask);
        double squares = 0;
        for (int task = 0; task < tasks; task++)
            squares += _squares[task];
        return squares;
    }

    /// <summary>Moves the weights of one piece: runs of rows that have a gradient, and of rows that have none.</summary>
    public void Update(int task, UpdateRule rule, float gradientScale, float learningRate)
    {
        Block block = _blocks[task];
        int width = block.Table.WidthOf(block.Panel);
        long panel = block.Table.Offset + block.Table.PanelOffset(block.Panel);
        for (int row = block.First, end; row < block.End; row = end)
        {
            bool occurs = Occurs(row);
            for (end = row + 1; end < block.End && Occurs(end) == occurs;)
                end++;
            rule.Apply(_network.Parameters.Values, occurs ? _gradients : null, gradientScale, learningRate, panel + (long)row * width,
                (long)(end - row) * width);
        }
    }

    private bool Occurs(int row) => _occurrences.Contains((uint)(row - _network.TableRow(0)));

    private void Sum(int task)
    {
        double squares = 0;
        int end = Math.Min(_occurrences.Tokens.Count, (task + 1) * TokensPerTask);
        for (int i = task * TokensPerTask; i < end; i++)
            for (int table = 0; table < _network.Parameters.Tables.Count; table++)
                squares += SumRow(table, _occurrences.Tokens[i]);
        _squares[task] = squares;
    }

    private double SumRow(int table, uint token)
    {
        Parameter parameter = _network.Parameters.Tables[table];
        int row = _network.TableRow(token);
        if (row < 0)
            return 0;
        double squares = 0;
        for (int panel = 0; panel < parameter.Panels; panel++)
        {
            int width = parameter.WidthOf(panel);
            float* sum = parameter.In(_gradients) + parameter.PanelOffset(panel) + (long)row * width;
            bool begun = false;
            for (var at = _occurrences.Of(token); at.MoveNext(); begun = true)
            {
                float* gradient = _network.InputGradient(_shards[at.Shard], table, panel, at.Vector);
                if (begun)
                    Rows.Add(gradient, sum, width);
                else
                    Rows.Copy(gradient, sum, width);
            }
            squares += Rows.SumOfSquares(sum, width);
        }
        return squares;
    }

    private static IEnumerable<Block> Blocks(Parameter table)
    {
        for (int panel = 0; panel < table.Panels; panel++)
        {
            int rows = Math.Max(1, BlockLength / table.WidthOf(panel));
            for (int first = 0; first < table.PhysicalRows; first += rows)
                yield return new Block(table, panel, first, Math.Min(first + rows, table.PhysicalRows));
        }
    }

    private static int Tasks(int items, int perTask) => (items + perTask - 1) / perTask;

    private sealed record Block(Parameter Table, int Panel, int First, int End);
}
