using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Audio;
using SequenceModels.Columns;
using SequenceModels.Interop;

[assembly: LoadableClass(typeof(FrameExtractingTransformer), typeof(FrameExtractingTransformer), null,
    typeof(SignatureLoadModel), "", FrameExtractingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Makes frames of samples of sound: log-mels or cepstral coefficients. There is nothing to learn.</summary>
public sealed class FrameExtractingEstimator : StatelessEstimator<FrameExtractingTransformer>
{
    private readonly ColumnPair _columns;
    private readonly LogMelOptions _options;

    internal FrameExtractingEstimator(IHostEnvironment environment, ColumnPair columns, LogMelOptions options)
        : base(environment, nameof(FrameExtractingEstimator))
    {
        options.Validate();
        if (options.SampleRate > 0)
            _ = new FrameExtractor(options); // for what does not fit together
        (_columns, _options) = (columns, options);
    }

    private protected override FrameExtractingTransformer Make(DataViewSchema schema)
    {
        int rate = SamplesColumn.RateOf(schema.Find(_columns.Input, ColumnRule.Numbers));
        _options.Require(rate > 0 || _options.SampleRate > 0, nameof(_options.SampleRate), 0,
            $"given: column '{_columns.Input}' does not say how many samples there are in a second, as those of LoadAudio do");
        return new(Host, _columns, new FrameExtractor(_options, _options.SampleRate > 0 ? _options.SampleRate : rate));
    }

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input)
    {
        input.Find(_columns.Input, ColumnRule.Numbers);
        int size = _options is MfccOptions cepstral ? cepstral.NumberOfCoefficients : _options.NumberOfFilters;
        return [new(_columns.Output, new VectorDataViewType(NumberDataViewType.Single, 0, size))];
    }
}

/// <summary>Samples become frames with dimensions [*, F].</summary>
public sealed class FrameExtractingTransformer : RowTransformer
{
    internal const string LoaderSignature = "FrameExtracting";
    private static readonly ModelFormat Format = new("SEQMELFR", 1, LoaderSignature) { AssemblyName = AudioAssembly.Name };

    private readonly ColumnPair _columns;

    internal FrameExtractingTransformer(IHostEnvironment environment, ColumnPair columns, FrameExtractor extractor)
        : base(environment, nameof(FrameExtractingTransformer)) => (_columns, Extractor) = (columns, extractor);

    /// <summary>The same for sound that is in no column.</summary>
    public FrameExtractor Extractor { get; }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_columns.Input, ColumnRule.Numbers);
        if (((VectorDataViewType)input.Type).Dimensions.Length > 1)
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                $"Column '{_columns.Input}' is {input.Type}, which are frames already. Samples have one dimension.");
        if (SamplesColumn.RateOf(input) is > 0 and var rate && rate != Extractor.SampleRate)
            throw new ArgumentOutOfRangeException(nameof(inputSchema),
                Invariant($"Column '{_columns.Input}' has {rate} samples a second, but the frames are made of ") +
                Invariant($"{Extractor.SampleRate} (SampleRate). Ask LoadAudio for as many."));
        var type = new VectorDataViewType(NumberDataViewType.Single, 0, Extractor.FrameSize);
        return new ColumnMapper(inputSchema, input, new(_columns.Output, type), row => MakeGetter(row, input));
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<VBuffer<float>> get = row.GetGetter<VBuffer<float>>(input);
        VBuffer<float> sparse = default, dense = default;
        return (ref VBuffer<float> value) =>
        {
            get(ref sparse);
            sparse.CopyToDense(ref dense);
            ReadOnlySpan<float> samples = dense.GetValues();
            if (SampleRange.FindInvalid(samples) is >= 0 and var wrong)
                throw new InvalidOperationException(
                    Invariant($"Column '{_columns.Input}', row {row.Position} (counted from 0): sample {wrong} ") +
                    $"(counted from 0) is {SampleRange.Describe(samples[wrong])}. Remove such rows.");
            VBufferEditor<float> frames = VBufferEditor.Create(ref value,
                checked(Extractor.CountFrames(samples.Length) * Extractor.FrameSize));
            Extractor.Extract(samples, frames.Values);
            value = frames.Commit();
        };
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        _columns.Write(writer);
        FrameOptionsFile.Write(writer, Extractor.Options);
    });

    // Found by its name and parameters when a model file is loaded.
    private static FrameExtractingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new FrameExtractingTransformer(environment, ColumnPair.Read(reader),
            FrameOptionsFile.Read(reader)));
}
