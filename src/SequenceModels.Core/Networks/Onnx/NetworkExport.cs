using System.Reflection;
using SequenceModels.Cells;
using SequenceModels.Files;
using SequenceModels.Onnx;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>Writes a network as an ONNX model: its graph, with the names and shapes that it is called by.</summary>
internal static class NetworkExport
{
    private const string Batch = "batch", Steps = "steps";

    /// <summary>The network as a message that writes itself.</summary>
    /// <exception cref="NotSupportedException">A part of the network cannot be written as ONNX; the message names it.</exception>
    /// <exception cref="ArithmeticException">A weight is NaN or infinite.</exception>
    /// <exception cref="ArgumentException">An option does not fit the network.</exception>
    public static ProtobufMessage Write(EncoderNetwork network, OnnxExportOptions options)
    {
        Check(network, options);
        var model = new OnnxModelFile();
        NetworkInputs inputs = Inputs(model, network, options);
        (OnnxAnswers answers, IReadOnlyList<string> states, IReadOnlyDictionary<string, string> kept) =
            NetworkGraph.Add(model, network, inputs);
        Outputs(model, network, answers);
        foreach (OnnxState state in LayerStates(network).Where(_ => options.StepGraph))
            Next(state, states[inputs.States!.ToList().IndexOf(state.Name)]);
        foreach (OnnxState state in PoolingStates(network).Where(_ => options.StepGraph))
            Next(state, kept[state.Name]);

        void Next(OnnxState state, string value) => model.Output($"{state.Name}_next", value, OnnxElement.Float,
            "The state after the last step.", Batch, InvariantText.Of(state.Size));
        Properties(model, network, options);
        return model.ToMessage("sequence-network", Version);
    }

