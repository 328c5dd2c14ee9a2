using Microsoft.ML;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Training;

namespace SequenceModels.Trainers;

/// <summary>A trained model that training goes on from, compared with what options and data ask for.</summary>
internal static class InitialModel
{
    /// <summary>Throws if training cannot go on from a model.</summary>
    /// <param name="initial">The model.</param>
    /// <param name="spec">The shape that options and data ask for.</param>
    /// <param name="columns">What the network reads.</param>
    /// <exception cref="ArgumentException">The model has another shape, or reads other steps.</exception>
    public static void RequireShape(SequenceModelParameters initial, EncoderNetworkSpec spec, InputColumns columns)
    {
        if (columns.All.Count == 1 && initial.Network.Spec.Inputs is [{ IsWord: false } step] && columns.All[0].Parts is null)
            columns.All[0].RequireSteps(step.Kind, step.StepSize);
        RequireShape(initial, spec);
    }

    /// <param name="initial">The model.</param>
    /// <param name="spec">The shape that options and data ask for.</param>
    /// <exception cref="ArgumentException">The model has another shape.</exception>
    /// <inheritdoc cref="RequireShape(SequenceModelParameters, EncoderNetworkSpec, InputColumns)" path="/summary"/>
    public static void RequireShape(SequenceModelParameters initial, EncoderNetworkSpec spec) =>
        RequireShape(initial.Network.Spec, spec);

    /// <param name="initial">Of the model.</param>
    /// <param name="spec">The shape that options and data ask for.</param>
    /// <exception cref="ArgumentException">The model has another shape.</exception>
    /// <inheritdoc cref="RequireShape(SequenceModelParameters, EncoderNetworkSpec, InputColumns)" path="/summary"/>
    public static void RequireShape(NetworkSpec initial, NetworkSpec spec)
    {
        string differences = TrainingFingerprint.Differences(TrainingFingerprint.OfShape(initial),
            TrainingFingerprint.OfShape(spec));
        if (differences != "")
            throw new ArgumentException("The initial model has another shape than the options and the data ask for: " +
                $"{differences}. Training goes on from a model only where all of this is the same.", nameof(initial));
    }

    /// <summary>
    /// What the new model's keys stand for. Where a column has no names, the initial model's remain: its vectors stay those of
    /// its tokens.
    /// </summary>
    /// <param name="initial">The model; null: none.</param>
    /// <param name="keys">Of the training rows.</param>
    /// <param name="columns">What the network reads, in its order.</param>
    /// <param name="label">The label column; null: there is none.</param>
    /// <exception cref="ArgumentException">The keys of the initial model are known to stand for something else.</exception>
    public static KeyFingerprints Continue(SequenceModelParameters? initial, KeyFingerprints keys,
        IReadOnlyList<DataViewSchema.Column> columns,
        string? label)
    {
        if (initial is null)
            return keys;
        keys.RequireSame(initial.Names, columns, label);
        return keys.WithFallback(initial.Names);
    }
}
