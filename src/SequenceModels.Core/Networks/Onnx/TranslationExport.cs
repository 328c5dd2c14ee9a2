using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Onnx;

namespace SequenceModels.Networks;

/// <summary>
/// Writes a translator as two ONNX models: one that reads sources, and one that goes a step on in their translations. What is
/// between, the choice of tokens, is the host's.
/// </summary>
internal static class TranslationExport
{
    private const string Batch = "batch", Steps = "steps";

    /// <summary>The model that reads sources.</summary>
    /// <exception cref="NotSupportedException">A part of the network cannot be written as ONNX; the message names it.</exception>
    /// <exception cref="ArithmeticException">A weight is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">An option does not fit the network.</exception>
    public static ProtobufMessage Encoder(TranslationNetwork network, OnnxTranslatorOptions options)
    {
        TranslationSpec spec = network.Spec;
        string? vocabulary = Vocabulary(nameof(options.SourceVocabulary), options.SourceVocabulary,
            spec.Inputs.AreTokens ? spec.Inputs[0].Size : 0);
        var model = new OnnxModelFile();
        string input = NetworkExport.Feature(model, spec.Inputs[0], "", Steps);
        string lengths = model.Input("lengths", OnnxElement.Int64, "How many steps each source has, from 0 to S.", Batch);
        var encoder = new OnnxEncoder(network, new OnnxWeights(network.Parameters), model);
        OnnxSource source = encoder.Read(input, lengths);
        model.Output("states", source.States, OnnxElement.Float,
            "What the encoder makes of each step; beyond a source's length: 0.",
            Batch, Steps, InvariantText.Of(spec.Source.Size));
        if (source.Keys is { } keys)
            model.Output("keys", keys, OnnxElement.Float, "What attention compares of each step.", Batch, Steps,
                InvariantText.Of(spec.Decoder.HiddenSize));
        foreach ((OnnxState state, string value) in States(spec).Zip(source.First))
            model.Output(state.Name, value, OnnxElement.Float, "The decoder's state before its first step.", Batch,
                InvariantText.Of(state.Size));
        Properties(model, spec, vocabulary);
        return model.ToMessage("translation-encoder", NetworkExport.Version);
    }

    /// <summary>The model that goes a step on.</summary>
    /// <inheritdoc cref="Encoder" path="/exception"/>
    public static ProtobufMessage DecoderStep(TranslationNetwork network, OnnxTranslatorOptions options)
    {
        TranslationSpec spec = network.Spec;
        string? vocabulary = Vocabulary(nameof(options.TargetVocabulary), options.TargetVocabulary, spec.Decoder.VocabularySize);
        bool attends = spec.Decoder.Attention != AttentionKind.None;
        int fed = spec.ShapeOfDecoder().OutputSize;
        var model = new OnnxModelFile();
        string tokens = model.Input("tokens", OnnxElement.Int64, "The last token of each translation; at the first step " +
            Invariant($"{spec.Decoder.VocabularySize + 1}, where every translation begins."), Batch);
        string? states = null, lengths = null, keys = null;
        if (attends)
        {
            states = model.Input("states", OnnxElement.Float,
                "As the encoder gives them, of the source of each translation.", Batch,
                Steps, InvariantText.Of(spec.Source.Size));
            lengths = model.Input("lengths", OnnxElement.Int64, "How many steps each source has.", Batch);
        }
        if (spec.Decoder.Attention == AttentionKind.Additive)
            keys = model.Input("keys", OnnxElement.Float, "As the encoder gives them.", Batch, Steps,
                InvariantText.Of(spec.Decoder.HiddenSize));
        string[] before = [.. States(spec).Select(state => model.Input(state.Name, OnnxElement.Float,
            "The state before the step.", Batch, InvariantText.Of(state.Size)))];
        string? found = spec.Decoder.InputFeeding ? model.Input("fed", OnnxElement.Float,
            "What the step before has found; zero at the first step.", Batch, InvariantText.Of(fed)) : null;
        OnnxDecoded step = new OnnxDecoder(network, new OnnxWeights(network.Parameters), model)
            .Step(new OnnxDecoderInputs(tokens, states, lengths, keys, before, found));
        model.Output("probabilities", step.Probabilities, OnnxElement.Float, "Of each key as the next token: 0 is unknown, " +
            Invariant($"1 to {spec.Decoder.VocabularySize} the vocabulary, {spec.Decoder.VocabularySize + 1} the end."), Batch,
            InvariantText.Of(network.Output.NumberOfOutputs));
        if (step.Attention is { } attention)
            model.Output("attention", attention, OnnxElement.Float, "What each step of the source counted.", Batch, Steps);
        foreach ((OnnxState state, string value) in States(spec).Zip(step.Next))
            model.Output($"{state.Name}_next", value, OnnxElement.Float, "The state after the step.", Batch,
                InvariantText.Of(state.Size));
        if (found is not null)
            model.Output("fed_next", step.Features, OnnxElement.Float, "What the step has found.", Batch, InvariantText.Of(fed));
        Properties(model, spec, vocabulary);
        return model.ToMessage("translation-decoder-step", NetworkExport.Version);
    }

    /// <summary>Of each layer of the decoder h and, where the cell has it, c.</summary>
    private static IEnumerable<OnnxState> States(TranslationSpec spec) =>
        OnnxEncoder.KindsOf(RecurrentCells.Find(spec.Encoder.Cell)!)
        .SelectMany(kind => Enumerable.Range(1, spec.Decoder.NumberOfLayers)
            .Select(layer => new OnnxState(Invariant($"{kind}_{layer}"), spec.Decoder.HiddenSize)));

    private static string? Vocabulary(string option, IReadOnlyList<string>? tokens, int size) => tokens is null ? null
        : tokens.Count == size ? JsonTexts.Write(tokens)
        : throw new ArgumentException(
            Invariant($"OnnxTranslatorOptions.{option} has {Counted.Of(tokens.Count, "token")}; the network has {size}."),
            nameof(option));

    private static void Properties(OnnxModelFile model, TranslationSpec spec, string? vocabulary)
    {
        model.Property("cell", spec.Encoder.Cell);
        model.Property("task", "translation");
        model.Property("boundary", InvariantText.Of(spec.Decoder.VocabularySize + 1));
        if (vocabulary is not null)
            model.Property("vocabulary", vocabulary);
    }
}
