using SequenceModels.Sequences;

namespace SequenceModels.Tests.Reference;

/// <summary>The weights of a <see cref="ReferenceNetwork"/> by name, each a logical matrix; a bias is a matrix of one row.</summary>
internal sealed class ReferenceWeights
{
    public const string Embedding = "embedding"; // [V + 1, E], row 0 for unknown tokens
    public const string DenseW = "dense.W";      // [D·H, K]
    public const string DenseB = "dense.b";      // [1, K]

    private readonly Dictionary<string, double[,]> _matrices = [];
    private double[]? _frameMean, _frameScale;

    public double[,] this[string name]
    {
        get => _matrices[name];
        set => _matrices[name] = value;
    }

    public IEnumerable<string> Names => _matrices.Keys;

    /// <summary>A regression target is learned as (label - mean) / scale.</summary>
    public double TargetMean { get; set; }

    public double TargetScale { get; set; } = 1;

    /// <summary>W [I, G·H], R [H, G·H], b [1, G·H], bR [1, G·H] of a layer's direction.</summary>
    public static string Recurrent(int layer, bool backward, string part) => $"layer{layer}.{(backward ? "backward" : "forward")}.{part}";

    /// <summary>Frames enter as (x - mean) · scale.</summary>
    public void ScaleFrames(double[] mean, double[] scale) => (_frameMean, _frameScale) = (mean, scale);

    public double FrameMean(int feature) => _frameMean?[feature] ?? 0;

    public double FrameScale(int feature) => _frameScale?[feature] ?? 1;

    /// <summary>Weights of the given shape, uniform in [-range, range], biases too.</summary>
    public static ReferenceWeights Random(NetworkSpec spec, int gates, bool recurrentBias, int seed, double range = 0.5)
    {
        var random = new Random(seed);
        var weights = new ReferenceWeights();
        double[,] Matrix(int rows, int columns) => Matrices.Random(rows, columns, random, range);
        bool embedded = spec.Input == SequenceInput.Tokens && spec.EmbeddingSize > 0;
        if (embedded)
            weights[Embedding] = Matrix(spec.InputSize + 1, spec.EmbeddingSize);
        int directions = spec.Bidirectional ? 2 : 1, width = gates * spec.HiddenSize;
        for (int layer = 0; layer < spec.NumberOfLayers; layer++)
            for (int d = 0; d < directions; d++)
            {
                int inputs = layer > 0 ? directions * spec.HiddenSize : embedded ? spec.EmbeddingSize : spec.InputSize;
                weights[Recurrent(layer, d == 1, "W")] = Matrix(inputs, width);
                weights[Recurrent(layer, d == 1, "R")] = Matrix(spec.HiddenSize, width);
                weights[Recurrent(layer, d == 1, "b")] = Matrix(1, width);
                if (recurrentBias)
                    weights[Recurrent(layer, d == 1, "bR")] = Matrix(1, width);
            }
        weights[DenseW] = Matrix(directions * spec.HiddenSize, spec.NumberOfOutputs);
        weights[DenseB] = Matrix(1, spec.NumberOfOutputs);
        return weights;
    }
}
