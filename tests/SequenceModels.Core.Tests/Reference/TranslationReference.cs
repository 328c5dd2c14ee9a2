using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Networks;

namespace SequenceModels.Tests.Reference;

/// <summary>A row of two sequences.</summary>
/// <param name="Source">Keys; 0 and those too large are unknown.</param>
/// <param name="Target">Likewise.</param>
/// <param name="Weight">What it counts.</param>
internal sealed record TranslationExample(uint[] Source, uint[] Target, float Weight = 1);

/// <summary>Encoder, bridge, decoder and attention as a textbook writes them: one step at a time, in double.</summary>
internal sealed class TranslationReference(TranslationSpec spec, ReferenceWeights weights)
{
    /// <summary>Of the decoder, by layer and sequence; they read the weights as these are at present.</summary>
    private readonly Dictionary<(int, int), ReferenceCell> _cells = [];

    /// <summary>What dropout multiplies a value with: by place, sequence, step and unit as they lie in memory.</summary>
    public Func<int, int, int, int, double> Dropout { get; init; } = (_, _, _, _) => 1;

    /// <summary>By layer, the decoder's being counted from 64, direction, sequence and unit.</summary>
    public Func<int, bool, int, int, double> RecurrentDropout { get; init; } = (_, _, _, _) => 1;

    public double LabelSmoothing { get; init; }

    /// <summary>Mean loss of a batch: each token, and each end, by its row's weight.</summary>
    public double Loss(IReadOnlyList<TranslationExample> batch)
    {
        double sum = 0, total = 0;
        for (int i = 0; i < batch.Count; i++)
        {
            int[] target = [.. batch[i].Target.Select(Known)];
            double[][] logits = Logits(batch[i].Source, target, i);
            for (int t = 0; t <= target.Length; t++)
                sum += batch[i].Weight * ReferenceLoss.Of(HeadKind.Softmax, logits[t], t < target.Length ? target[t] : Boundary,
                    LabelSmoothing);
            total += batch[i].Weight * (target.Length + 1);
        }
        return sum / total;
    }

    /// <summary>[T + 1][K] of each step, the tokens before it being the target's.</summary>
    public double[][] Logits(uint[] source, int[] target, int number = 0)
    {
        double[][] states = Encode(source, number);
        DecoderState state = First(states, number);
        var logits = new double[target.Length + 1][];
        for (int t = 0; t < logits.Length; t++)
            (logits[t], state, _) = Step(states, state, t == 0 ? Boundary : target[t - 1], number);
        return logits;
    }

    /// <summary>The top layer's states [S][D].</summary>
    public double[][] Encode(uint[] source, int number)
    {
        EncoderSpec encoder = spec.Encoder;
        double[][] steps = Drop(0, number, source.Select(token => ReferenceNetwork.Row(weights["embedding"],
            token <= encoder.Inputs[0].Size ? (int)token : 0)), block: 0);
        for (int layer = 0; layer < encoder.NumberOfLayers; layer++)
        {
            double[][] forward = EncoderCell(layer, backward: false, number).Run(steps);
            steps = encoder.Bidirectional
                ? [.. forward.Zip(EncoderCell(layer, backward: true, number).RunFromEnd(steps), (f, b) => (double[])[.. f, .. b])]
                : forward;
            steps = Drop(1 + layer, number, steps, block: encoder.HiddenSize);
        }
        return steps;
    }

    /// <summary>What a decoder begins with.</summary>
    public DecoderState First(double[][] states, int number)
    {
        var end = new double[spec.Source.Size];
        for (int i = 0; i < end.Length && states.Length > 0; i++)
            end[i] = states[i < spec.Encoder.HiddenSize ? ^1 : 0][i];
        double[] Bridge(int layer, string part) =>
            [.. Affine(end, $"bridge{layer + 1}.{part}.W", $"bridge{layer + 1}.{part}.b").Select(Math.Tanh)];
        return new([.. Enumerable.Range(0, spec.Decoder.NumberOfLayers).Select(layer =>
            DecoderCell(layer, number).States == 2 ? (double[][])[Bridge(layer, "h"), Bridge(layer, "c")]
            : [Bridge(layer, "h")])], new double[spec.ShapeOfDecoder().OutputSize], Step: 0);
    }

