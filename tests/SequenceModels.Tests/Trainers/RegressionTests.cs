using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class RegressionTests
{
    private readonly MLContext _ml = new(1);
    private static readonly SequenceTrainerOptions Patient = Examples.Quick with { NumberOfEpochs = 40 };

    [Fact]
    public void Plain_numbers_of_any_length_are_summed()
    {
        var model = _ml.SumTrainer(Patient).Fit(_ml.View(300));

        RegressionMetrics metrics = _ml.Regression.Evaluate(model.Transform(_ml.View(100, seed: 8)), nameof(Example.Sum));

        Assert.True(metrics.RSquared > 0.9, $"R-squared is {metrics.RSquared}");
    }

    [Fact]
    public void Cross_validation_works()
    {
        var folds = _ml.Regression.CrossValidate(_ml.View(300), _ml.SumTrainer(Patient), 2, nameof(Example.Sum));
        Assert.Equal(2, folds.Count);
        Assert.All(folds, fold => Assert.True(fold.Metrics.RSquared > 0.8, $"R-squared is {fold.Metrics.RSquared}"));
    }
}
