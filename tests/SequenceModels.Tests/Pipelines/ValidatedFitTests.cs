using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using SequenceModels.Tests.Forecasting;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>Fits a pipeline with a validation set: the same model as each step by hand gives.</summary>
public class ValidatedFitTests
{
    private static readonly SequenceTrainerOptions s_stopping = Examples.Glance with { EarlyStoppingPatience = 1 };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Transforms_are_fitted_on_the_training_rows_alone_and_the_trainer_is_given_both()
    {
        IDataView train = Texts("up down", "down up"), validation = Texts("up across", "down up up");
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: s_stopping);
        TransformerChain<SequencePredictionTransformer> model =
            _ml.Sequences().Fit(_ml.Tokens().Append(trainer), train, validation);
        ITransformer tokens = _ml.Tokens().Fit(train);
        SequencePredictionTransformer byHand = trainer.Fit(tokens.Transform(train), tokens.Transform(validation));
        Assert.Equal(2, model.LastTransformer.Model.Network.Spec.Inputs[0].Size);
        RequireSame(byHand.Model, model.LastTransformer.Model);
        Assert.NotNull(model.LastTransformer.Model.History[0].Validation);
        Assert.Equal(byHand.Scores(tokens.Transform(validation)), model.Scores(validation));
    }

    [Fact]
    public void A_trainer_alone_gives_its_own_transformer()
    {
        SequencePredictionTransformer model = _ml.Sequences().Fit(_ml.SumTrainer(s_stopping), _ml.View(30), _ml.View(10, 8));
        RequireSame(_ml.SumTrainer(s_stopping).Fit(_ml.View(30), _ml.View(10, 8)).Model, model.Model);
    }

    [Fact]
    public void What_stands_behind_the_trainer_is_fitted_on_its_output_of_the_training_rows()
    {
        IDataView train = _ml.View(60), validation = _ml.View(20, 8);
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: s_stopping);
        PlattCalibratorEstimator platt = _ml.BinaryClassification.Calibrators.Platt(nameof(Example.Positive));
        TransformerChain<CalibratorTransformer<PlattCalibrator>> model =
            _ml.Sequences().Fit(_ml.Tokens().Append(trainer).Append(platt), train, validation);
        ITransformer tokens = _ml.Tokens().Fit(train);
        SequencePredictionTransformer byHand = trainer.Fit(tokens.Transform(train), tokens.Transform(validation));
        float[] Probabilities(ITransformer of, IDataView rows) => [.. of.Transform(rows).GetColumn<float>("Probability")];
        Assert.Equal(Probabilities(platt.Fit(byHand.Transform(tokens.Transform(train))),
            byHand.Transform(tokens.Transform(validation))), Probabilities(model, validation));
    }

    [Fact]
    public void A_chain_with_keys_a_cache_and_values_behind_it_works_as_any_model()
    {
        IDataView train = _ml.View(60), validation = _ml.View(20, 8);
        IEstimator<ITransformer> pipeline = _ml.TopicPipeline(s_stopping);
        ITransformer model = _ml.Sequences().Fit(pipeline, train, validation);
        using var file = new MemoryStream();
        _ml.Model.Save(model, train.Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        string[] Topics(ITransformer of) =>
            [.. _ml.Data.CreateEnumerable<TopicPrediction>(of.Transform(validation), false, ignoreMissingColumns: true)
                .Select(row => row.PredictedTopic)];
        Assert.Equal(Topics(model), Topics(loaded));
        Assert.Contains(Topics(model)[0], Examples.Topics);
        Assert.NotNull(((IEnumerable<ITransformer>)model).OfType<SequencePredictionTransformer>().Single()
            .Model.History[0].Validation);
    }

    [Fact]
    public void A_cache_keeps_the_training_rows_for_what_is_behind_it()
    {
        int Reads(bool cached)
        {
            int reads = 0;
            IEnumerable<Example> Rows()
            {
                reads++;
                foreach (Example row in Examples.Make(30))
                    yield return row;
            }
            var start = new EstimatorChain<ITransformer>().Append(_ml.Transforms.CopyColumns("Copy", nameof(Example.Text)));
            _ml.Sequences().Fit((cached ? start.AppendCacheCheckpoint(_ml) : start)
                .Append(_ml.Transforms.Text.TokenizeIntoSequence("Features", "Copy"))
                .Append(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: s_stopping)),
                _ml.Data.LoadFromEnumerable(Rows()), _ml.View(10, 8));
            return reads;
        }
        // For the tokens, and by the trainer. A cache reads a column once.
        Assert.Equal(2, Reads(cached: false));
        Assert.Equal(2, Reads(cached: true));
    }

    [Fact]
    public void A_chain_in_a_chain_and_a_delegate_are_seen_through()
    {
        IDataView train = _ml.View(30), validation = _ml.View(10, 8);
        SequencePredictionTransformer? told = null;
        IEstimator<SequencePredictionTransformer> trainer = _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive),
            options: s_stopping).WithOnFitDelegate(fitted => told = fitted);
        var inner = _ml.Tokens().Append(trainer);
        var model = _ml.Sequences().Fit(_ml.Transforms.CopyColumns("Copy", nameof(Example.Sum)).Append(inner), train,
            validation);
        RequireSame(_ml.Sequences().Fit(_ml.BinaryPipeline(s_stopping), train, validation).LastTransformer.Model,
            model.LastTransformer.LastTransformer.Model);
        Assert.Same(model.LastTransformer.LastTransformer, told);
    }

    [Fact]
    public void Raw_texts()
    {
        IDataView train = _ml.View(30), validation = _ml.View(10, 8);
        SequenceTrainer trainer = _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive),
            options: new() { NumberOfEpochs = 2, HiddenSize = 6, Seed = 1, NumberOfThreads = 1, EarlyStoppingPatience = 1 });
        var model = _ml.Sequences().Fit(_ml.Transforms.CopyColumns("Copy", nameof(Example.Sum)).Append(trainer), train,
            validation);
        RequireSame(trainer.Fit(train, validation).Model, model.LastTransformer.Model);
    }

    [Fact]
    public void Taggers()
    {
        IDataView train = _ml.TaggedView(40), validation = _ml.TaggedView(10, 8);
        TaggingTrainer trainer = _ml.Tagger(TaggedExamples.Glance with { EarlyStoppingPatience = 1 });
        var model = _ml.Sequences().Fit(_ml.TagKeys().Append(trainer), train, validation);
        ITransformer keys = _ml.TagKeys().Fit(train);
        RequireSame(trainer.Fit(keys.Transform(train), keys.Transform(validation)).Model, model.LastTransformer.Model);
    }

    [Fact]
    public void Language_models()
    {
        IDataView train = _ml.View(30), validation = _ml.View(10, 8);
        LanguageModelTrainer trainer = _ml.Sequences().LanguageModeling.Trainers.Gru(options: new()
        {
            HiddenSize = 6, EmbeddingSize = 4, NumberOfEpochs = 2, Seed = 1, NumberOfThreads = 1, EarlyStoppingPatience = 1,
        });
        var model = _ml.Sequences().Fit(_ml.Tokens().Append(trainer), train, validation);
        ITransformer tokens = _ml.Tokens().Fit(train);
        RequireSame(trainer.Fit(tokens.Transform(train), tokens.Transform(validation)).Model, model.LastTransformer.Model);
    }

    [Fact]
    public void Forecasters_calibrate_their_bounds_on_the_validation_rows()
    {
        TimeStep[] steps = Steps.Wave(100, noise: 2);
        IDataView train = _ml.View(steps[..70]), validation = _ml.View(steps[70..]);
        NormalizingEstimator scale = _ml.Transforms.NormalizeMinMax("Target", nameof(TimeStep.Value), fixZero: false);
        ForecastTrainer trainer = _ml.Forecasting.ForecastByGru("Forecast", ["Target"], 8, 3,
            Steps.Glance with { EarlyStoppingPatience = 1 });
        var model = _ml.Sequences().Fit(scale.Append(trainer), train, validation);
        NormalizingTransformer scaled = scale.Fit(train);
        ForecastTransformer byHand = trainer.Fit(scaled.Transform(train), scaled.Transform(validation));
        RequireSame(byHand.Model, model.LastTransformer.Model);
        Assert.Equal(byHand.Forecasts(scaled.Transform(validation)), model.Forecasts(validation));
    }

    [Fact]
    public void A_pipeline_without_a_trainer_of_ours_is_refused()
    {
        string message = Assert.Throws<ArgumentException>("pipeline", () => _ml.Sequences().Fit(_ml.Tokens()
            .Append(_ml.Transforms.CopyColumns("Copy", "Features")), _ml.View(5), _ml.View(5))).Message;
        Assert.StartsWith("The pipeline has no trainer of SequenceModels in it, which could be given the validation rows: it " +
            "is made of SequenceTokenizingEstimator, ColumnCopyingEstimator. Add a trainer, or call the pipeline's Fit with the",
            message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_the_validation_rows_lack_is_named_before_anything_is_fitted()
    {
        var train = new WatchedView(_ml.View(30));
        IDataView without = Without(nameof(Example.Topic));
        string message = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Sequences().Fit(_ml.TopicPipeline(s_stopping), train, without)).Message;
        Assert.StartsWith("The validation set does not fit the training set. It has no column 'Topic'. ", message,
            StringComparison.Ordinal);
        Assert.Equal(0, train.Moves);
    }

    [Fact]
    public void A_column_of_another_type_is_named()
    {
        IDataView other = _ml.Transforms.CopyColumns(nameof(Example.Positive), nameof(Example.Sum)).Fit(_ml.View(5))
            .Transform(_ml.View(5));
        string message = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Sequences().Fit(_ml.BinaryPipeline(s_stopping), _ml.View(30), other)).Message;
        Assert.StartsWith("The validation set does not fit the training set. Its column 'Positive' is Single, where that of " +
            "the training set is Boolean. ", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_of_another_size_is_named_where_a_transform_reads_it()
    {
        var pipeline = _ml.Transforms.Concatenate("Both", nameof(Example.Frames), nameof(Example.Sum))
            .Append(_ml.Transforms.NormalizeMinMax("Both"))
            .Append(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), "Both", options: s_stopping));
        IDataView other = _ml.Transforms.Concatenate(nameof(Example.Frames), nameof(Example.Sum), nameof(Example.Weight))
            .Fit(_ml.View(5)).Transform(_ml.View(5));
        string message = Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Sequences().Fit(pipeline, _ml.View(30), other)).Message;
        Assert.StartsWith("The validation set does not fit the training set. Its column 'Frames' is Vector<Single, 2>, where " +
            "that of the training set is Vector<Single, 6>.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_that_nothing_reads_may_be_missing() => Assert.NotNull(_ml.Sequences().Fit(
        _ml.BinaryPipeline(s_stopping), _ml.View(30), Without(nameof(Example.Topic))));

    [Fact]
    public void A_column_that_the_pipeline_does_not_find_in_the_training_rows_is_no_fault_of_the_validation_set()
    {
        string message = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Sequences().Fit(
            _ml.BinaryPipeline(s_stopping), Without(nameof(Example.Positive)), Without(nameof(Example.Positive)))).Message;
        Assert.DoesNotContain("validation", message);
    }

    private IDataView Without(string column) =>
        _ml.Transforms.DropColumns(column).Fit(_ml.View(5)).Transform(_ml.View(5));

    private IDataView Texts(params string[] texts) => _ml.Data.LoadFromEnumerable(texts.Select((text, i) =>
        new Example { Text = text, Positive = i % 2 == 0 }));

    private static void RequireSame(SequenceModelParameters expected, SequenceModelParameters actual)
    {
        Assert.Equal(expected.Network.Bytes(), actual.Network.Bytes());
        Assert.Equal(expected.History.Select(epoch => epoch.Validation!.Loss),
            actual.History.Select(epoch => epoch.Validation!.Loss));
    }
}
