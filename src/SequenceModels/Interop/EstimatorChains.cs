using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Interop;

/// <summary>What an <see cref="EstimatorChain{TLastTransformer}"/> is made of.</summary>
/// <param name="Estimators">Its estimators, in their order.</param>
/// <param name="Scopes">What each is for.</param>
/// <param name="CachedAfter">Whether the rows behind each are kept in memory for those that follow.</param>
internal sealed record ChainParts(IReadOnlyList<IEstimator<ITransformer>> Estimators, IReadOnlyList<TransformerScope> Scopes,
    IReadOnlyList<bool> CachedAfter);

/// <summary>A look into a chain of estimators, whose type names what its last one fits.</summary>
/// <remarks>
/// A chain shows nothing but its last estimator, and fits all of them on the same rows. Its parts are in private fields, which
/// have been the same since ML.NET 1.0.
/// </remarks>
internal static class EstimatorChains
{
    private static readonly Type? s_withDelegate =
        MlNetMembers.Data.GetType("Microsoft.ML.LearningPipelineExtensions+DelegateEstimator`1");

    /// <summary>The last estimator of a chain, also where it is a chain again; what is no chain is its own.</summary>
    public static IEstimator<ITransformer> LastOf(IEstimator<ITransformer> estimator) => IsChain(estimator) &&
        estimator.GetType().GetField(nameof(EstimatorChain<ITransformer>.LastEstimator))!.GetValue(estimator)
            is IEstimator<ITransformer> last ? LastOf(last) : estimator;

    public static bool IsChain(IEstimator<ITransformer> estimator) => Is(estimator, typeof(EstimatorChain<>));

    /// <summary>The parts of a chain.</summary>
    /// <exception cref="NotSupportedException">This version of ML.NET keeps them elsewhere.</exception>
    public static ChainParts PartsOf(IEstimator<ITransformer> chain) => new(
        Read<IEstimator<ITransformer>[]>(chain, "_estimators"), Read<TransformerScope[]>(chain, "_scopes"),
        Read<bool[]>(chain, "_needCacheAfter"));

    /// <summary>The chain of transformers that a chain of estimators gives.</summary>
    public static ITransformer Fitted(IEstimator<ITransformer> chain, IReadOnlyList<ITransformer> transformers,
        IReadOnlyList<TransformerScope> scopes) => (ITransformer)typeof(TransformerChain<>)
            .MakeGenericType(chain.GetType().GetGenericArguments())
            .GetConstructor([typeof(IEnumerable<ITransformer>), typeof(IEnumerable<TransformerScope>)])!
            .New(transformers, scopes);

    /// <summary>
    /// What <c>WithOnFitDelegate</c> was called on, and a call of its delegate; null for any other estimator.
    /// </summary>
    public static (IEstimator<ITransformer> Inner, Action<ITransformer> OnFit)? WithDelegate(IEstimator<ITransformer> estimator)
    {
        if (s_withDelegate is null || !Is(estimator, s_withDelegate))
            return null;
        Delegate onFit = Read<Delegate>(estimator, "_onFit");
        return (Read<IEstimator<ITransformer>>(estimator, "_est"),
            fitted => onFit.Method.Call(onFit.Target, fitted));
    }

    private static bool Is(IEstimator<ITransformer> estimator, Type definition) =>
        estimator.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == definition;

    private static T Read<T>(object target, string field) => (T)MlNetMembers.Field(target.GetType(), field).GetValue(target)!;
}
