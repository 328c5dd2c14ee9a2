using SequenceModels.Heads;
using SequenceModels.Layers;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>The whole network as a textbook writes it: one sequence at a time, one step at a time, in double.</summary>
internal sealed class ReferenceNetwork(NetworkShape spec, ReferenceWeights weights)
{
    /// <summary>
    /// What dropout multiplies a value with: a function of the place (0: embedding, l: the states of layer l, above the last: the
    /// pooled vector, which is at step 0), the sequence's number in the batch, the step and the unit.
    /// </summary>
    public Func<int, int, int, int, double> Dropout { get; init; } = (_, _, _, _) => 1;

    /// <summary>
    /// What h is multiplied with before it meets R: a function of the layer from 0, the direction, the sequence and the unit.
    /// </summary>
    public Func<int, bool, int, int, double> RecurrentDropout { get; init; } = (_, _, _, _) => 1;

    /// <summary>Whether a sequence's token at a step is taken as unknown.</summary>
    public Func<int, int, bool> DropsWord { get; init; } = (_, _) => false;

    public double LabelSmoothing { get; init; }

    /// <summary>What a label counts on top of its row's weight.</summary>
    public Func<float, double> ClassWeight { get; init; } = _ => 1;

    /// <summary>What a state becomes on its way into a step: where gradients are cut, or states are carried over.</summary>
    public Func<StatePlace, double[][], double[][]> Into { get; init; } = (_, state) => state;

    /// <summary>
    /// What is added to h: by layer from 0, whether it reads from the end, step in the order of reading, and unit.
    /// </summary>
    public Func<int, bool, int, int, double>? Nudge { get; init; }

    /// <summary>What the dense layer gives [K]: logits, or the target on the standardised scale.</summary>
    public double[] Outputs(Example example, int number = 0) => AllOutputs(example, number)[0];

    /// <summary>The outputs of each step [T][K] where each has its own; else the one of the sequence.</summary>
    public double[][] AllOutputs(Example example, int number = 0)
    {
        double[][] features = spec.EveryStep ? States(example, number) : [Pool(States(example, number))];
        return [.. Dropped(spec.EveryStep ? spec.NumberOfLayers : 1 + spec.NumberOfLayers, number, features)
            .Select(row => Dense(row, example))];
    }

    private double[] Dense(double[] features, Example example)
    {
        float[] beside = example.RowFeatures;
        double[] steps = spec.LinearSteps == 0 ? [] : [.. example.Frames!.Chunk(spec.InputSize).SelectMany(Frame)];
        double[,] w = weights[spec.TiedEmbeddings ? ReferenceWeights.Embedding : ReferenceWeights.OutputW],
            b = weights[ReferenceWeights.OutputB];
        var outputs = new double[spec.NumberOfOutputs];
        for (int k = 0; k < outputs.Length; k++)
        {
            outputs[k] = b[0, k];
            for (int i = 0; i < features.Length; i++)
                outputs[k] += features[i] * (spec.TiedEmbeddings ? w[k, i] : w[i, k]);
            for (int i = 0; i < beside.Length; i++)
                outputs[k] += beside[i] * weights[ReferenceWeights.OutputU][i, k];
            for (int i = 0; i < steps.Length; i++)
                outputs[k] += steps[i] * weights[ReferenceWeights.OutputA][i, k];
        }
        return outputs;
    }

    /// <summary>
    /// Scores as the user sees them: the logit, the probabilities of the classes, or the number in the label's own unit.
    /// </summary>
    public double[] Scores(Example example)
    {
        double[] outputs = Outputs(example);
        return spec.Head switch
        {
            HeadKind.Softmax => ReferenceLoss.Softmax(outputs),
            HeadKind.MultiLabel => [.. outputs.Select(s => 1 / (1 + Math.Exp(-s)))],
            HeadKind.Regression => [weights.TargetMean + weights.TargetScale * outputs[0]],
            _ => outputs,
        };
    }

