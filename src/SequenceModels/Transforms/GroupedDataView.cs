using Microsoft.ML;
using SequenceModels.Columns;

namespace SequenceModels.Transforms;

/// <summary>A table with one row a step, read into memory as a table with one row a sequence.</summary>
internal sealed class GroupedDataView : IDataView
{
    private readonly GroupedColumn[] _columns;
    private readonly int[][] _groups;

    /// <param name="data">One row a step.</param>
    /// <param name="groupColumnName">Which sequence a step belongs to.</param>
    /// <param name="orderColumnName">In which order; null: that of the rows.</param>
    /// <param name="constantColumnNames">Columns of which a sequence has one value; null: none but that of the groups.</param>
    public GroupedDataView(IDataView data, string groupColumnName, string? orderColumnName, string[]? constantColumnNames)
    {
        DataViewSchema.Column[] sources = [.. data.Schema.Where(column => !column.IsHidden)];
        foreach (string name in new[] { groupColumnName, orderColumnName }.Concat(constantColumnNames ?? []).OfType<string>())
            if (!sources.Any(column => column.Name == name))
                throw new ArgumentOutOfRangeException(nameof(data),
                    MissingColumn.Describe(name, sources.Select(column => column.Name)) +
                    $" The data has: {string.Join(", ", sources.Select(column => $"'{column.Name}'"))}.");
        _columns = [.. sources.Select(GroupedColumn.Create)];
        GroupedColumn group = Scalar(groupColumnName);
        GroupedColumn? order = orderColumnName is null ? null : Scalar(orderColumnName);

        int rows = Read(data, sources);
        order?.RequireRightOrder();
        _groups = GroupRows(group, order, rows);
        // What a column becomes follows from names alone: tables of the same columns give the same schema, whatever their rows.
        foreach (GroupedColumn column in _columns)
            column.IsConstant = column == group || constantColumnNames?.Contains(column.Name) == true;
        foreach (GroupedColumn column in _columns)
            if (column.IsConstant)
                RequireConstant(column, group);

        var schema = new DataViewSchema.Builder();
        schema.AddColumns(_columns.Select(column => column.Output));
        Schema = schema.ToSchema();
    }

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    public long? GetRowCount() => _groups.Length;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, [.. columnsNeeded.Select(column => column.Index)]);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private GroupedColumn Scalar(string name)
    {
        GroupedColumn column = _columns.First(column => column.Name == name);
        return column.IsVector
            ? throw new ArgumentOutOfRangeException(nameof(name),
                $"Column '{name}' holds vectors; steps are grouped and ordered by one value.")
            : column;
    }

    private int Read(IDataView data, DataViewSchema.Column[] sources)
    {
        using DataViewRowCursor cursor = data.GetRowCursor(sources);
        Action[] stores = [.. _columns.Select(column => column.Store(cursor))];
        int rows = 0;
        for (; cursor.MoveNext(); rows = checked(rows + 1))
            foreach (Action store in stores)
                store();
        return rows;
    }

    /// <summary>The rows of each group, groups in the order of their first row.</summary>
    private static int[][] GroupRows(GroupedColumn group, GroupedColumn? order, int rows)
    {
        var numbers = new Dictionary<int, int>(new ByValue(group));
        var groups = new List<List<int>>();
        for (int row = 0; row < rows; row++)
        {
            if (!numbers.TryGetValue(row, out int number))
            {
                numbers.Add(row, number = groups.Count);
                groups.Add([]);
            }
            groups[number].Add(row);
        }
        // OrderBy is stable: steps of equal order stay as they were.
        return [.. groups.Select(steps => order is null ? steps.ToArray()
            : [.. steps.OrderBy(row => row, Comparer<int>.Create(order.Compare))])];
    }

    private void RequireConstant(GroupedColumn column, GroupedColumn group)
    {
        foreach (int[] rows in _groups)
            foreach (int row in rows)
                if (!column.AreEqual(rows[0], row))
                    throw new InvalidOperationException(
                        $"Column '{column.Name}' should have one value a group, but in group '{group.Show(row)}' " +
                        $"of '{group.Name}' it is '{column.Show(rows[0])}' and '{column.Show(row)}'. Leave it out of " +
                        "constantColumnNames, or mend the data.");
    }

    private sealed class ByValue(GroupedColumn column) : IEqualityComparer<int>
    {
        public bool Equals(int x, int y) => column.AreEqual(x, y);

        public int GetHashCode(int row) => column.HashOf(row);
    }

    private sealed class Cursor(GroupedDataView view, HashSet<int> active) : NumberedCursor(view.Schema, active)
    {
        private int _next;

        public override long Position => _next > view._groups.Length ? -1 : _next - 1;

        public override bool MoveNext()
        {
            // Once past the end it stays there, however often it is asked.
            _next = Math.Min(_next + 1, view._groups.Length + 1);
            return _next <= view._groups.Length;
        }

        protected override Delegate MakeGetter<TValue>(DataViewSchema.Column column) =>
            view._columns[column.Index].MakeGetter(() => view._groups[Position]);
    }
}