    private static string Version =>
        typeof(NetworkExport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static void Check(EncoderNetwork network, OnnxExportOptions options)
    {
        int classes = network.Output.NumberOfClasses;
        if (options.Labels is { } labels && labels.Count != classes)
            throw new ArgumentException(
                Invariant($"OnnxExportOptions.Labels has {Counted.Of(labels.Count, "name")}; the network has ") +
                $"{Counted.Of(classes, "class", "classes")}.", nameof(options));
        if (options.Vocabulary is { } vocabulary && network.Spec.Inputs.FirstTokens is var place &&
            (place < 0 || vocabulary.Count != network.Spec.Inputs[place].Size))
            throw new ArgumentException(
                Invariant($"OnnxExportOptions.Vocabulary has {Counted.Of(vocabulary.Count, "token")}; the network reads ") +
                (place < 0 ? "none." : Invariant($"{network.Spec.Inputs[place].Size}.")), nameof(options));
        if (options.SparseRowFeatures && network.Spec.Output.RowFeatureSize == 0)
            throw new ArgumentException("OnnxExportOptions.SparseRowFeatures is set; the network reads no numbers of whole rows.",
                nameof(options));
        if (!options.StepGraph)
            return;
        if (network.Spec.NeedsWholeSequences is { } reason)
            throw new NotSupportedException($"OnnxExportOptions.StepGraph: {reason}");
    }

    private static NetworkInputs Inputs(OnnxModelFile model, EncoderNetwork network, OnnxExportOptions options)
    {
        StepFeatures features = network.Spec.Inputs;
        // All sequences are as long as a linear path.
        string steps = network.Spec.Output.LinearSteps is > 0 and var count ? InvariantText.Of(count) : Steps;
        string[] values = [.. features.Select((feature, place) => Feature(model, feature,
            features.Count == 1 ? "" : InvariantText.Of(place + 1), steps))];
        string lengths = model.Input("lengths", OnnxElement.Int64, "How many steps each sequence has, from 0 to T.", Batch);
        string? rowFeatures = null, rowSlots = null;
        if (network.Spec.Output.RowFeatureSize is > 0 and int size && !options.SparseRowFeatures)
            rowFeatures =
                model.Input("row_features", OnnxElement.Float, "Numbers of the whole row.", Batch, InvariantText.Of(size));
        else if (network.Spec.Output.RowFeatureSize > 0)
        {
            rowSlots = model.Input("row_slots", OnnxElement.Int64,
                "Slots of the row's numbers that are not zero, from 0; -1 where a row has fewer.", Batch, "slots");
            rowFeatures = model.Input("row_values", OnnxElement.Float, "The numbers in these slots.", Batch, "slots");
        }
        var inputs = new NetworkInputs(values, lengths, rowFeatures, rowSlots);
        if (!options.StepGraph)
            return inputs;
        string Before(OnnxState state) => model.Input(state.Name, OnnxElement.Float,
            "The state before the first step; zero where a stream begins.", Batch, InvariantText.Of(state.Size));
        return inputs with
        {
            States = [.. LayerStates(network).Select(Before)],
            Kept = PoolingStates(network).ToDictionary(state => state.Name, Before),
        };
    }

    private static string Feature(OnnxModelFile model, StepFeature feature, string number, string steps) => feature.Kind switch
    {
        StepFeatureKind.Tokens => model.Input($"tokens{number}", OnnxElement.Int64,
            Invariant($"Keys of tokens, 1 to {feature.Size}; any other is an unknown token. Beyond a sequence's length: ") +
            "anything.",
            Batch, steps),
        StepFeatureKind.Frames => model.Input($"frames{number}", OnnxElement.Float,
            "The numbers of each step, as they were for training. Beyond a sequence's length: any finite numbers.",
            Batch, steps, InvariantText.Of(feature.StepSize)),
        StepFeatureKind.Characters => model.Input($"characters{number}", OnnxElement.Int64,
            Invariant($"Keys of the characters of each word, 1 to {feature.Size}; 0 is an unknown one; -1 behind a word's last."),
            Batch, steps, "characters"),
        StepFeatureKind.Subwords => model.Input($"subwords{number}", OnnxElement.Int64,
            Invariant($"Buckets of each word and its n-grams, 1 to {feature.Size}; -1 behind a word's last."),
            Batch, steps, "subwords"),
        _ => throw new NotSupportedException($"A feature of {feature} cannot be written as ONNX."),
    };

    /// <summary>Of each layer h and, where the cell has it, c.</summary>
    private static IEnumerable<OnnxState> LayerStates(EncoderNetwork network)
    {
        EncoderSpec spec = network.Spec.Encoder;
        string[] kinds = RecurrentCells.Find(spec.Cell)!.HasCellState ? ["hidden", "cell"] : ["hidden"];
        return from layer in Enumerable.Range(1, spec.NumberOfLayers)
               from kind in kinds
               select new OnnxState(Invariant($"{kind}_{layer}"), spec.HiddenSize);
    }

    private static IEnumerable<OnnxState> PoolingStates(EncoderNetwork network) => network.Spec.Output.EveryStep ? []
        : OnnxCarriedPooling.States(network.Spec.Output.Pooling, network.Spec.Encoder.HiddenSize);

    private static void Outputs(OnnxModelFile model, EncoderNetwork network, OnnxAnswers answers)
    {
        string[] rows = network.Spec.Output.EveryStep ? [Batch, Steps] : [Batch];
        string beyond = network.Spec.Output.EveryStep ? " Beyond a sequence's length: 0." : "";
        model.Output("scores", answers.Scores, OnnxElement.Float, $"{Meaning(network.Spec.Output.Head)}{beyond}",
            [.. rows, InvariantText.Of(network.Spec.Output.NumberOfOutputs)]);
        if (answers.Probabilities is { } probabilities)
            model.Output("probabilities", probabilities, OnnxElement.Float, $"Of the positive class.{beyond}", [.. rows, "1"]);
        if (answers.Labels is { } labels)
            model.Output("labels", labels, OnnxElement.Int64, "The class that the scores come down to, counted from 0." +
                (network.Spec.Output.EveryStep ? " Beyond a sequence's length: -1." : ""), rows);
    }

    private static string Meaning(Heads.HeadKind head) => head switch
    {
        Heads.HeadKind.Sigmoid => "The logit of the positive class.",
        Heads.HeadKind.Softmax => "The probability of each class.",
        Heads.HeadKind.Crf => "The probability of each tag at each step, given the whole sequence.",
        Heads.HeadKind.Ctc => "The probability of the blank, then of each token.",
        Heads.HeadKind.MultiLabel => "The probability of each label.",
        Heads.HeadKind.Regression => "The value, in the label's unit.",
        _ => "The network's outputs.",
    };

    private static void Properties(OnnxModelFile model, EncoderNetwork network, OnnxExportOptions options)
    {
        model.Property("cell", network.Spec.Encoder.Cell);
        model.Property("task", network.Output.Describe());
        if (network.Spec.Encoder.Reversed)
            model.Property("reversed", "true");
        if (options.Labels is { } labels)
            model.Property("labels", JsonTexts.Write(labels));
        if (options.Vocabulary is { } vocabulary)
            model.Property("vocabulary", JsonTexts.Write(vocabulary));
    }
}
