using System.IO.Compression;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Reports;
using SequenceModels.Tests.Forecasting;
using SequenceModels.Tests.Trainers;
using SequenceModels.Tests.Transforms;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

public class SaveLoadTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_chain_with_ML_NETs_own_transforms_scores_the_same_after_loading()
    {
        IDataView data = _ml.View(60);
        ITransformer model = _ml.TopicPipeline(Examples.Glance).Fit(data);

        ITransformer loaded = new MLContext().Model.Load(Saved(model, data), out DataViewSchema schema);

        Assert.Equal(data.Schema.Select(column => column.Name), schema.Select(column => column.Name));
        IDataView unseen = _ml.View(40, seed: 9);
        Assert.Equal(Topics(model), Topics(loaded));
        Assert.Equal(Bits(model), Bits(loaded));

        IEnumerable<string> Topics(ITransformer transformer) => transformer.Transform(unseen).GetColumn<string>("PredictedTopic");
        int[] Bits(ITransformer transformer) => [.. transformer.Transform(unseen).GetColumn<float[]>("Score")
            .SelectMany(scores => scores.Select(BitConverter.SingleToInt32Bits))];
    }

    [Fact]
    public void A_loaded_transformer_is_what_was_saved()
    {
        IDataView data = _ml.View(30);
        IDataView tokens = _ml.Tokens().Fit(data).Transform(data);
        SequencePredictionTransformer model = _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive),
            options: Examples.Glance)
            .Fit(tokens).WithThreshold(0.25f);

        var loaded = (SequencePredictionTransformer)new MLContext().Model.Load(Saved(model, tokens), out _);

        Assert.Equal("Features", loaded.FeatureColumnName);
        Assert.Equal(model.FeatureColumnType, loaded.FeatureColumnType);
        Assert.Equal(model.Model.Network.Bytes(), loaded.Model.Network.Bytes());
        Assert.Equal(Labels(model), Labels(loaded));
        Assert.Equal(loaded.Scores(tokens).Select(score => score > 0.25f), Labels(loaded));

        IEnumerable<bool> Labels(ITransformer transformer) => transformer.Transform(tokens).GetColumn<bool>("PredictedLabel");
    }

    [Theory]
    [InlineData(nameof(Features.Numbers))]
    [InlineData(nameof(Features.Fixed))]
    [InlineData(nameof(Features.Frames))]
    [InlineData(nameof(Features.Bytes))]
    [InlineData(nameof(Features.Shorts))]
    [InlineData(nameof(Features.Keys))]
    public void The_type_of_the_feature_column_is_kept(string feature)
    {
        IDataView data = _ml.Data.LoadFromEnumerable([new Features { Label = 1 }, new Features { Label = 2 }],
            Examples.Dimensions<Features>(nameof(Features.Frames), 0, 2));
        ITransformer model = _ml.Regression.Trainers.Gru(featureColumnName: feature, options: Examples.Glance).Fit(data);

        ITransformer loaded = new MLContext().Model.Load(Saved(model, data), out _);

        Assert.Equal(data.Schema[feature].Type, ((SequencePredictionTransformer)loaded).FeatureColumnType);
        Assert.Equal(model.Scores(data), loaded.Scores(data));
    }

    [Fact]
    public void Saving_twice_gives_equal_entries()
    {
        IDataView data = _ml.View(20);
        ITransformer model = _ml.TopicPipeline(Examples.Glance).Fit(data);
        Dictionary<string, byte[]> first = Entries(Saved(model, data));
        Assert.Contains(first.Keys, name => name.EndsWith("Payload.bin", StringComparison.Ordinal));
        Assert.Equal(first, Entries(Saved(model, data)));
    }

    [Fact]
    public void A_context_with_the_loaders_registered_by_hand_loads_too()
    {
        IDataView data = _ml.View(20);
        ITransformer model = _ml.TopicPipeline(Examples.Glance).Fit(data);
        using MemoryStream file = Saved(model, data);
        var other = new MLContext().UseSequenceModels();
        Assert.Equal(
            model.Transform(data).GetColumn<float[]>("Score"),
            other.Model.Load(file, out _).Transform(data).GetColumn<float[]>("Score"));
    }

    [Fact]
    public void A_model_saved_with_its_loader_reads_files_again()
    {
        string text = Path.GetTempFileName(), file = Path.GetTempFileName();
        try
        {
            File.WriteAllLines(text, Examples.Make(20).Select(row => $"{row.Text}\t{row.Positive}"));
            TextLoader loader = _ml.Data.CreateTextLoader(
                [new TextLoader.Column("Text", DataKind.String, 0), new TextLoader.Column("Positive", DataKind.Boolean, 1)]);
            IDataView data = loader.Load(text);
            var model = _ml.BinaryPipeline(Examples.Glance).Fit(data);
            _ml.Model.Save(model, loader, file);

            ITransformer loaded = new MLContext().Model.LoadWithDataLoader(file,
                out IDataLoader<IMultiStreamSource> loadedLoader);

            Assert.Equal(model.Scores(data), loaded.Scores(loadedLoader.Load(new MultiFileSource(text))));
        }
        finally
        {
            File.Delete(text);
            File.Delete(file);
        }
    }

    private MemoryStream Saved(ITransformer model, IDataView data)
    {
        var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        return file;
    }

    private static Dictionary<string, byte[]> Entries(Stream file)
    {
        using var zip = new ZipArchive(file);
        return zip.Entries.ToDictionary(entry => entry.FullName, entry =>
        {
            using Stream content = entry.Open();
            using var bytes = new MemoryStream();
            content.CopyTo(bytes);
            return bytes.ToArray();
        });
    }

    private sealed class Features
    {
        public float Label { get; set; }

        [VectorType]
        public float[] Numbers { get; set; } = [1, 2, 3];

        [VectorType(2)]
        public float[] Fixed { get; set; } = [1, 2];

        [VectorType]
        public float[] Frames { get; set; } = [1, 2, 3, 4];

        [VectorType]
        [KeyType(7)]
        public byte[] Bytes { get; set; } = [1, 7];

        [VectorType(2)]
        [KeyType(300)]
        public ushort[] Shorts { get; set; } = [1, 300];

        [VectorType]
        [KeyType(9)]
        public uint[] Keys { get; set; } = [9];
    }
}
