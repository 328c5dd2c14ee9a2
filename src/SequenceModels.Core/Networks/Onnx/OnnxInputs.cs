using SequenceModels.Cells;
using SequenceModels.Onnx;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>From the values of steps to the vectors [T + 1, B, I] that the first recurrent layer reads.</summary>
/// <param name="spec">What is read, and by what.</param>
/// <param name="scalings">How frames are scaled.</param>
/// <param name="weights">The network's weights.</param>
/// <param name="steps">The shape of the batch, as the data have it.</param>
internal sealed class OnnxInputs(EncoderSpec spec, FrameTransform scalings, OnnxWeights weights, OnnxSteps steps)
{
    private readonly OnnxGraph _graph = steps.Graph;

    /// <summary>
    /// Whether one-hot tokens enter as what they put into the gates, for there are more of them than gates have numbers:
    /// the first layer's W then picks each direction's share.
    /// </summary>
    public static bool ArePicked(EncoderSpec spec) => spec.Inputs is [{ IsOneHot: true } tokens] &&
        tokens.Size > (long)spec.Directions * RecurrentCells.Find(spec.Cell)!.Gates * spec.HiddenSize;

    /// <summary>The vectors, and the shape of the batch as the network reads it.</summary>
    /// <param name="values">Of each feature: [B, T] keys, [B, T, F] numbers, or [B, T, C] keys of characters.</param>
    /// <param name="gateOrder">Of the first layer's cell.</param>
    public (string Vectors, OnnxSteps Steps) Read(IReadOnlyList<string> values, IReadOnlyList<int> gateOrder)
    {
        StepFeatures features = spec.Inputs;
        OnnxSteps read = features is [{ Stacked: > 1 } stacked] ? Stacked(stacked.Stacked) : steps;
        string[] vectors = [.. features.Select((feature, place) => feature.Kind switch
        {
            StepFeatureKind.Tokens => Tokens(feature, place, values[place], gateOrder),
            StepFeatureKind.Frames => Frames(feature, place, values[place], read),
            StepFeatureKind.Characters => Words(feature, place, values[place]),
            StepFeatureKind.Subwords => Subwords(feature, place, values[place]),
            _ => throw new NotSupportedException($"A feature of {feature} cannot be written as ONNX."),
        })];
        // A scan must know how many dimensions it reads; what is made by computed sizes does not tell, in older opsets.
        return (_graph.Reshape(_graph.Transpose(_graph.Concat(2, vectors), 1, 0, 2), 0, 0, 0), read);
    }

    /// <summary>Keys beyond the vocabulary are unknown, as they are where the network scores by itself.</summary>
    private string Known(string keys, int size)
    {
        string unknown = _graph.Integer(0);
        keys = _graph.Where(_graph.Less(keys, unknown), unknown, keys);
        return _graph.Where(_graph.Less(_graph.Integer(size), keys), unknown, keys);
    }

    private string Tokens(StepFeature feature, int place, string keys, IReadOnlyList<int> gateOrder)
    {
        keys = Known(_graph.Concat(1, keys, _graph.Expand(_graph.Integer(0), Shape(_graph.Integers(1)))), feature.Size);
        if (!feature.IsOneHot)
            return _graph.Gather(weights.Table(_graph, TableName(place)), keys);
        OnnxTensor table = ArePicked(spec)
            ? weights.OneHotProducts([.. OnnxStack.NamesOf(EncoderSpec.LayerName(1), spec.Directions, "W")], gateOrder)
            : new OnnxTensor([feature.Size + 1, feature.Size], feature.Size, (key, row) =>
            {
                row.Clear();
                if (key > 0)
                    row[key - 1] = 1;
            });
        return _graph.Gather(_graph.Weights("one-hot", table), keys);
    }

    private string TableName(int place) => place == spec.Inputs.FirstTokens ? "embedding"
        : Invariant($"feature{place + 1}.embedding");

    private string Frames(StepFeature feature, int place, string frames, OnnxSteps read)
    {
        frames = _graph.Concat(1, frames, _graph.Expand(_graph.Number(0), Shape(_graph.Integers(1, feature.StepSize))));
        if (feature.Stacked > 1)
            frames = Stack(feature, frames, read);
        FeatureScaling scaling = scalings[place];
        if (scaling.Mean.Length == 0)
            return frames;
        string name = Invariant($"feature{place + 1}");
        frames = _graph.Difference(frames, _graph.Weights($"{name}.mean", OnnxTensor.Of(scaling.Mean, scaling.Mean.Length)));
        return _graph.Product(frames, _graph.Weights($"{name}.factor", OnnxTensor.Of(scaling.Factor, scaling.Factor.Length)));
    }

