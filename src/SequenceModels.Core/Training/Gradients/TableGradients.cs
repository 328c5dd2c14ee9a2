using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;

namespace SequenceModels.Training;

/// <summary>
/// The gradients of tables whose rows are picked by the same tokens. Only rows of tokens that occur in the batch have one,
/// summed over the shards in their order; nothing is kept, and nothing read, for the others.
/// What an update does with these is the table's (<see cref="Parameter.UpdatesLazily"/>).
/// </summary>
internal sealed unsafe class TableGradients
{
    /// <summary>Floats of gradients that one task sums, and of a table that one task updates.</summary>
    private const int SumLength = 1 << 12, BlockLength = 1 << 14;

    private readonly ParameterSet _parameters;
    private readonly IReadOnlyList<Parameter> _tables;
    private readonly int _firstKey;
    private readonly TokenOccurrences _occurrences;
    private readonly EmbeddingGradients[] _shards;
    private Block[] _blocks;
    private readonly Parameter[] _lazy;
    private readonly Action<int, int> _sumTask, _squareTask, _addTasks;
    private readonly IProcessGroup? _group;
    private readonly TokenExchange? _exchange;
    private readonly int _rowLength, _tokensPerTask, _tokensPerUpdate;

    /// <summary>[occurring tokens][table][column] the sums.</summary>
    private readonly FloatBuffer _sums = new();
    private double[] _squares = [];
    private WorkerThreads? _workers;

    /// <summary>The task that is number 0 of those that the threads have.</summary>
    private int _firstTask;

    /// <summary>The rows that wait; null: an update moves all of them.</summary>
    private DeferredRows? _deferred;

    /// <param name="parameters">Have the tables.</param>
    /// <param name="shards">What each shard of this process leaves for them.</param>
    /// <param name="ranks">The processes that have the other shards.</param>
    public TableGradients(ParameterSet parameters, EmbeddingGradients[] shards, TrainingRanks ranks)
    {
        _group = ranks.Group;
        _exchange = _group is null ? null : new TokenExchange(_group);
        _parameters = parameters;
        _shards = shards;
        (_tables, _firstKey) = (shards[0].Tables, shards[0].FirstKey);
        _occurrences = new TokenOccurrences(shards[0].VocabularySize);
        _rowLength = _tables.Sum(table => table.PhysicalColumns);
        _tokensPerTask = Math.Max(1, SumLength / _rowLength);
        _blocks = [.. _tables.SelectMany(Blocks)];
        _lazy = [.. _tables.Where(table => table.UpdatesLazily && !table.IsFrozen)];
        _tokensPerUpdate = Math.Max(1, BlockLength / _rowLength);
        (_sumTask, _squareTask, _addTasks) = (Sum, Square, AddTasks);
    }

    /// <summary>Pieces in which the tables are updated, of the present batch.</summary>
    public int UpdateTasks => _blocks.Length + TokenTasks;

    /// <summary>Pieces that are some of the occurring tokens each, for tables of which nothing else is updated.</summary>
    private int TokenTasks =>
        _lazy.Length == 0 && _deferred is null ? 0 : (_occurrences.Tokens.Count + _tokensPerUpdate - 1) / _tokensPerUpdate;

    /// <summary>
    /// Lets rows without a gradient wait with their updates, where that is worth it: of large tables, all of which are learned.
    /// </summary>
    /// <param name="rule">The optimizer.</param>
    /// <param name="smallest">Floats of tables that are large.</param>
    /// <returns>The rows that wait; null: none do.</returns>
    public DeferredRows? Defer(UpdateRule rule, long smallest)
    {
        if (rule.Average is not null || _tables.Any(table => table.IsFrozen || table.UpdatesLazily) ||
            _tables.Sum(table => table.Length) < smallest)
            return null;
        _blocks = [];
        return _deferred = new DeferredRows(_parameters, _tables, _firstKey, rule);
    }

    /// <summary>
    /// Adds up what the first shards of this process have found of the present batch, and what the others have; returns the sum
    /// of squares.
    /// </summary>
    public double Compute(int shards, WorkerThreads workers)
    {
        WorkClock.Begin(WorkKind.Sum, "tables");
        _occurrences.List(_shards.AsSpan(0, shards));
        _exchange?.Join(_occurrences);
        WorkClock.End();
        int tokens = _occurrences.Tokens.Count, tasks = (tokens + _tokensPerTask - 1) / _tokensPerTask;
        _sums.Reserve((long)tokens * _rowLength);
        if (_squares.Length < tasks)
            _squares = new double[tasks];
        (_workers, _firstTask) = (workers, 0);
        if (_group is null)
            workers.Run(tasks, _sumTask);
        else if (tokens > 0)
        {
            _group.SumInOrder(new Span<float>(_sums.Data, tokens * _rowLength), _tokensPerTask * _rowLength, _addTasks);
            workers.Run(tasks, _squareTask);
        }
        double squares = 0;
        for (int task = 0; task < tasks; task++)
            squares += _squares[task];
        return squares;
    }

