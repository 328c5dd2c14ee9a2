using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Sequences;

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
        return place >= 0 ? ((T)parts[place], parts[..place]) : throw new ArgumentException($"The model has no {kind} in it: " +
            $"it is made of {string.Join(", ", parts.Select(part => part.GetType().Name))}.", nameof(model));
    }

    /// <summary>
    /// Throws if the tokenization of a chain is known to give other keys than a model behind it was trained on.
    /// </summary>
    /// <param name="model">The model.</param>
    /// <param name="before">The parts before it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does; the message names the column.</exception>
    public static void RequireSameKeys(ISingleFeaturePredictionTransformer<SequenceModelParameters> model,
        IReadOnlyList<ITransformer> before) =>
        RequireSameKeys(model.FeatureColumnName, model.Model.Network.Spec.Inputs[0], model.Model.Names, before);

    /// <summary>The same of a model that reads a column.</summary>
    /// <param name="column">The column.</param>
    /// <param name="input">What the model takes its steps for.</param>
    /// <param name="names">What its keys stood for in training.</param>
    /// <param name="before">The parts before it.</param>
    /// <exception cref="ArgumentOutOfRangeException">It does; the message names the column.</exception>
    public static void RequireSameKeys(string column, StepFeature input, KeyFingerprints names,
        IReadOnlyList<ITransformer> before)
    {
        DataViewSchema schema = new DataViewSchema.Builder().ToSchema();
        foreach (ITransformer part in before)
            try
            {
                schema = part is SequenceTokenizingTransformer tokenization ? With(schema, tokenization.Added)
                    : part.GetOutputSchema(schema);
            }
            catch (Exception e) when (e is ArgumentException or InvalidOperationException)
            {
                // It reads other columns than those that are known to come of tokens.
            }
        if (schema.GetColumnOrNull(column) is not null)
            names.RequireSameKeys([SequenceColumn.Bind(schema, column, input.Kind, input.StepSize).Column]);
    }

    private static DataViewSchema With(DataViewSchema schema, IEnumerable<DataViewSchema.DetachedColumn> added)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema);
        builder.AddColumns(added);
        return builder.ToSchema();
    }
}
