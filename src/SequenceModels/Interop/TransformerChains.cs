using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Interop;

/// <summary>A look into a <see cref="TransformerChain{TLastTransformer}"/>, whose type names its last transformer.</summary>
internal static class TransformerChains
{
    private static bool IsChain(ITransformer model) =>
        model.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(TransformerChain<>);

    /// <summary>The same chain with other parts, each of the type that stood there.</summary>
    /// <param name="model">A chain, in which others may be; what is no chain is replaced itself.</param>
    /// <param name="replace">Gives what stands in the place of a part.</param>
    /// <exception cref="NotSupportedException">This version of ML.NET keeps the parts elsewhere.</exception>
    public static ITransformer Replace(ITransformer model, Func<ITransformer, ITransformer> replace)
    {
        if (!IsChain(model))
            return replace(model);
        ITransformer[] parts = [.. ((IEnumerable<ITransformer>)model).Select(part => Replace(part, replace))];
        object scopes = MlNetMembers.Field(model.GetType(), "_scopes").GetValue(model)!;
        return (ITransformer)model.GetType()
            .GetConstructor([typeof(IEnumerable<ITransformer>), typeof(IEnumerable<TransformerScope>)])!
            .New(parts, scopes);
    }
}
