using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace SequenceModels.Forecasting;

/// <summary>A table of steps with a forecast for each row. The rows stay in their order.</summary>
internal sealed class ForecastDataView : IDataView
{
    private readonly IDataView _input;
    private readonly ForecastTransformer _transformer;

    /// <summary>Read once, whoever asks first.</summary>
    private readonly Lazy<SeriesTable> _table;

    private int _isWarned;

    public ForecastDataView(IDataView input, ForecastTransformer transformer, DataViewSchema schema, IHost host)
    {
        (_input, _transformer, Schema) = (input, transformer, schema);
        _table = new(() => Read(host), LazyThreadSafetyMode.PublicationOnly);
    }

    public DataViewSchema Schema { get; }

    /// <summary>The order of the rows may be that of time.</summary>
    public bool CanShuffle => false;

    public long? GetRowCount() => _input.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null)
    {
        HashSet<int> active = [.. columnsNeeded.Select(column => column.Index)];
        return new Cursor(this, _input.GetRowCursor(_input.Schema.Where(column => active.Contains(column.Index))), active);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private SeriesTable Read(IHost host)
    {
        var table = SeriesTable.Read(_input, _transformer.Columns, _transformer.ForecastModel.Spec.IsLog);
        if (Interlocked.Exchange(ref _isWarned, 1) == 0)
        {
            using IChannel channel = host.Start("Forecasting");
            new TableContents(table, _transformer.Columns, _transformer.ForecastModel.Spec).Warn(channel, forTraining: false);
        }
        return table;
    }

    private sealed class Cursor(ForecastDataView view, DataViewRowCursor input, HashSet<int> active) : DataViewRowCursor
    {
        private ForecastBlock? _block;
        private bool _isDisposed;

        public override DataViewSchema Schema => view.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool MoveNext() => input.MoveNext();

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => active.Contains(column.Index);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            if (!IsColumnActive(column))
                throw new InvalidOperationException($"Column '{column.Name}' was not asked for when this cursor was made.");
            int made = column.Index - input.Schema.Count;
            if (made < 0)
                return input.GetGetter<TValue>(input.Schema[column.Index]);
            return (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Copy(made, ref value)) as ValueGetter<TValue>
                ?? throw new InvalidOperationException($"Column '{column.Name}' holds {column.Type.RawType}, not " +
                $"{typeof(TValue)}.");
        }

        private void Copy(int column, ref VBuffer<float> value)
        {
            _block ??= new ForecastBlock(view._transformer.ForecastModel, view._table.Value, view._transformer.Columns);
            ReadOnlySpan<float> forecast = _block.Get(column, checked((int)input.Position));
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, forecast.Length);
            forecast.CopyTo(editor.Values);
            value = editor.Commit();
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !_isDisposed)
                input.Dispose();
            _isDisposed = true;
            base.Dispose(disposing);
        }
    }
}
