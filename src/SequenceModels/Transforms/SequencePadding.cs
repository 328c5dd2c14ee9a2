using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Columns;
using SequenceModels.Interop;

[assembly: LoadableClass(typeof(SequencePaddingTransformer), typeof(SequencePaddingTransformer), null,
    typeof(SignatureLoadModel), "", SequencePaddingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Brings sequences to one length. There is nothing to learn.</summary>
public sealed class SequencePaddingEstimator : IEstimator<SequencePaddingTransformer>
{
    private readonly IHost _host;
    private readonly string _outputColumnName, _inputColumnName;
    private readonly PaddedLength _padded;

    internal SequencePaddingEstimator(IHostEnvironment environment, string outputColumnName, int length, string? inputColumnName,
        SequenceSide pad, SequenceSide truncate)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        if (length < 1)
            throw new ArgumentOutOfRangeException(nameof(length), InvariantText.Of(length), "length must be at least 1.");
        foreach ((SequenceSide side, string name) in new[] { (pad, nameof(pad)), (truncate, nameof(truncate)) })
            if (!Enum.IsDefined(side))
                throw new ArgumentOutOfRangeException(name, side, $"{name} must be Start or End.");
        _host = environment.Register(nameof(SequencePaddingEstimator));
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName ?? outputColumnName;
        _padded = new PaddedLength(length, pad, truncate);
    }

    /// <summary>Checks the input column; reads no row.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing or holds no sequence.</exception>
    public SequencePaddingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new SequencePaddingTransformer(_host, _outputColumnName, _inputColumnName, _padded);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column input = inputSchema.Find(_inputColumnName, ColumnRule.Sequence);
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddText(AnnotationNames.SequencePadding, "");
        ClassNames.Like(input)?.AddTo(annotations, AnnotationNames.KeyValues);
        if (OneHotSteps.MayBe(input))
            annotations.AddText(AnnotationNames.SequenceKind, AnnotationNames.OneHot);
        if (input.Annotations.Any(annotation => annotation.Name == AnnotationNames.SequenceDetokenization))
            annotations.AddText(AnnotationNames.SequenceDetokenization, "");
        PrimitiveDataViewType item = input.IsKey ? new KeyDataViewType(input.ItemType.RawType, 1) : NumberDataViewType.Single;
        return inputSchema.With(new DataViewSchema.DetachedColumn(_outputColumnName, new VectorDataViewType(item, 1), annotations.ToAnnotations()));
    }
}

/// <summary>How many steps each sequence gets, and where.</summary>
/// <param name="Length">T.</param>
/// <param name="Pad">Where a shorter sequence is filled up with zeros.</param>
/// <param name="Truncate">Where a longer one is cut.</param>
internal sealed record PaddedLength(int Length, SequenceSide Pad, SequenceSide Truncate);

/// <summary>
/// Sequences of any length become sequences of one fixed length: filled up with 0 or cut. KeyValues, SequenceKind and
/// SequenceDetokenization are kept; the annotation SequencePadding tells where the zeros stand.
/// </summary>
public sealed class SequencePaddingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequencePadding";
    private static readonly ModelFormat Format = new("SEQPADDG", 1, LoaderSignature);

    private readonly string _outputColumnName, _inputColumnName;
    private readonly PaddedLength _padded;

    internal SequencePaddingTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName, PaddedLength padded)
        : base(environment, nameof(SequencePaddingTransformer))
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        _padded = padded;
    }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_inputColumnName, ColumnRule.Sequence);
        var type = (VectorDataViewType)input.Type;
        int width = type.Dimensions is [_, var features] ? features : 1;
        if (width == 0 || type.Dimensions.Length > 2)
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Column '{_inputColumnName}' is {type}: the numbers of a step must be " +
                "one fixed dimension, the last of two. Give it dimensions [*, F] with ReshapeSequence.");
        if ((long)_padded.Length * width > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Column '{_inputColumnName}' would have {Counted.Of(_padded.Length, "step")} of " +
                $"{Counted.Of(width, "value")}, more than a vector can hold. Pad to a smaller length.");
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(input.Annotations, name => name is AnnotationNames.KeyValues or AnnotationNames.SequenceDetokenization);
        if (OneHotSteps.Are(input))
            annotations.AddText(AnnotationNames.SequenceKind, AnnotationNames.OneHot); // also where ML.NET's encodings say it in their way
        annotations.AddText(AnnotationNames.SequencePadding, _padded.Pad.ToString());
        VectorDataViewType padded = type.Dimensions.Length == 2
            ? new VectorDataViewType(type.ItemType, _padded.Length, width)
            : new VectorDataViewType(type.ItemType, _padded.Length);
        return new ColumnMapper(inputSchema, input, new(_outputColumnName, padded, annotations.ToAnnotations()),
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
                throw new InvalidOperationException(Invariant($"Column '{_inputColumnName}', row {row.Position} (counted from 0): {Counted.Of(source.Length, "value")} ") +
                    Invariant($"cannot be cut into steps of {width}. Every row must hold whole steps of the same number of values."));
            int steps = source.Length / width;
            int cut = _padded.Truncate == SequenceSide.Start ? Math.Max(0, steps - _padded.Length) : 0;
            int shift = _padded.Pad == SequenceSide.Start ? Math.Max(0, _padded.Length - steps) : 0;
            int move = (shift - cut) * width;

            ReadOnlySpan<T> values = source.GetValues();
            if (source.IsDense)
            {
                VBufferEditor<T> dense = VBufferEditor.Create(ref value, slots);
                dense.Values.Clear();
                values[(cut * width)..Math.Min(values.Length, (cut + _padded.Length) * width)].CopyTo(dense.Values[(shift * width)..]);
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

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        writer.Write(_outputColumnName);
        writer.Write(_inputColumnName);
        writer.Write(_padded.Length);
        writer.Write((int)_padded.Pad);
        writer.Write((int)_padded.Truncate);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequencePaddingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new SequencePaddingTransformer(environment, reader.ReadString(), reader.ReadString(),
            new PaddedLength(reader.ReadInt32("length", 1, int.MaxValue), reader.ReadEnum<SequenceSide>("side of padding"),
                reader.ReadEnum<SequenceSide>("side of cutting"))));
}
