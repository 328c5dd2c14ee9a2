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
public sealed class SequenceReshapingEstimator : IEstimator<SequenceReshapingTransformer>
{
    private readonly IHost _host;
    private readonly string _outputColumnName, _inputColumnName;
    private readonly int _featuresPerStep;

    internal SequenceReshapingEstimator(IHostEnvironment environment, string outputColumnName, int featuresPerStep, string? inputColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumnName);
        if (featuresPerStep < 1)
            throw new ArgumentOutOfRangeException(nameof(featuresPerStep), InvariantText.Of(featuresPerStep), "featuresPerStep must be at least 1.");
        _host = environment.Register(nameof(SequenceReshapingEstimator));
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName ?? outputColumnName;
        _featuresPerStep = featuresPerStep;
    }

    /// <summary>Checks the input column; reads no row.</summary>
    /// <param name="input">The data.</param>
    /// <exception cref="ArgumentOutOfRangeException">The input column is missing, holds no vector of Single, or does not divide into frames.</exception>
    public SequenceReshapingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var transformer = new SequenceReshapingTransformer(_host, _outputColumnName, _inputColumnName, _featuresPerStep);
        transformer.GetOutputSchema(input.Schema);
        return transformer;
    }

    /// <inheritdoc/>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        SchemaShape.Column input = inputSchema.Find(_inputColumnName, ColumnRule.Numbers);
        int steps = input.Kind == SchemaShape.Column.VectorKind.Vector ? 1 : 0;
        return inputSchema.With(new DataViewSchema.DetachedColumn(_outputColumnName,
            new VectorDataViewType(NumberDataViewType.Single, steps, _featuresPerStep)));
    }
}

/// <summary>A vector of T * F numbers becomes the same numbers with dimensions [T, F]; of variable length, [*, F].</summary>
public sealed class SequenceReshapingTransformer : RowTransformer
{
    internal const string LoaderSignature = "SequenceReshaping";
    private static readonly ModelFormat Format = new("SEQSHAPE", 1, LoaderSignature);

    private readonly string _outputColumnName, _inputColumnName;

    internal SequenceReshapingTransformer(IHostEnvironment environment, string outputColumnName, string inputColumnName, int featuresPerStep)
        : base(environment, nameof(SequenceReshapingTransformer))
    {
        _outputColumnName = outputColumnName;
        _inputColumnName = inputColumnName;
        FeaturesPerStep = featuresPerStep;
    }

    /// <summary>F, the numbers in a frame.</summary>
    public int FeaturesPerStep { get; }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_inputColumnName, ColumnRule.Numbers);
        int size = ((VectorDataViewType)input.Type).Size;
        if (size % FeaturesPerStep != 0)
            throw new ArgumentOutOfRangeException(nameof(inputSchema), $"Column '{_inputColumnName}' has {Counted.Of(size, "value")}, which cannot be cut " +
                Invariant($"into steps of {FeaturesPerStep} (featuresPerStep)."));
        var type = new VectorDataViewType(NumberDataViewType.Single, size / FeaturesPerStep, FeaturesPerStep);
        return new ColumnMapper(inputSchema, input, new(_outputColumnName, type), row => MakeGetter(row, input));
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<VBuffer<float>> get = row.GetGetter<VBuffer<float>>(input);
        return (ref VBuffer<float> value) =>
        {
            get(ref value);
            if (value.Length % FeaturesPerStep != 0)
                throw new InvalidOperationException(Invariant($"Column '{_inputColumnName}', row {row.Position} (counted from 0): {Counted.Of(value.Length, "value")} ") +
                    Invariant($"cannot be cut into steps of {FeaturesPerStep}. Every row must hold whole steps of the same number of values."));
        };
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        writer.Write(_outputColumnName);
        writer.Write(_inputColumnName);
        writer.Write(FeaturesPerStep);
    });

    // Found by its name and parameters when a model file is loaded.
    private static SequenceReshapingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new SequenceReshapingTransformer(environment, reader.ReadString(), reader.ReadString(),
            reader.ReadInt32("featuresPerStep", 1, int.MaxValue)));
}