    /// <summary>The shape of the batch where several steps of the data are read as one.</summary>
    private OnnxSteps Stacked(int count)
    {
        string Up(string number) =>
            _graph.Quotient(_graph.Sum(number, _graph.Integers(count - 1)), _graph.Integers(count));
        return new OnnxSteps(_graph, steps.Batch, Up(steps.Steps), Up(steps.Lengths));
    }

    /// <summary>
    /// [B, T' + 1, s·F] from [B, T + 1, F]: a frame that lacks steps has a sequence's last in their place.
    /// The step t of sequence b is row b (T + 1) + min(t, length - 1) of all steps.
    /// </summary>
    private string Stack(StepFeature feature, string frames, OnnxSteps read)
    {
        string zero = _graph.Integer(0);
        string last = _graph.Reshape(_graph.Difference(steps.Lengths, _graph.Integers(1)), -1, 1);
        last = _graph.Where(_graph.Less(last, zero), zero, last);
        string numbers = _graph.Reshape(_graph.Range(_graph.Product(read.Padded, _graph.Integers(feature.Stacked))), 1, -1);
        string within = _graph.Where(_graph.Less(numbers, last), numbers, last);
        string begins = _graph.Product(_graph.Reshape(_graph.Range(steps.Batch), -1, 1), steps.Padded);
        string rows = _graph.Gather(_graph.Reshape(frames, -1, feature.StepSize), _graph.Sum(begins, within));
        return _graph.ReshapeTo(rows, _graph.Concat(0, steps.Batch, read.Padded, _graph.Integers(feature.Size)));
    }

    /// <summary>
    /// A word's vector [B, T + 1, 2 H] from its characters, by a layer that reads all words of the batch as sequences of their
    /// own.
    /// </summary>
    private string Words(StepFeature feature, int place, string characters)
    {
        string name = Invariant($"feature{place + 1}.characters");
        (string keys, string there, string count) = Parts(characters);
        string lengths = _graph.MatMul(there, _graph.Expand(_graph.Number(1), count)); // [words]
        string vectors = _graph.Gather(_graph.Weights($"{name}.embedding", weights.Matrix($"{name}.embedding")),
            Known(keys, feature.Size));
        string ends = OnnxStack.Words(_graph, weights, name, feature.HiddenSize, _graph.Transpose(vectors, 1, 0, 2), lengths);
        return _graph.ReshapeTo(ends, Shape(_graph.Concat(0, steps.Padded, _graph.Integers(2 * feature.HiddenSize))));
    }

    /// <summary>A word's vector [B, T + 1, E]: the mean of those of its subwords.</summary>
    private string Subwords(StepFeature feature, int place, string subwords)
    {
        string name = Invariant($"feature{place + 1}.subwords");
        (string keys, string there, string count) = Parts(subwords);
        // [words, S + 1, E]
        string vectors = _graph.Gather(_graph.Weights(name, weights.Matrix(name)), Known(keys, feature.Size));
        string rows = _graph.ReshapeTo(there, _graph.Concat(0, _graph.Integers(-1, 1), count));
        string sums = _graph.MatMul(rows, vectors);                                                           // [words, 1, E]
        string counts = _graph.MatMul(there, _graph.Expand(_graph.Number(1), count));
        counts = _graph.Where(_graph.Less(counts, _graph.Number(1)), _graph.Number(1), counts);
        string means = _graph.Quotient(sums, _graph.Reshape(counts, -1, 1, 1));
        return _graph.ReshapeTo(means, Shape(_graph.Concat(0, steps.Padded, _graph.Integers(feature.EmbeddingSize))));
    }

    /// <summary>The parts of all words of the batch, words as rows, with one word and one part more than there are.</summary>
    /// <param name="parts">[B, T, C] keys, -1 behind a word's last.</param>
    /// <returns>[words, C + 1] keys; whether there is such a part, as 1 or 0; and [1] C + 1.</returns>
    private (string Keys, string There, string Count) Parts(string parts)
    {
        string none = _graph.Integer(-1), length = _graph.Size(_graph.Shape(parts), 2), one = _graph.Integers(1);
        string count = _graph.Sum(length, one);
        parts = _graph.Concat(1, parts, _graph.Expand(none, Shape(_graph.Concat(0, one, length))));
        parts = _graph.Concat(2, parts, _graph.Expand(none, Shape(_graph.Concat(0, steps.Padded, one))));
        string keys = _graph.ReshapeTo(parts, _graph.Concat(0, _graph.Integers(-1), count));
        return (keys, _graph.Cast(_graph.Less(none, keys), OnnxElement.Float), count);
    }

    /// <summary>The sizes of a tensor that has a row for each sequence.</summary>
    private string Shape(string rest) => _graph.Concat(0, steps.Batch, rest);
}
