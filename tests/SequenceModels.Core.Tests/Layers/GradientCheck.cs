using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Layers;

public enum Steps { EmbeddedTokens, OneHotTokens, Frames }

/// <summary>
/// The engine's gradients against finite differences of the textbook network in double, over a ragged batch with an empty
/// sequence, unknown tokens and unequal weights. A gradient that stops at a cut is that of a loss in which the states there are
/// constants.
/// </summary>
internal static class GradientCheck
{
    private const int Vocabulary = 4, Features = 3, Hidden = 3, HiddenToNormalize = 5, Classes = 3, Labels = 2;

    /// <summary>Compares loss and all gradients of a batch.</summary>
    public static void Check(NetworkShape spec, Regularization regularization = default)
    {
        List<Example> batch = Batch(spec);
        NetworkRun run = InWhichAllCounts(spec, batch, regularization);
        var frozen = new Dictionary<StatePlace, double[][]>();
        var drawn = new DropoutReference();
        // A pooled vector has no steps.
        Dropout Values(int place) => place <= spec.NumberOfLayers ? regularization.Values
            : regularization.Values with { EachStep = false };
        var textbook = new ReferenceNetwork(spec, run.Weights)
        {
            // Directions stand side by side, each padded to whole cache lines.
            Dropout = (place, sequence, step, unit) => drawn.Factor(Values(place), place, sequence, step, place == 0 ? unit
                : unit / spec.HiddenSize * Rows.Padded(spec.HiddenSize) + unit % spec.HiddenSize),
            RecurrentDropout = (layer, backward, sequence, unit) =>
                drawn.Factor(regularization.Recurrent, Dropout.RecurrentPlace(layer, backward ? 1 : 0), sequence, step: 0, unit),
            DropsWord = regularization.Words.DropsToken,
            LabelSmoothing = regularization.LabelSmoothing,
            Into = (place, state) => IsCut(place, regularization.TruncatedSteps) ? FirstOf(frozen, place, state) : state,
        };
        double expectedLoss = textbook.Loss(batch); // and the states at the cuts, before any weight is moved
        (double loss, Dictionary<string, double[,]> gradients) = run.LossAndGradients(batch, regularization);
        Assert.Equal(expectedLoss, loss, 1e-6);
        Assert.Equal(regularization.TruncatedSteps > 0, frozen.Count > 0);
        foreach (string name in run.ParameterNames)
        {
            FiniteDifferences.AssertGradient($"{spec} {name}", run.Weights[name], () => textbook.Loss(batch), gradients[name],
                // Of few units the deviation may be small, and what is divided by it is rounded all the more.
                tolerance: RecurrentCells.Find(spec.Cell)!.ReadsWholeRows ? 1e-3 : 1e-4);
        }
    }

    /// <summary>Random weights with which each parameter has an effect on the loss; one without proves nothing.</summary>
    private static NetworkRun InWhichAllCounts(NetworkShape spec, List<Example> batch, Regularization regularization)
    {
        string none = "";
        for (int seed = 1; seed <= 5; seed++)
        {
            var run = new NetworkRun(spec, seed);
            none = run.LossAndGradients(batch, regularization).Gradients
                .FirstOrDefault(gradient => !gradient.Value.Cast<double>().Any(value => Math.Abs(value) > 1e-6)).Key;
            if (none is null)
                return run;
        }
        throw new InvalidOperationException($"{spec} {none} has no effect on the loss.");
    }

    /// <summary>Cuts stand so many steps apart, counted from the last step that the direction walks.</summary>
    private static bool IsCut(StatePlace place, int steps) =>
        steps > 0 && place.Step > 0 && place.Step < place.Length && (place.Length - place.Step) % steps == 0;

    private static double[][] FirstOf(Dictionary<StatePlace, double[][]> states, StatePlace place, double[][] state) =>
        states.TryGetValue(place, out double[][]? first) ? first : states[place] = state;

    public static NetworkShape Spec(string cell, int layers, bool bidirectional, Steps steps, SequencePooling pooling,
        HeadKind head) => new()
        {
            Input = steps == Steps.Frames ? StepFeatureKind.Frames : StepFeatureKind.Tokens,
            InputSize = steps == Steps.Frames ? Features : Vocabulary,
            EmbeddingSize = steps == Steps.EmbeddedTokens ? 3 : 0,
            Cell = cell, HiddenSize = RecurrentCells.Find(cell)!.ReadsWholeRows ? HiddenToNormalize
                : Hidden, NumberOfLayers = layers,
            Bidirectional = bidirectional, Pooling = pooling,
            Head = head, Quantiles = QuantilesOf(head),
            NumberOfOutputs = head is HeadKind.Softmax or HeadKind.Crf or HeadKind.Ctc or HeadKind.MultiLabel ? Classes
            : QuantileHead.Is(head) ? Labels * QuantileHead.OutputsOf(head, QuantilesOf(head).Count) : 1,
        };

