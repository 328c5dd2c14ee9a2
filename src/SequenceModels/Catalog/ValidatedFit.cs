using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Interop;

namespace SequenceModels;

/// <summary>
/// Fits a pipeline on training rows as ML.NET does, and brings validation rows along: each transformer, fitted on the training
/// rows, prepares both, and a trainer that can measure on rows is given both.
/// </summary>
internal sealed class ValidatedFit
{
    private readonly ValidationColumns _columns;
    private readonly List<string> _others = [];
    private bool _hasTrainer;

    private ValidatedFit(ValidationColumns columns) => _columns = columns;

    /// <summary>Fits a pipeline.</summary>
    /// <inheritdoc cref="SequencesCatalog.Fit" path="/exception"/>
    public static ITransformer Fit(IEstimator<ITransformer> pipeline, IDataView train, IDataView validation)
    {
        var fit = new ValidatedFit(new ValidationColumns(train.Schema, validation));
        fit.Look(pipeline);
        if (!fit._hasTrainer)
            throw new ArgumentException("The pipeline has no trainer of SequenceModels in it, which could be given the " +
                $"validation rows: it is made of {string.Join(", ", fit._others)}. Add a trainer, or call the pipeline's " +
                "Fit with the training rows alone.", nameof(pipeline));
        fit._columns.RequireFor(pipeline);
        return fit.FitPart(pipeline, train, fit._columns.Rows);
    }

    /// <summary>Finds trainers, and the names of what else there is.</summary>
    private void Look(IEstimator<ITransformer> estimator)
    {
        if (EstimatorChains.IsChain(estimator))
            foreach (IEstimator<ITransformer> part in EstimatorChains.PartsOf(estimator).Estimators)
                Look(part);
        else if (EstimatorChains.WithDelegate(estimator) is { } watched)
            Look(watched.Inner);
        else if (TrainerOf(estimator) is not null)
            _hasTrainer = true;
        else
            _others.Add(estimator.GetType().Name);
    }

    private ITransformer FitPart(IEstimator<ITransformer> estimator, IDataView train, IDataView validation)
    {
        if (EstimatorChains.IsChain(estimator))
            return FitChain(estimator, train, validation);
        if (EstimatorChains.WithDelegate(estimator) is { } watched)
        {
            ITransformer fitted = FitPart(watched.Inner, train, validation);
            watched.OnFit(fitted);
            return fitted;
        }
        return TrainerOf(estimator) is { } trainer ? trainer(train, validation) : estimator.Fit(train);
    }

    /// <summary>As <see cref="EstimatorChain{TLastTransformer}"/> fits its parts on the training rows.</summary>
    private ITransformer FitChain(IEstimator<ITransformer> chain, IDataView train, IDataView validation)
    {
        chain.GetOutputSchema(SchemaShapes.Of(train.Schema));
        ChainParts parts = EstimatorChains.PartsOf(chain);
        var transformers = new List<ITransformer>();
        for (int i = 0; i < parts.Estimators.Count; i++)
        {
            ITransformer fitted = FitPart(parts.Estimators[i], train, validation);
            transformers.Add(fitted);
            if (i == parts.Estimators.Count - 1)
                break;
            train = fitted.Transform(train);
            validation = _columns.Transform(fitted, validation);
            if (parts.CachedAfter[i])
                train = new MLContext().Data.Cache(train);
        }
        return EstimatorChains.Fitted(chain, transformers, parts.Scopes);
    }

    /// <summary>How a trainer of this library is given both; null for any other estimator.</summary>
    private static Func<IDataView, IDataView, ITransformer>? TrainerOf(IEstimator<ITransformer> estimator) => estimator switch
    {
        SequenceTrainer trainer => (train, validation) => trainer.Fit(train, validation),
        TaggingTrainer trainer => (train, validation) => trainer.Fit(train, validation),
        LanguageModelTrainer trainer => (train, validation) => trainer.Fit(train, validation),
        TranslationTrainer trainer => (train, validation) => trainer.Fit(train, validation),
        TranscriptionTrainer trainer => (train, validation) => trainer.Fit(train, validation),
        ForecastTrainer trainer => (train, validation) => trainer.Fit(train, validation),
        _ => null,
    };
}
