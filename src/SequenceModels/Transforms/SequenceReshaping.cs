using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;

[assembly: LoadableClass(typeof(SequenceReshapingTransformer), typeof(SequenceReshapingTransformer), null,
    typeof(SignatureLoadModel), "", SequenceReshapingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Reads a flat vector of numbers as frames. There is nothing to learn.</summary>
public sealed class SequenceReshapingEstimator : StatelessEstimator<SequenceReshapingTransformer>
{
    private readonly ColumnPair _columns;
    private readonly int _featuresPerStep;

    internal SequenceReshapingEstimator(IHostEnvironment environment, ColumnPair columns, int featuresPerStep)
        : base(environment, nameof(SequenceReshapingEstimator))
    {
        if (featuresPerStep < 1)
            throw new ArgumentOutOfRangeException(nameof(featuresPerStep), InvariantText.Of(featuresPerStep),
                "featuresPerStep must be at least 1.");
        (_columns, _featuresPerStep) = (columns, featuresPerStep);
    }

    private protected override SequenceReshapingTransformer Make(DataViewSchema schema) => new(Host, _columns, _featuresPerStep);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input)
    {
        SchemaShape.Column numbers = input.Find(_columns.Input, ColumnRule.Numbers);
        int steps = numbers.Kind == SchemaShape.Column.VectorKind.Vector ? 1 : 0;
        return [new(_columns.Output, new VectorDataViewType(NumberDataViewType.Single, steps, _featuresPerStep))];
    }
}

/// <summary>A vector of T * F numbers becomes the same numbers with dimensions [T, F]; of variable length, [*, F].</summary>
public sealed class SequenceReshapingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequenceReshaping";
    private static readonly ModelFormat Format = new("SEQSHAPE", 1, LoaderSignature);

    private readonly ColumnPair _columns;

    internal SequenceReshapingTransformer(IHostEnvironment environment, ColumnPair columns, int featuresPerStep)
        : base(environment, nameof(SequenceReshapingTransformer)) => (_columns, FeaturesPerStep) = (columns, featuresPerStep);

    /// <summary>F, the numbers in a frame.</summary>
    public int FeaturesPerStep { get; }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_columns.Input, ColumnRule.Numbers);
        int size = ((VectorDataViewType)input.Type).Size;
        if (size % FeaturesPerStep != 0)
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                $"Column '{_columns.Input}' has {Counted.Of(size, "value")}, which cannot be cut " +
                Invariant($"into steps of {FeaturesPerStep} (featuresPerStep)."));
        var type = new VectorDataViewType(NumberDataViewType.Single, size / FeaturesPerStep, FeaturesPerStep);
        return new ColumnMapper(inputSchema, input, new(_columns.Output, type), row => MakeGetter(row, input));
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<VBuffer<float>> get = row.GetGetter<VBuffer<float>>(input);
        return (ref VBuffer<float> value) =>
        {
            get(ref value);
            if (value.Length % FeaturesPerStep != 0)
                throw NotWholeSteps(row.Position, value.Length);
        };
    }

    private InvalidOperationException NotWholeSteps(long row, int values) => new(
        Invariant($"Column '{_columns.Input}', row {row} (counted from 0): {Counted.Of(values, "value")} cannot be cut into ") +
        Invariant($"steps of {FeaturesPerStep}. Every row must hold whole steps of the same number of values."));

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added) => graph.Define(added[0].Name, added[0].Type,
            OnnxSequences.Lay(graph, graph.ValueOf(_columns.Input), (VectorDataViewType)added[0].Type));

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        _columns.Write(writer);
        writer.Write(FeaturesPerStep);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequenceReshapingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new SequenceReshapingTransformer(environment, ColumnPair.Read(reader),
            reader.ReadInt32("featuresPerStep", 1, int.MaxValue)));
}