    /// <summary>With them a label has three outputs.</summary>
    public static Quantiles QuantilesOf(HeadKind head) =>
        head == HeadKind.Pinball ? new(0.1f, 0.5f, 0.8f) : QuantileHead.Is(head) ? new(0.2f, 0.9f) : Quantiles.None;

    /// <summary>The heads that a network with one output, or with one for every step, may have.</summary>
    public static IEnumerable<HeadKind> HeadsOf(bool everyStep) =>
        Enum.GetValues<HeadKind>().Where(head => everyStep ? !QuantileHead.Is(head)
            : !HeadRegistry.LearnsWholeSequences(head));

    /// <summary>
    /// Lengths 3, 7, 0, 5, 2; every token of the vocabulary occurs, and unknown ones as 0 and as a key that is too large.
    /// </summary>
    private static List<Example> Batch(NetworkShape spec)
    {
        uint[][] tokens = [[1, 2, 4], [3, 0, 4, 1, 2, 2, 1], [], [2, Vocabulary + 1, 3, 1, 4], [4, 3]];
        if (spec.LinearSteps > 0) // all sequences are as long as the linear path
            tokens = [.. tokens.Select(_ => new uint[spec.LinearSteps])];
        float[] weights = [1, 0.5f, 2, 1.5f, 1];
        double[][][] frames = RandomSequences.Create(Features, [.. tokens.Select(t => t.Length)]);
        float Label(int i) => spec.Head switch
        {
            HeadKind.Sigmoid => i % 2,
            HeadKind.Softmax or HeadKind.Crf => i % spec.NumberOfOutputs,
            HeadKind.MultiLabel => i % (1 << Classes),
            _ => 1.5f * i,
        };
        float[]? StepLabels(int i) => spec.Head == HeadKind.Ctc ? CtcReference.Labels(tokens[i].Length, isEmpty: i == 3)
            : spec.EveryStep ? [.. tokens[i].Select((_, t) => Label(i + 2 * t))] : null;
        // The label that is not known must move no weight.
        float[]? RowLabels(int i) => QuantileHead.Is(spec.Head) ? [Label(i), i == 1 ? float.NaN : 1 - 0.7f * i] : null;
        return [.. Enumerable.Range(0, tokens.Length).Select(i => spec.Input == StepFeatureKind.Tokens
            ? new Example(tokens[i], null, Label(i), weights[i]) { StepLabels = StepLabels(i),
                Features = FurtherValues(spec, tokens[i].Length, i), RowFeatures = RowFeatures(spec, i) }
            : new Example(null, [.. frames[i].SelectMany(frame => frame).Select(x => (float)x)], Label(i), weights[i])
            {
                StepLabels = StepLabels(i), Labels = RowLabels(i), Features = FurtherValues(spec, tokens[i].Length, i),
                RowFeatures = RowFeatures(spec, i),
            })];
    }

    /// <summary>Mostly zeros, in each row others; of one row all.</summary>
    public static float[] RowFeatures(NetworkShape spec, int row) => [.. Enumerable.Range(0, spec.RowFeatureSize)
        .Select(slot => row > 0 && (row + slot) % 3 != 1 ? 0 : 0.5f * slot - row)];

    /// <summary>
    /// Unknown keys of both kinds occur; so do words without characters, of one, and several times in one batch and row.
    /// </summary>
    public static FeatureValues[] FurtherValues(NetworkShape spec, int steps, int seed)
    {
        var random = new Random(seed);
        uint[] Keys(int count, int size) => [.. Enumerable.Range(0, count).Select(_ => (uint)random.Next(size + 2))];
        uint[] Word(int size) => random.Next(3) == 0 ? [1, 2, (uint)size] : Keys(random.Next(6), size);
        return [.. spec.Features.Select(feature => feature.Kind switch
        {
            StepFeatureKind.Tokens => new FeatureValues(Tokens: Keys(steps, feature.Size)),
            StepFeatureKind.Frames =>
                new FeatureValues(Frames: [.. Enumerable.Range(0, steps * feature.Size).Select(_ => random.NextSingle())]),
            _ => new FeatureValues(Words: [.. Enumerable.Range(0, steps).Select(_ => Word(feature.Size))]),
        })];
    }
}