    /// <summary>Mean loss of the batch, each row counting by its weight.</summary>
    public double Loss(IReadOnlyList<Example> batch)
    {
        double sum = 0, total = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            double[][] outputs = AllOutputs(batch[i], i);
            if (batch[i].Labels is { } labels)
            {
                sum += batch[i].Weight * ReferenceLoss.OfLabels(spec.Head, outputs[0], labels, spec.Quantiles);
                total += batch[i].Weight;
                continue;
            }
            if (spec.Head == HeadKind.Crf)
            {
                // The loss of a sequence once, the weight of all its steps.
                if (outputs.Length > 0)
                    sum += batch[i].Weight * ChainLoss(outputs, batch[i]);
                total += batch[i].Weight * batch[i].StepLabels!.Count(label => !float.IsNaN(label));
                continue;
            }
            if (spec.Head == HeadKind.Ctc)
            {
                // The loss of a sequence once, the weight of all its tokens.
                if (outputs.Length > 0)
                    sum += batch[i].Weight * CtcReference.Loss(outputs, batch[i].StepLabels!);
                total += batch[i].Weight * CtcReference.Count(batch[i].StepLabels!);
                continue;
            }
            for (int t = 0; t < outputs.Length; t++)
            {
                double label = spec.EveryStep ? batch[i].StepLabels![t] : batch[i].Label;
                double weight = batch[i].Weight * ClassWeight((float)label);
                if (spec.Head == HeadKind.Regression)
                    label = (label - weights.TargetMean) / weights.TargetScale;
                sum += weight * ReferenceLoss.Of(spec.Head, outputs[t], label, LabelSmoothing);
                total += weight;
            }
        }
        return sum / total;
    }

    private double ChainLoss(double[][] outputs, Example example)
    {
        var chain = ChainReference.Of(weights, spec.Constraints);
        return chain.LogPartition(outputs) - chain.LogPartition(outputs, example.StepLabels!);
    }

    /// <summary>The top layer's states at every step [T][H], or [T][2H] with the forward direction first.</summary>
    private double[][] States(Example example, int number)
    {
        double[][] steps = Input(example, number);
        for (int layer = 0; layer < spec.NumberOfLayers; layer++)
            steps = Layer(layer, number, layer == 0 ? steps : Dropped(layer, number, steps));
        return steps;
    }

    private double[][] Dropped(int place, int number, double[][] steps) =>
        [.. steps.Select((step, t) => step.Select((value, unit) => value * Dropout(place, number, t, unit)).ToArray())];

    private double[][] Layer(int layer, int number, double[][] steps)
    {
        double[][] forward = Cell(layer, backward: false, number).Run(steps);
        if (!spec.Bidirectional)
            return forward;
        double[][] fromEnd = Cell(layer, backward: true, number).RunFromEnd(steps);
        return [.. forward.Zip(fromEnd, (f, b) => (double[])[.. f, .. b])];
    }

    private ReferenceCell Cell(int layer, bool backward, int number)
    {
        ReferenceCell cell = ReferenceCell.Create(spec.Cell, name => weights[ReferenceWeights.Recurrent(layer, backward, name)]);
        for (int unit = 0; unit < cell.Hidden; unit++)
            cell.Mask[unit] = RecurrentDropout(layer, backward, number, unit);
        cell.Into = (step, length, state) => Into(new(layer, backward, number, step, length), state);
        if (Nudge is not null)
            cell.Nudge = (step, unit) => Nudge(layer, backward, step, unit);
        return cell;
    }

    private double[][] Input(Example example, int number)
    {
        double[][] steps = FirstFeature(example, number);
        for (int i = 0; i < spec.Features.Count; i++)
        {
            bool isFirstOfTokens = spec.Inputs.FirstTokens == i + 1; // of which training may hide some
            FeatureValues values = !isFirstOfTokens ? example.Features[i]
                : new(Tokens: [.. example.Features[i].Tokens!.Select((token, t) => DropsWord(number, t) ? 0 : token)]);
            steps = [.. steps.Zip(ReferenceFeature.Vectors(spec.Features[i], i, values, weights, isFirstOfTokens),
                (step, more) => (double[])[.. step, .. more])];
        }
        return spec.EmbeddingSize > 0 || spec.Features.Count > 0 ? Dropped(0, number, steps) : steps;
    }

    private double[][] FirstFeature(Example example, int number)
    {
        if (spec.Input == StepFeatureKind.Frames)
            return [.. example.Frames!.Chunk(spec.InputSize).Select(Frame)];
        IEnumerable<int> tokens = example.Tokens!.Select((token, t) => DropsWord(number, t) ? 0 : Known(token));
        return [.. spec.EmbeddingSize > 0 ? tokens.Select(token => Row(weights[ReferenceWeights.Embedding], token))
            : tokens.Select(OneHot)];
    }

    private double[] Frame(float[] frame)
    {
        var scaled = new double[frame.Length];
        for (int i = 0; i < frame.Length; i++)
            scaled[i] = (frame[i] - weights.FrameMean(i)) * weights.FrameScale(i);
        return scaled;
    }

    /// <summary>A vector [V] with a 1 at the token; unknown is all zero.</summary>
    private double[] OneHot(int token)
    {
        var step = new double[spec.InputSize];
        if (token > 0)
            step[token - 1] = 1;
        return step;
    }

    private int Known(uint token) => token <= spec.InputSize ? (int)token : 0;

    public static double[] Row(double[,] matrix, int row) =>
        [.. Enumerable.Range(0, matrix.GetLength(1)).Select(column => matrix[row, column])];

    private double[] Pool(double[][] states) => spec.Pooling == SequencePooling.MaxMeanLast
        ? [.. Pool(states, SequencePooling.Max), .. Pool(states, SequencePooling.Mean), .. Pool(states, SequencePooling.Last)]
        : Pool(states, spec.Pooling);

    private double[] Pool(double[][] states, SequencePooling pooling)
    {
        var pooled = new double[spec.Bidirectional ? 2 * spec.HiddenSize : spec.HiddenSize];
        if (states.Length == 0)
            return pooled;
        double[] shares = pooling == SequencePooling.Attention ? Attention(states) : [];
        for (int j = 0; j < pooled.Length; j++)
            pooled[j] = pooling switch
            {
                SequencePooling.Last => states[j < spec.HiddenSize ? ^1 : 0][j],
                SequencePooling.Mean => states.Sum(state => state[j]) / states.Length,
                SequencePooling.Max => states.Max(state => state[j]),
                SequencePooling.Attention => states.Zip(shares, (state, share) => share * state[j]).Sum(),
                _ => throw new NotSupportedException(),
            };
        return pooled;
    }

    private double[] Attention(double[][] states)
    {
        double[] v = Row(weights[ReferenceWeights.PoolingV], 0);
        double[] scores = [.. states.Select(state => state.Zip(v, (h, w) => h * w).Sum())];
        return ReferenceLoss.Softmax([.. scores.Select(score => score - scores.Max())]);
    }
}

/// <summary>A state on its way into a step.</summary>
/// <param name="Layer">From 0.</param>
/// <param name="Backward">The direction.</param>
/// <param name="Sequence">Its number in the batch.</param>
/// <param name="Step">Counted as the direction walks; T: behind the last.</param>
/// <param name="Length">T.</param>
internal readonly record struct StatePlace(int Layer, bool Backward, int Sequence, int Step, int Length);