    /// <summary>The logits after a token, the state behind it, and what each source state counted.</summary>
    public (double[] Logits, DecoderState After, double[] Weights) Step(double[][] states, DecoderState state, int token,
        int number)
    {
        double[] x = Drop(200, number, state.Step, ReferenceNetwork.Row(weights["target.embedding"], token));
        if (spec.Decoder.InputFeeding)
            x = [.. x, .. state.Fed];
        var after = new double[spec.Decoder.NumberOfLayers][][];
        bool attends = spec.Decoder.Attention != AttentionKind.None;
        for (int layer = 0; layer < after.Length; layer++)
        {
            after[layer] = DecoderCell(layer, number).Step(x, state.Layers[layer]);
            x = after[layer][0];
            if (layer < after.Length - 1 || !attends)
                x = Drop(65 + layer, number, state.Step, x);
        }
        double[] attention = [];
        if (attends)
        {
            attention = Attention(states, x);
            double[] vector = Affine(Context(states, attention), "attentional.context.W", "attentional.b");
            double[] own = Affine(x, "attentional.state.W");
            x = Drop(201, number, state.Step, [.. vector.Zip(own, (a, b) => Math.Tanh(a + b))]);
        }
        double[,] bias = weights["output.b"], table = weights[spec.Output.TiedEmbeddings ? "target.embedding" : "output.W"];
        var logits = new double[spec.Output.NumberOfOutputs];
        for (int k = 0; k < logits.Length; k++)
        {
            logits[k] = bias[0, k];
            for (int i = 0; i < x.Length; i++)
                logits[k] += x[i] * (spec.Output.TiedEmbeddings ? table[k, i] : table[i, k]);
        }
        return (logits, new(after, x, state.Step + 1), attention);
    }

    private int Boundary => spec.Decoder.VocabularySize + 1;

    private int Known(uint token) => token <= spec.Decoder.VocabularySize ? (int)token : 0;

    private double[] Attention(double[][] states, double[] s)
    {
        if (states.Length == 0)
            return [];
        double[] query = spec.Decoder.Attention switch
        {
            AttentionKind.Dot => s,
            AttentionKind.Additive => Affine(s, "attention.W"),
            _ when spec.Encoder.Bidirectional => [.. Affine(s, "attention.forward.W"), .. Affine(s, "attention.backward.W")],
            _ => Affine(s, "attention.forward.W"),
        };
        double Score(double[] h) => spec.Decoder.Attention != AttentionKind.Additive ? h.Zip(query, (a, b) => a * b).Sum()
            : Affine(h, "attention.U").Zip(query, (a, b) => Math.Tanh(a + b))
                .Select((value, i) => value * weights["attention.v"][0, i]).Sum();
        double[] scores = [.. states.Select(Score)];
        return ReferenceLoss.Softmax([.. scores.Select(score => score - scores.Max())]);
    }

    private double[] Context(double[][] states, double[] attention) => [.. Enumerable.Range(0, spec.Source.Size)
        .Select(i => states.Zip(attention, (h, a) => a * h[i]).Sum())];

    private double[] Affine(double[] x, string matrix, string? bias = null)
    {
        double[,] w = weights[matrix];
        double[,]? b = bias is null ? null : weights[bias];
        var y = new double[w.GetLength(1)];
        for (int j = 0; j < y.Length; j++)
        {
            y[j] = b is null ? 0 : b[0, j];
            for (int i = 0; i < x.Length; i++)
                y[j] += x[i] * w[i, j];
        }
        return y;
    }

    private double[][] Drop(int place, int number, IEnumerable<double[]> steps, int block) =>
        [.. steps.Select((step, t) => Drop(place, number, t, step, block))];

    private double[] Drop(int place, int number, int step, double[] x, int block = 0) =>
    [
        .. x.Select((value, i) => value * Dropout(place, number, step,
            block == 0 ? i : i / block * Rows.Padded(block) + i % block)),
    ];

    private ReferenceCell EncoderCell(int layer, bool backward, int number) =>
        Masked(ReferenceCell.Create(spec.Encoder.Cell, part => weights[ReferenceWeights.Recurrent(layer, backward, part)]),
            layer, backward, number);

    private ReferenceCell DecoderCell(int layer, int number) =>
        _cells.TryGetValue((layer, number), out ReferenceCell? cell) ? cell
        : _cells[(layer, number)] =
            Masked(ReferenceCell.Create(spec.Encoder.Cell, part => weights[$"decoder{layer + 1}.forward.{part}"]), 64 + layer,
            backward: false, number);

    private ReferenceCell Masked(ReferenceCell cell, int layer, bool backward, int number)
    {
        for (int unit = 0; unit < cell.Hidden; unit++)
            cell.Mask[unit] = RecurrentDropout(layer, backward, number, unit);
        return cell;
    }
}

/// <summary>A decoder between two steps.</summary>
/// <param name="Layers">[layers][states][H].</param>
/// <param name="Fed">[A] what the last step gave the output layer.</param>
/// <param name="Step">How many steps it has read.</param>
internal sealed record DecoderState(double[][][] Layers, double[] Fed, int Step);
