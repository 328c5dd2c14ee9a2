using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels;
using SequenceModels.Audio;
using SequenceModels.Columns;
using SequenceModels.Interop;

[assembly: LoadableClass(typeof(AudioLoadingTransformer), typeof(AudioLoadingTransformer), null,
    typeof(SignatureLoadModel), "", AudioLoadingTransformer.LoaderSignature)]

namespace SequenceModels;

/// <summary>Reads the WAV files of a column of paths. There is nothing to learn.</summary>
public sealed class AudioLoadingEstimator : StatelessEstimator<AudioLoadingTransformer>
{
    private readonly ColumnPair _columns;
    private readonly string _folder;
    private readonly int _sampleRate;

    internal AudioLoadingEstimator(IHostEnvironment environment, ColumnPair columns, string? folder, int sampleRate)
        : base(environment, nameof(AudioLoadingEstimator))
    {
        AudioClip.RequireRate(sampleRate);
        (_columns, _folder, _sampleRate) = (columns, folder ?? "", sampleRate);
    }

    private protected override AudioLoadingTransformer Make(DataViewSchema schema) => new(Host, _columns, _folder, _sampleRate);

    private protected override IEnumerable<DataViewSchema.DetachedColumn> AddedColumns(SchemaShape input)
    {
        input.Find(_columns.Input, ColumnRule.SingleText);
        return [SamplesColumn.Of(_columns.Output, _sampleRate)];
    }
}

/// <summary>Each path becomes the samples of its WAV file: one channel, at one rate.</summary>
public sealed class AudioLoadingTransformer : RowTransformer
{
    internal const string LoaderSignature = "AudioLoading";
    private static readonly ModelFormat Format = new("SEQAUDIO", 1, LoaderSignature) { AssemblyName = AudioAssembly.Name };

    private readonly ColumnPair _columns;
    private readonly string _folder;

    internal AudioLoadingTransformer(IHostEnvironment environment, ColumnPair columns, string folder, int sampleRate)
        : base(environment, nameof(AudioLoadingTransformer)) => (_columns, _folder, SampleRate) = (columns, folder, sampleRate);

    /// <summary>Samples in a second.</summary>
    public int SampleRate { get; }

    private protected override RowMapper Bind(DataViewSchema inputSchema)
    {
        DataViewSchema.Column input = inputSchema.Find(_columns.Input, ColumnRule.SingleText);
        return new ColumnMapper(inputSchema, input, SamplesColumn.Of(_columns.Output, SampleRate), row => MakeGetter(row, input));
    }

    private ValueGetter<VBuffer<float>> MakeGetter(DataViewRow row, DataViewSchema.Column input)
    {
        ValueGetter<ReadOnlyMemory<char>> get = row.GetGetter<ReadOnlyMemory<char>>(input);
        ReadOnlyMemory<char> path = default;
        var reader = new WaveReader(SampleRate);
        return (ref VBuffer<float> value) =>
        {
            get(ref path);
            // The array goes on as it is: nobody else has it.
            float[] samples = Read(reader, path.ToString(), row.Position);
            value = new VBuffer<float>(samples.Length, samples);
        };
    }

    private float[] Read(WaveReader reader, string path, long row)
    {
        string where = Invariant($"Column '{_columns.Input}', row {row} (counted from 0): ");
        if (path.Length == 0)
            throw new InvalidOperationException(where + "there is no path of a WAV file. Remove such rows.");
        try
        {
            return reader.Read(Path.Combine(_folder, path)).Take();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidOperationException(where + e.Message, e);
        }
    }

    private protected override void Save(ModelSaveContext context) => ModelStreams.Save(context, Format, writer =>
    {
        _columns.Write(writer);
        writer.Write(_folder);
        writer.Write(SampleRate);
    });

    // Found by its name and parameters when a model file is loaded.
    private static AudioLoadingTransformer Create(IHostEnvironment environment, object context) =>
        ModelStreams.Load(context, Format, reader => new AudioLoadingTransformer(environment, ColumnPair.Read(reader),
            reader.ReadString(), reader.ReadInt32("sampleRate", 1, LogMelOptions.MaximumRate)));
}
