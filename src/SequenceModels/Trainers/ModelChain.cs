using Microsoft.ML;

namespace SequenceModels.Trainers;

/// <summary>Looks into a model for the transformers that it is made of.</summary>
internal static class ModelChain
{
    /// <summary>The parts of a chain in their order, those of inner chains included; of any other transformer, itself.</summary>
    public static IEnumerable<ITransformer> PartsOf(ITransformer model) =>
        model is IEnumerable<ITransformer> chain ? chain.SelectMany(PartsOf) : [model];

    /// <summary>The last part of a kind, and those before it.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static (T Found, IReadOnlyList<ITransformer> Before) FindLast<T>(ITransformer model, string kind) where T : class
    {
        ArgumentNullException.ThrowIfNull(model);
        ITransformer[] parts = [.. PartsOf(model)];
        int place = Array.FindLastIndex(parts, part => part is T);
        return place >= 0 ? ((T)parts[place], parts[..place]) : throw new ArgumentException($"The model has no {kind} in it: it is made of " +
            $"{string.Join(", ", parts.Select(part => part.GetType().Name))}.", nameof(model));
    }
}
