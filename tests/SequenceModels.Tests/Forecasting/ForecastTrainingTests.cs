using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>A validation set of its own, and a model to go on from.</summary>
public class ForecastTrainingTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_validation_set_is_measured_and_nothing_is_learned_from_it()
    {
        ForecastTrainer trainer = Trainer(Steps.Glance with { EarlyStoppingPatience = 5 });
        IDataView train = _ml.View(Steps.Wave(60));
        ForecastTransformer one = trainer.Fit(train, _ml.View(Steps.Wave(40, seed: 2))),
            other = trainer.Fit(train, _ml.View(Steps.Wave(40, level: 30)));
        Assert.NotEqual(one.Model.History[0].Validation!.Loss, other.Model.History[0].Validation!.Loss);
        Assert.Equal(one.Model.History[0].TrainingLoss, other.Model.History[0].TrainingLoss);
        Assert.Equal(one.Model.Network.Score(new float[8]), Trainer(Steps.Glance).Fit(train).Model.Network.Score(new float[8]));
    }

    [Fact]
    public void Bounds_are_calibrated_on_the_validation_set()
    {
        IDataView train = _ml.View(Steps.Wave(80));
        float[] plain = Trainer(Steps.Glance).Fit(train).Forecasts(train)[2][^1];
        float[] calm = Trainer(Steps.Glance).Fit(train, _ml.View(Steps.Wave(80, noise: 0))).Forecasts(train)[2][^1];
        float[] wild = Trainer(Steps.Glance).Fit(train, _ml.View(Steps.Wave(80, noise: 30))).Forecasts(train)[2][^1];
        Assert.NotEqual(plain, calm);
        Assert.True(wild[0] > calm[0]);
    }

    [Fact]
    public void A_validation_set_that_does_not_fit_is_refused()
    {
        ForecastTrainer trainer = Trainer(Steps.Glance with { PastColumnNames = ["Weather"] });
        IDataView train = _ml.View(Steps.Wave(60)), wider = _ml.Transforms.Concatenate("Weather", "Weather", "Price").Fit(train)
            .Transform(train);
        Assert.Contains("The validation set does not fit the training set. Column 'Weather' was a vector of 2 in training",
            Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Fit(train, wider)).Message);
        Assert.Contains("The validation set cannot be measured on. There is nothing to learn from",
            Assert.Throws<InvalidOperationException>(() => trainer.Fit(train, _ml.View(Steps.Wave(9)))).Message);
    }

    [Fact]
    public void Training_goes_on_from_a_model_with_its_scales()
    {
        ForecastOptions options = Steps.Glance with
        {
            PastColumnNames = ["Other"],
            Scaling = ForecastScaling.None,
            DifferenceInputs = true,
        };
        IDataView rows = _ml.View(Steps.Wave(60)), larger = _ml.View(Steps.Wave(60, level: 40));
        ForecastTransformer first = Trainer(options).Fit(rows);
        // Without an update the network stays what it was: so must the forecasts, whatever the new rows are like.
        ForecastTransformer second = Trainer(options with { LearningRate = 1e-30f, NumberOfEpochs = 1 })
            .Fit(larger, null, Reload(first).Model);
        Assert.Equal(first.Forecasts(rows)[0][^1], second.Forecasts(rows)[0][^1]);
        ForecastTransformer trained = Trainer(options).Fit(rows, null, first.Model);
        Assert.True(trained.Model.History[^1].TrainingLoss < first.Model.History[^1].TrainingLoss);
    }

    [Fact]
    public void A_model_that_takes_steps_in_another_way_is_no_beginning()
    {
        IDataView rows = _ml.View(Steps.Wave(60));
        SequenceModelParameters initial = Trainer(Steps.Glance).Fit(rows).Model;
        Refused("another shape", Steps.Glance with { HiddenSize = 7 });
        Refused("another shape", Steps.Glance with { PastColumnNames = ["Other"] });
        Refused("Transform is None there, and Difference here", Steps.Glance with { Transform = ForecastTransform.Difference });
        Refused("ForecastFrom is Nothing there, and LastValue here", Steps.Glance with { ForecastFrom = ForecastFrom.LastValue });

        void Refused(string message, ForecastOptions options) =>
            Assert.Contains(message, Assert.Throws<ArgumentException>(() => Trainer(options).Fit(rows, null, initial)).Message);
    }

    [Fact]
    public void Other_columns_are_computed_in_the_last_row_of_each_series_only()
    {
        int read = 0;
        TimeStep[] steps = [.. Steps.Wave(60, "a"), .. Steps.Wave(50, "b")];
        IDataView rows = _ml.Transforms.CustomMapping<Priced, Dear>((from, to) =>
        {
            read++;
            to.Twice = 2 * from.Price;
        }, null).Fit(_ml.View(steps)).Transform(_ml.View(steps));
        ForecastTransformer model = Trainer(Steps.Glance with { SeriesColumnName = "Series" }).Fit(rows);
        Assert.Equal(2, read);
        var engine = model.CreateForecastEngine<Told, Outcome>(_ml);
        Assert.Equal(2 * steps[^1].Price, engine.Predict(engine.CreateState(), "b").Twice);
    }

    private ForecastTrainer Trainer(ForecastOptions options) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options);

    private ForecastTransformer Reload(ForecastTransformer model)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, null, file);
        return (ForecastTransformer)_ml.Model.Load(file, out _);
    }

    private sealed class Priced
    {
        public float Price { get; set; }
    }

    private sealed class Dear
    {
        public float Twice { get; set; }
    }

    private sealed class Told
    {
        public string Series { get; set; } = "";

        public float Value { get; set; }

        public float Twice { get; set; }
    }

    private sealed class Outcome
    {
        public float[] Forecast { get; set; } = [];

        public float Twice { get; set; }
    }
}
