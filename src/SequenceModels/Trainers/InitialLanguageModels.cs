using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Training;

namespace SequenceModels.Trainers;

/// <summary>Language models whose layers a new network begins with, compared with what options and data ask for.</summary>
internal static class InitialLanguageModels
{
    /// <summary>Whether a model predicts the next step.</summary>
    public static bool IsOne(SequenceModelParameters? model) =>
        model is not null && NetworkFit.ToContinue(model.Network.Spec, tokens: null) is null;

    /// <summary>The layers to begin with.</summary>
    /// <param name="initial">A language model, or another model, or null.</param>
    /// <param name="backward">A language model that reads rows from their end; null: none.</param>
    /// <param name="spec">The shape that options and data ask for.</param>
    /// <param name="columns">What the network reads.</param>
    /// <returns>Null where the initial model is no language model.</returns>
    /// <exception cref="ArgumentException">The language models do not fit the network.</exception>
    public static PretrainedLayers? Find(SequenceModelParameters? initial, SequenceModelParameters? backward,
        EncoderNetworkSpec spec, InputColumns columns)
    {
        if (!IsOne(initial))
            return backward is null ? null : throw new ArgumentException(
                "The first of two initial models is no language model: it predicts no next step. Give two language models, or " +
                "a single model of the same shape.", nameof(initial));
        if (backward is not null && !IsOne(backward))
            throw new ArgumentException("The second of two initial models is no language model: it predicts no next step. " +
                $"Give one that was trained with {nameof(LanguageModelOptions)}.{nameof(LanguageModelOptions.Reversed)} = true.",
                nameof(backward));
        RequireDirections(initial!, backward, spec.Encoder);
        Require(initial!, spec, columns, "language model");
        if (backward is not null)
            Require(backward, spec, columns, "language model that reads from the end");
        return new PretrainedLayers(initial!.Network.Layers, backward?.Network.Layers);
    }

    private static void RequireDirections(SequenceModelParameters forward, SequenceModelParameters? backward,
        EncoderSpec encoder)
    {
        string reversed = $"{nameof(LanguageModelOptions)}.{nameof(LanguageModelOptions.Reversed)}",
            bidirectional = nameof(encoder.Bidirectional);
        if (forward.Network.Reversed)
            throw new ArgumentException("The initial language model reads rows from their end, but it is taken for the " +
                $"direction that reads them from their beginning. Give one that was trained with {reversed} = false" +
                (backward is null ? "." : ", and the other as the second."), nameof(forward));
        if (backward is { Network.Reversed: false })
            throw new ArgumentException("The second initial language model reads rows from their beginning, but it is taken " +
                $"for the direction that reads them from their end. Give one that was trained with {reversed} = true.",
                nameof(backward));
        if (encoder.Bidirectional && backward is null)
            throw new ArgumentException($"{bidirectional} is true, but there is a language model for one direction only. Give " +
                $"Fit a second one, trained with {reversed} = true, or set {bidirectional} to false.", nameof(backward));
        if (!encoder.Bidirectional && backward is not null)
            throw new ArgumentException($"There are language models for two directions, but {bidirectional} is false. Set it " +
                "to true, or give Fit the first alone.", nameof(backward));
        if (encoder.Bidirectional && encoder.NumberOfLayers > 1)
            throw new ArgumentException(Invariant($"{nameof(encoder.NumberOfLayers)} is {encoder.NumberOfLayers}, but a ") +
                "bidirectional network that begins with two language models has one layer: above it, each layer reads both " +
                $"directions, and a language model only its own. Set it to 1, or {bidirectional} to false.", nameof(backward));
    }

    private static void Require(SequenceModelParameters model, EncoderNetworkSpec spec, InputColumns columns, string name)
    {
        if (columns.All.Count == 1)
            columns.All[0].RequireSteps(model.Network.Spec.Inputs[0].Kind, model.Network.Spec.Inputs[0].StepSize);
        EncoderSpec wanted = spec.Encoder with { Bidirectional = false },
            found = model.Network.Spec.Encoder with { Reversed = false };
        string differences = TrainingFingerprint.Differences(Settings(found), Settings(wanted));
        if (differences != "")
            throw new ArgumentException($"The initial {name} has other layers than the options and the data ask for: " +
                $"{differences}. Give the options its values: its embedding and its recurrent layers are taken over as they " +
                "are.", nameof(model));
    }

    private static IEnumerable<TrainingSetting> Settings(EncoderSpec encoder) =>
        encoder.Settings().Select(setting => new TrainingSetting(setting.Name, setting.Value));
}
