using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;
using SequenceModels.Transforms;

[assembly: LoadableClass(typeof(SequencePaddingTransformer), typeof(SequencePaddingTransformer), null,
    typeof(SignatureLoadModel), "", SequencePaddingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Brings sequences to one length. There is nothing to learn.</summary>
public sealed class SequencePaddingEstimator : StatelessEstimator<SequencePaddingTransformer>
{
    private readonly ColumnPair _columns;
    private readonly PaddedLength _padded;

    internal SequencePaddingEstimator(IHostEnvironment environment, ColumnPair columns, PaddedLength padded)
        : base(environment, nameof(SequencePaddingEstimator)) => (_columns, _padded) = (columns, padded);

    private protected override SequencePaddingTransformer Make(DataViewSchema schema) => new(Host, _columns, _padded);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input)
    {
        SchemaShape.Column source = input.Find(_columns.Input, ColumnRule.Sequence);
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddText(AnnotationNames.SequencePadding, "");
        ClassNames.Like(source)?.AddTo(annotations, AnnotationNames.KeyValues);
        if (OneHotSteps.MayBe(source))
            annotations.AddText(AnnotationNames.SequenceKind, AnnotationNames.OneHot);
        if (source.Annotations.Any(annotation => annotation.Name == AnnotationNames.SequenceDetokenization))
            annotations.AddText(AnnotationNames.SequenceDetokenization, "");
        PrimitiveDataViewType item = source.IsKey ? new KeyDataViewType(source.ItemType.RawType, 1) : NumberDataViewType.Single;
        return [new(_columns.Output, new VectorDataViewType(item, 1), annotations.ToAnnotations())];
    }
}

/// <summary>
/// Sequences of any length become sequences of one fixed length: filled up with 0 or cut. KeyValues, SequenceKind and
/// SequenceDetokenization are kept; the annotation SequencePadding tells where the zeros stand.
/// </summary>
public sealed class SequencePaddingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequencePadding";
    private static readonly ModelFormat Format = new("SEQPADDG", 1, LoaderSignature);

    private readonly ColumnPair _columns;
    private readonly PaddedLength _padded;

    internal SequencePaddingTransformer(IHostEnvironment environment, ColumnPair columns, PaddedLength padded)
        : base(environment, nameof(SequencePaddingTransformer)) => (_columns, _padded) = (columns, padded);

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_columns.Input, ColumnRule.Sequence);
        var type = (VectorDataViewType)input.Type;
        int width = type.Dimensions is [_, var features] ? features : 1;
        if (width == 0 || type.Dimensions.Length > 2)
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                $"Column '{_columns.Input}' is {type}: the numbers of a step must be " +
                "one fixed dimension, the last of two. Give it dimensions [*, F] with ReshapeSequence.");
        if ((long)_padded.Length * width > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                $"Column '{_columns.Input}' would have {Counted.Of(_padded.Length, "step")} of " +
                $"{Counted.Of(width, "value")}, more than a vector can hold. Pad to a smaller length.");
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, name => name is AnnotationNames.KeyValues or AnnotationNames.SequenceDetokenization);
        if (OneHotSteps.Are(input))
            annotations.AddText(AnnotationNames.SequenceKind, AnnotationNames.OneHot); // also where ML.NET's encodings say so
        annotations.AddText(AnnotationNames.SequencePadding, _padded.Pad.ToString());
        VectorDataViewType padded = type.Dimensions.Length == 2
            ? new VectorDataViewType(type.ItemType, _padded.Length, width)
            : new VectorDataViewType(type.ItemType, _padded.Length);
        return new ColumnMapper(inputSchema, input, new(_columns.Output, padded, annotations.ToAnnotations()),
            row => type.ItemType.RawType switch
            {
                Type raw when raw == typeof(byte) => MakeGetter<byte>(row, input, width),
                Type raw when raw == typeof(ushort) => MakeGetter<ushort>(row, input, width),
                Type raw when raw == typeof(uint) => MakeGetter<uint>(row, input, width),
                _ => MakeGetter<float>(row, input, width),
            });
    }

    private ValueGetter<VBuffer<T>> MakeGetter<T>(DataViewRow row, DataViewSchema.Column input, int width)
    {
        ValueGetter<VBuffer<T>> get = row.GetGetter<VBuffer<T>>(input);
        VBuffer<T> source = default;
        int slots = _padded.Length * width;
        return (ref VBuffer<T> value) =>
        {
            get(ref source);
            if (source.Length % width != 0)
                throw NotWholeSteps(row.Position, source.Length, width);
            int steps = source.Length / width;
            int cut = _padded.Truncate == SequenceSide.Start ? Math.Max(0, steps - _padded.Length) : 0;
            int shift = _padded.Pad == SequenceSide.Start ? Math.Max(0, _padded.Length - steps) : 0;
            int move = (shift - cut) * width;

            ReadOnlySpan<T> values = source.GetValues();
            if (source.IsDense)
            {
                VBufferEditor<T> dense = VBufferEditor.Create(ref value, slots);
                dense.Values.Clear();
                values[(cut * width)..Math.Min(values.Length, (cut + _padded.Length) * width)]
                    .CopyTo(dense.Values[(shift * width)..]);
                value = dense.Commit();
                return;
            }
            ReadOnlySpan<int> indices = source.GetIndices();
            int first = 0, end = indices.Length;
            while (first < end && indices[first] + move < 0)
                first++;
            while (end > first && indices[end - 1] + move >= slots)
                end--;
            VBufferEditor<T> sparse = VBufferEditor.Create(ref value, slots, end - first, requireIndicesOnDense: true);
            for (int i = first; i < end; i++)
            {
                sparse.Values[i - first] = values[i];
                sparse.Indices[i - first] = indices[i] + move;
            }
            value = sparse.CommitTruncated(end - first);
        };
    }

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        var column = SequenceColumn.Bind(inputSchema, _columns.Input);
        var type = (VectorDataViewType)added[0].Type;
        var padding = new OnnxPadding(graph, _padded);
        if (column.AreKeys)
            padding.Of(OnnxSequences.Keys(graph, _columns.Input, column.InputSize), size: 0).DefineKeys(added[0].Name, type);
        else if (graph.KeysBehind(graph.ValueOf(_columns.Input)) is { } keys)
            padding.Of(OnnxSequences.Marked(graph, keys), size: 0).DefineOneHot(added[0].Name, type, column.InputSize);
        else
            padding.Of(OnnxSequences.Frames(graph, _columns.Input, column.InputSize), column.InputSize)
                .DefineFrames(added[0].Name, type);
    }

    private InvalidOperationException NotWholeSteps(long row, int values, int width) => new(
        Invariant($"Column '{_columns.Input}', row {row} (counted from 0): {Counted.Of(values, "value")} cannot be cut into ") +
        Invariant($"steps of {width}. Every row must hold whole steps of the same number of values."));

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        _columns.Write(writer);
        _padded.Write(writer);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequencePaddingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format,
            reader => new SequencePaddingTransformer(environment, ColumnPair.Read(reader), PaddedLength.Read(reader)));
}
