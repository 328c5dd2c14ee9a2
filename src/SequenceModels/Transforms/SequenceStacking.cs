using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;

[assembly: LoadableClass(typeof(SequenceStackingTransformer), typeof(SequenceStackingTransformer), null,
    typeof(SignatureLoadModel), "", SequenceStackingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Makes one step of several, their numbers side by side. There is nothing to learn.</summary>
public sealed class SequenceStackingEstimator : StatelessEstimator<SequenceStackingTransformer>
{
    private readonly ColumnPair _columns;
    private readonly int _count;

    internal SequenceStackingEstimator(IHostEnvironment environment, ColumnPair columns, int count)
        : base(environment, nameof(SequenceStackingEstimator))
    {
        if (count is < 1 or > SequenceStackingTransformer.MostSteps)
            throw new ArgumentOutOfRangeException(nameof(count), InvariantText.Of(count),
                Invariant($"count must be between 1 and {SequenceStackingTransformer.MostSteps}."));
        (_columns, _count) = (columns, count);
    }

    private protected override SequenceStackingTransformer Make(DataViewSchema schema) => new(Host, _columns, _count);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input)
    {
        SchemaShape.Column numbers = input.Find(_columns.Input, ColumnRule.Numbers);
        int steps = numbers.Kind == SchemaShape.Column.VectorKind.Vector ? 1 : 0;
        return [new(_columns.Output, new VectorDataViewType(NumberDataViewType.Single, steps, _count))];
    }
}

/// <summary>
/// Frames with dimensions [T, F] become frames [ceil(T / count), count * F]. Where the last steps are fewer, the very last one
/// stands in place of those that are missing.
/// </summary>
public sealed class SequenceStackingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequenceStacking";
    internal const int MostSteps = 65_536;
    private static readonly ModelFormat Format = new("SEQSTACK", 1, LoaderSignature);

    private readonly ColumnPair _columns;

    internal SequenceStackingTransformer(IHostEnvironment environment, ColumnPair columns, int count)
        : base(environment, nameof(SequenceStackingTransformer)) => (_columns, Count) = (columns, count);

    /// <summary>How many steps become one.</summary>
    public int Count { get; }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        var column = SequenceColumn.Bind(inputSchema, inputSchema.Find(_columns.Input, ColumnRule.Numbers).Name);
        int size = column.InputSize;
        if ((long)size * Count > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                $"Column '{_columns.Input}' has steps of {Counted.Of(size, "number")}, of which " +
                Invariant($"{Count} (count) are more than a vector can hold."));
        int steps = (((VectorDataViewType)column.Column.Type).Size / size + Count - 1) / Count;
        var type = new VectorDataViewType(NumberDataViewType.Single, steps, size * Count);
        return new ColumnMapper(inputSchema, column.Column, new(_columns.Output, type), row => MakeGetter(row, column));
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, SequenceColumn column)
    {
        ValueGetter<VBuffer<float>> get = row.GetGetter<VBuffer<float>>(column.Column);
        VBuffer<float> source = default;
        int size = column.InputSize;
        return (ref VBuffer<float> value) =>
        {
            get(ref source);
            if (source.Length % size != 0)
                throw new InvalidOperationException(
                    Invariant($"Column '{_columns.Input}', row {row.Position} (counted from 0): ") +
                    Invariant($"{Counted.Of(source.Length, "value")} cannot be cut into steps of {size}. ") +
                    "Every row must hold whole steps of the same number of values.");
            int steps = source.Length / size, whole = (steps + Count - 1) / Count * Count;
            VBufferEditor<float> stacked = VBufferEditor.Create(ref value, checked(whole * size));
            source.CopyTo(stacked.Values);
            for (int step = steps; step < whole; step++)
                stacked.Values.Slice((steps - 1) * size, size).CopyTo(stacked.Values[(step * size)..]);
            value = stacked.Commit();
        };
    }

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        int size = SequenceColumn.Bind(inputSchema, _columns.Input).InputSize;
        var steps = OnnxSequences.Frames(graph, _columns.Input, size);
        string one = graph.Integers(1), count = graph.Integers(Count), less = graph.Integers(Count - 1);
        string Groups(string number) => graph.Quotient(graph.Sum(number, less), count);
        // Step t of a row's stacked ones is step min(t, length - 1) of the row, one behind the other in a batch.
        string all = graph.Concat(1, steps.Values, graph.Expand(graph.Number(0), graph.Concat(0, steps.Batch, graph.Integers(1,
            size))));
        string numbers = graph.Reshape(graph.Range(graph.Product(Groups(steps.Steps), count)), 1, -1);
        string last = graph.Difference(graph.Reshape(steps.Lengths, -1, 1), one);
        string from = graph.Where(graph.Less(numbers, last), numbers, last);
        from = graph.Where(graph.Less(from, graph.Integer(0)), graph.Integer(0), from);
        string begins = graph.Product(graph.Reshape(graph.Range(steps.Batch), -1, 1), graph.Sum(steps.Steps, one));
        string picked = graph.Gather(graph.Reshape(all, -1, size), graph.Sum(begins, from));
        string stacked = graph.ReshapeTo(picked, graph.Concat(0, steps.Batch, Groups(steps.Steps), graph.Integers((long)size *
            Count)));
        new OnnxSequences(graph, stacked, Groups(steps.Lengths)).DefineFrames(added[0].Name, (VectorDataViewType)added[0].Type);
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        _columns.Write(writer);
        writer.Write(Count);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequenceStackingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new SequenceStackingTransformer(environment, ColumnPair.Read(reader),
            reader.ReadInt32("count", 1, MostSteps)));
}
