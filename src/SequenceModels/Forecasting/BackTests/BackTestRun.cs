using Microsoft.ML;

namespace SequenceModels.Forecasting;

/// <summary>Trains a model for each fold, and measures it on what follows.</summary>
/// <param name="data">A row a step.</param>
/// <param name="ranks">Their times.</param>
/// <param name="fit">Trains a model on the first rows, and where there are others measures it on them in training.</param>
/// <param name="measurement">Adds up the errors.</param>
internal sealed class BackTestRun(IDataView data, TimeRanks ranks, Func<IDataView, IDataView?, ITransformer> fit,
    ForecastMeasurement measurement)
{
    public ForecastBackTest Run(IReadOnlyList<FoldRows> folds)
    {
        int tested = folds.Sum(fold => fold.Tested);
        for (int fold = 0; fold < folds.Count; fold++)
            measurement.Add(Fit(folds, fold, tested), data, ranks, folds[fold]);
        return measurement.Result(folds.Count, tested);
    }

    /// <summary>
    /// A fold is told by its number where it cannot be learned: it has fewer rows than the whole, and maybe no value of some
    /// column.
    /// </summary>
    private ITransformer Fit(IReadOnlyList<FoldRows> folds, int fold, int tested)
    {
        FoldRows rows = folds[fold];
        try
        {
            return fit(new RowSubset(data, rows.TrainingRows),
                rows.HasValidation ? new RowSubset(data, rows.ValidationRows) : null);
        }
        catch (InvalidOperationException e)
        {
            string mend = e is not NothingToLearnException ? "" : tested == folds.Count
                ? " Fewer folds leave more to learn from."
                : " A smaller testFraction leaves more to learn from.";
            throw new InvalidOperationException(
                Invariant($"Fold {fold + 1} of {folds.Count}, whose model learns from the first ") +
                Invariant($"{Counted.Of(rows.Train, "step")} of {ranks.Observed}: {e.Message}{mend}"), e);
        }
    }
}
