using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Interop;

/// <summary>A look into a chain of estimators, whose type names what its last one fits.</summary>
internal static class EstimatorChains
{
    /// <summary>The last estimator of a chain, also where it is a chain again; what is no chain is its own.</summary>
    public static IEstimator<ITransformer> LastOf(IEstimator<ITransformer> estimator)
    {
        Type type = estimator.GetType();
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(EstimatorChain<>) &&
            type.GetField(nameof(EstimatorChain<ITransformer>.LastEstimator))!.GetValue(estimator)
                is IEstimator<ITransformer> last ? LastOf(last) : estimator;
    }
}
