using Microsoft.ML;
using SequenceModels.Columns;

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

    /// <summary>Throws if the tokenization of a chain is known to give other keys than a model behind it was trained on.</summary>
    /// <param name="model">The model.</param>
    /// <param name="before">The parts before it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does; the message names the column.</exception>
    public static void RequireSameKeys(ISingleFeaturePredictionTransformer<SequenceModelParameters> model, IReadOnlyList<ITransformer> before)
    {
        if (before.LastOrDefault(part => part is SequenceTokenizingTransformer made && made.OutputColumnName == model.FeatureColumnName)
            is not SequenceTokenizingTransformer tokenization)
            return;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(tokenization.Added);
        DataViewSchema schema = builder.ToSchema();
        foreach (ITransformer part in before.SkipWhile(part => part != tokenization).Skip(1))
            try
            {
                schema = part.GetOutputSchema(schema);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It works on other columns than the tokens.
            }
        if (schema.GetColumnOrNull(model.FeatureColumnName) is null)
            return;
        NetworkSpec spec = model.Model.Network.Spec;
        model.Model.Names.RequireSameKeys([SequenceColumn.Bind(schema, model.FeatureColumnName, spec.Input, spec.InputSize).Column]);
    }
}
