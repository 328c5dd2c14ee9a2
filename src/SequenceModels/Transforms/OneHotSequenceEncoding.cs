using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;

[assembly: LoadableClass(typeof(OneHotSequenceEncodingTransformer), typeof(OneHotSequenceEncodingTransformer), null,
    typeof(SignatureLoadModel), "", OneHotSequenceEncodingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Turns a sequence of keys into a sequence of one-hot vectors. There is nothing to learn.</summary>
public sealed class OneHotSequenceEncodingEstimator : StatelessEstimator<OneHotSequenceEncodingTransformer>
{
    private readonly ColumnPair _columns;

    internal OneHotSequenceEncodingEstimator(IHostEnvironment environment, ColumnPair columns)
        : base(environment, nameof(OneHotSequenceEncodingEstimator)) => _columns = columns;

    private protected override OneHotSequenceEncodingTransformer Make(DataViewSchema schema) => new(Host, _columns);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input)
    {
        SchemaShape.Column keys = input.Find(_columns.Input, ColumnRule.Keys);
        int steps = keys.Kind == SchemaShape.Column.VectorKind.Vector ? 1 : 0;
        return [OneHotSequenceEncodingTransformer.Column(_columns.Output, steps, 2,
            annotations => ClassNames.Like(keys)?.AddTo(annotations, AnnotationNames.KeyValues))];
    }
}

/// <summary>
/// A vector of keys becomes Vector&lt;Single&gt; of dimensions [*, V] (or [T, V]), sparse: one 1 a step; an unknown key is a step
/// of zeros. The annotation SequenceKind says OneHot; KeyValues are kept, and name the slots of a step.
/// </summary>
public sealed class OneHotSequenceEncodingTransformer : RowTransformer
{
    internal const string LoaderSignature = "OneHotSequenceEncoding";
    private static readonly ModelFormat Format = new("SEQONEHT", 1, LoaderSignature);

    private readonly ColumnPair _columns;

    internal OneHotSequenceEncodingTransformer(IHostEnvironment environment, ColumnPair columns)
        : base(environment, nameof(OneHotSequenceEncodingTransformer)) => _columns = columns;

    /// <param name="name">The column's name.</param>
    /// <param name="steps">T; 0 = any.</param>
    /// <param name="keys">V.</param>
    /// <param name="addNames">Adds what the keys stand for.</param>
    internal static DataViewSchema.DetachedColumn Column(string name, int steps, int keys,
        Action<DataViewSchema.Annotations.Builder> addNames)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        addNames(annotations);
        annotations.AddText(AnnotationNames.SequenceKind, AnnotationNames.OneHot);
        return new(name, new VectorDataViewType(NumberDataViewType.Single, steps, keys), annotations.ToAnnotations());
    }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_columns.Input, ColumnRule.Keys);
        SequenceColumn keys = SequenceColumn.Bind(inputSchema, _columns.Input);
        int steps = ((VectorDataViewType)input.Type).Size;
        if ((long)steps * keys.InputSize > int.MaxValue)
            throw TooLarge(steps, keys.InputSize);
        DataViewSchema.DetachedColumn output = Column(_columns.Output, steps, keys.InputSize,
            annotations => annotations.Add(input.Annotations, name => name == AnnotationNames.KeyValues));
        return new ColumnMapper(inputSchema, input, output, row => MakeGetter(row, keys));
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, SequenceColumn keys)
    {
        SequenceReader reader = keys.CreateReader(row);
        int width = keys.InputSize;
        return (ref VBuffer<float> value) =>
        {
            reader.Read();
            if ((long)reader.Length * width > int.MaxValue)
                throw TooLarge(reader.Length, width);
            VBufferEditor<float> editor = VBufferEditor.Create(ref value, reader.Length * width, reader.Length);
            if (editor.Indices.IsEmpty && reader.Length > 0)
            {
                // With a vocabulary of one, steps and values are as many: the vector is dense.
                for (int t = 0; t < reader.Length; t++)
                    editor.Values[t] = reader.Tokens[t] == 0 ? 0 : 1;
                value = editor.Commit();
                return;
            }
            int count = 0;
            for (int t = 0; t < reader.Length; t++)
            {
                uint key = reader.Tokens[t];
                if (key == 0 || key > width)
                    continue;
                editor.Indices[count] = t * width + (int)key - 1;
                editor.Values[count++] = 1;
            }
            value = editor.CommitTruncated(count);
        };
    }

    private InvalidOperationException TooLarge(int steps, int width) => new(
        $"Column '{_columns.Input}' has {Counted.Of(steps, "step")} of {Counted.Of(width, "key")}, more than a one-hot " +
        $"vector can index. Cut the sequences ({nameof(SequenceTokenization.MaximumLength)}), or train on the keys themselves: " +
        "the result is the same.");

    private protected override void WriteOnnx(PipelineGraph graph, DataViewSchema inputSchema,
        IReadOnlyList<DataViewSchema.Column> added)
    {
        var column = SequenceColumn.Bind(inputSchema, _columns.Input);
        OnnxSequences.Keys(graph, _columns.Input, column.InputSize)
            .DefineOneHot(added[0].Name, (VectorDataViewType)added[0].Type, column.InputSize);
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, _columns.Write);

    // Found by its name and parameters when a model file is loaded.
    private static OneHotSequenceEncodingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new OneHotSequenceEncodingTransformer(environment, ColumnPair.Read(reader)));
}
