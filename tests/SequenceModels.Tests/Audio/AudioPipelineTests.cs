using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Fuzz;
using SequenceModels.Tests.Transforms;
using Xunit;

namespace SequenceModels.Tests.Audio;

public sealed class AudioPipelineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sound").FullName;
    private readonly MLContext _ml = new(1);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void From_files_of_any_kind_to_frames_and_the_same_after_saving()
    {
        float[] tone = [.. Enumerable.Range(0, 4410).Select(i => MathF.Sin(i * 0.1f) / 2)];
        Write("a.wav", WaveFile.Of(tone, rate: 44_100, channels: 2));
        Write("b.wav", WaveFile.Of(tone, rate: 8000, bits: 24));
        IDataView rows = Rows("a.wav", "b.wav");
        var pipeline = _ml.Transforms.LoadAudio("Samples", _folder, "Path", 8000).Append(_ml.Transforms.LogMelFrames("Mel",
            "Samples"))
            .Append(_ml.Transforms.StackFrames("Features", 3, "Mel"));
        var model = pipeline.Fit(rows);
        IDataView made = model.Transform(rows);
        Assert.Equal([0, 120], made.Dimensions("Features"));
        float[][] samples = made.Vectors<float>("Samples"), features = made.Vectors<float>("Features");
        Assert.Equal([400, 4410], samples.Select(row => row.Length));
        Assert.Equal([120, 18 * 120], features.Select(row => row.Length));
        Assert.Equal(new FrameExtractor(new(), 8000).Extract(samples[1]), made.Vectors<float>("Mel")[1]);

        using var file = new MemoryStream();
        _ml.Model.Save(model, rows.Schema, file);
        file.Position = 0;
        ITransformer loaded = new MLContext(2).Model.Load(file, out _);
        Assert.Equal(features, loaded.Transform(rows).Vectors<float>("Features"));
        using var engine = new MLContext(3).Model.CreatePredictionEngine<Recording, Frames>(loaded);
        Assert.Equal(features[1], engine.Predict(new Recording { Path = "b.wav" }).Features);
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named_with_its_column_and_row()
    {
        Write("good.wav", WaveFile.Of(new float[9]));
        Write("short.wav", WaveFile.Of(new float[9])[..50]);
        string Message(params string[] paths) => Assert.Throws<InvalidOperationException>(() =>
            _ml.Transforms.LoadAudio("Samples", _folder,
                "Path").Fit(Rows(paths)).Transform(Rows(paths)).Vectors<float>("Samples")).Message;
        Assert.StartsWith($"Column 'Path', row 1 (counted from 0): File '{Path.Combine(_folder, "short.wav")}': ",
            Message("good.wav", "short.wav"));
        Assert.Contains("the file was cut short", Message("short.wav"));
        Assert.Contains("missing.wav", Message("missing.wav"));
        Assert.StartsWith("Column 'Path', row 0 (counted from 0): there is no path", Message(""));
        Assert.StartsWith("Column 'Path', row 0 (counted from 0): ", Message("\0"));
        Assert.StartsWith("Column 'Path', row 0 (counted from 0): ", Message("."));
    }

    [Fact]
    public void Samples_that_are_none_are_named_with_their_column_and_row()
    {
        var rows = new TestView(TestColumn.Numbers("Sound", [], [0, 1], [0, 0, float.NaN]));
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Transforms.LogMelFrames("Mel", "Sound",
            new() { SampleRate = 8000 })
            .Fit(rows).Transform(rows).Vectors<float>("Mel"));
        Assert.StartsWith("Column 'Sound', row 1 (counted from 0): sample 2 (counted from 0) is NaN", error.Message);
    }

    [Fact]
    public void The_sample_rate_comes_with_the_column_or_must_be_given()
    {
        var rows = new TestView(TestColumn.Numbers("Sound", [], [0, 1]));
        Assert.Contains("LogMelOptions.SampleRate must be given: column 'Sound' does not say",
            Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Transforms.LogMelFrames("Mel", "Sound").Fit(rows)).Message);
        var loading = _ml.Transforms.LoadAudio("Sound", null, "Path", 8000);
        IDataView paths = Rows("a.wav");
        Assert.Equal(8000, loading.Append(_ml.Transforms.MfccFrames("Mel",
            "Sound")).Fit(paths).LastTransformer.Extractor.SampleRate);
        var error = Assert.Throws<ArgumentOutOfRangeException>(() =>
            loading.Append(_ml.Transforms.LogMelFrames("Mel", "Sound", new() { SampleRate = 16_000 })).Fit(paths));
        Assert.Contains("Column 'Sound' has 8000 samples a second, but the frames are made of 16000", error.Message);
    }

    [Fact]
    public void Frames_are_no_samples()
    {
        var frames = new TestView(TestColumn.Numbers("Frames", [0, 2], [0, 1, 0, 1]));
        Assert.Contains("frames already", Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.LogMelFrames("Mel", "Frames", new() { SampleRate = 8000 }).Fit(frames)).Message);
    }

    [Fact]
    public void A_context_that_looks_for_no_loaders_can_be_told_of_these() =>
        Assert.NotNull(new MLContext().UseSequenceModels().UseSequenceModelsAudio().UseSequenceModelsAudio());

    private void Write(string name, byte[] file) => File.WriteAllBytes(Path.Combine(_folder, name), file);

    private IDataView Rows(params string[] paths) =>
        _ml.Data.LoadFromEnumerable(paths.Select(path => new Recording { Path = path }));

    private sealed class Recording
    {
        public string Path { get; set; } = "";
    }

    private sealed class Frames
    {
        public float[] Features { get; set; } = [];
    }
}