    /// <summary>Moves the weights of one piece: single rows that have a gradient, and runs of rows that have none.</summary>
    /// <param name="task">Which piece.</param>
    /// <param name="rule">The optimizer.</param>
    /// <param name="gradientScale">What gradients are multiplied with first.</param>
    public void Update(int task, UpdateRule rule, float gradientScale)
    {
        if (task >= _blocks.Length)
        {
            UpdateTokens(task - _blocks.Length, rule, gradientScale);
            return;
        }
        Block block = _blocks[task];
        int width = block.Table.WidthOf(block.Panel);
        long panel = block.Table.Offset + block.Table.PanelOffset(block.Panel),
            inSums = block.InSums + (long)block.Panel * block.Table.PanelWidth;
        for (int row = block.First, end; row < block.End; row = end)
        {
            int place = PlaceOf(row);
            end = row + 1;
            while (place < 0 && end < block.End && PlaceOf(end) < 0)
                end++;
            rule.Apply(_parameters.Values, place < 0 ? null : _sums.Data + (long)place * _rowLength + inSums, gradientScale,
                block.Table.Depth, panel + (long)row * width, (long)(end - row) * width, ofVectors: false);
        }
    }

    /// <summary>Moves the rows of some of the tokens that occur.</summary>
    private void UpdateTokens(int task, UpdateRule rule, float gradientScale)
    {
        int end = Math.Min(_occurrences.Tokens.Count, (task + 1) * _tokensPerUpdate);
        for (int place = task * _tokensPerUpdate; place < end; place++)
        {
            float* sum = _sums.Data + (long)place * _rowLength;
            long row = (long)_occurrences.Tokens[place] - _firstKey;
            if (row < 0)
                continue;
            _deferred?.Update(row, sum, gradientScale);
            for (int i = 0; _lazy.Length > 0 && i < _tables.Count; sum += _tables[i++].PhysicalColumns)
                if (Array.IndexOf(_lazy, _tables[i]) >= 0)
                    UpdateRow(_tables[i], row, sum, rule, gradientScale);
        }
    }

    /// <summary>Moves a row of a table whose rows stood still since they were last picked.</summary>
    private void UpdateRow(Parameter table, long row, float* sum, UpdateRule rule, float gradientScale)
    {
        rule.Average?.Reach(_parameters.Values, table, row, rule.Update - 1);
        for (int panel = 0; panel < table.Panels; sum += table.WidthOf(panel++))
            rule.Apply(_parameters.Values, sum, gradientScale, table.Depth,
                table.Offset + table.PanelOffset(panel) + row * table.WidthOf(panel), table.WidthOf(panel), ofVectors: false);
        rule.Average?.HasTaken(table, row, rule.Update);
    }

    private int PlaceOf(int row) => _occurrences.PlaceOf((uint)(row + _firstKey));

    /// <summary>The tasks [first, first + count).</summary>
    private void AddTasks(int first, int count)
    {
        _firstTask = first;
        _workers!.Run(count, _sumTask);
    }

    private void Sum(int task, int thread) => Visit(_firstTask + task, adds: true, squares: _group is null);

    private void Square(int task, int thread) => Visit(task, adds: false, squares: true);

    /// <summary>The rows of some tokens: the gradients of this process, their squares, or both.</summary>
    private void Visit(int task, bool adds, bool squares)
    {
        double sumOfSquares = 0;
        WorkClock.Begin(WorkKind.Sum, "tables");
        int end = Math.Min(_occurrences.Tokens.Count, (task + 1) * _tokensPerTask);
        for (int place = task * _tokensPerTask; place < end; place++)
        {
            float* sum = _sums.Data + (long)place * _rowLength;
            if (_occurrences.Tokens[place] < _firstKey)
                continue; // an unknown token picks no row
            for (int table = 0; table < _tables.Count; table++)
                for (int panel = 0; panel < _tables[table].Panels; panel++)
                {
                    int width = _tables[table].WidthOf(panel);
                    if (adds)
                        Sum(table, panel, place, sum);
                    if (squares && !_tables[table].IsFrozen)
                        sumOfSquares += Rows.SumOfSquares(sum, width);
                    sum += width;
                }
        }
        if (squares)
            _squares[task] = sumOfSquares;
        WorkClock.End();
    }

    private void Sum(int table, int panel, int place, float* sum)
    {
        bool begun = place < _occurrences.Begun;
        for (var at = _occurrences.Of(place); at.MoveNext(); begun = true)
        {
            if (begun)
                _shards[at.Shard].AddTo(sum, table, panel, at.Vector);
            else
                _shards[at.Shard].CopyTo(sum, table, panel, at.Vector);
        }
    }

    private IEnumerable<Block> Blocks(Parameter table, int number)
    {
        if (table.IsFrozen || table.UpdatesLazily)
            yield break;
        int inSums = _tables.Take(number).Sum(before => before.PhysicalColumns);
        for (int panel = 0; panel < table.Panels; panel++)
        {
            int rows = Math.Max(1, BlockLength / table.WidthOf(panel));
            for (int first = 0; first < table.PhysicalRows; first += rows)
                yield return new Block(table, panel, first, Math.Min(first + rows, table.PhysicalRows), inSums);
        }
    }

    private sealed record Block(Parameter Table, int Panel, int First, int End, int InSums);
}
