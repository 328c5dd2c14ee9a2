using SequenceModels.Layers;

namespace SequenceModels.Tests.Reference;

/// <summary>
/// The weights of a <see cref="ReferenceNetwork"/> by the engine's names, each a plain matrix; a bias is a matrix of one row.
/// </summary>
internal sealed class ReferenceWeights
{
    public const string Embedding = "embedding"; // [V + 1, E], row 0 for unknown tokens
    public const string PoolingV = "pooling.v"; // [1, D·H]
    public const string OutputW = "output.W";    // [D·H, K]
    public const string OutputB = "output.b";    // [1, K]
    public const string OutputU = "output.U";    // [F, K], of what a row has beside its steps

    public const string OutputA = "output.A";    // [T·F, K], of the numbers of the steps

    private readonly Dictionary<string, double[,]> _matrices = [];
    private double[]? _frameMean, _frameScale;

    public double[,] this[string name]
    {
        get => _matrices[name];
        set => _matrices[name] = value;
    }

    /// <summary>A regression target is learned as (label - mean) / scale.</summary>
    public double TargetMean { get; set; }

    public double TargetScale { get; set; } = 1;

    /// <summary>
    /// W [I, G·H], R [H, G·H], b [1, G·H], bR [1, G·H], P [1, P·H] of a layer's direction, the lowest layer being 0.
    /// </summary>
    public static string Recurrent(int layer, bool backward, string part) =>
        $"layer{layer + 1}.{(backward ? "backward" : "forward")}.{part}";

    /// <summary>Frames enter as (x - mean) · scale.</summary>
    public void ScaleFrames(double[] mean, double[] scale) => (_frameMean, _frameScale) = (mean, scale);

    /// <summary>
    /// What a number of a further feature that is frames becomes, by the feature from 0 and the number's place in the frame.
    /// </summary>
    public Func<int, int, double, double> ScaleFeature { get; set; } = (_, _, x) => x;

    public double FrameMean(int feature) => _frameMean?[feature] ?? 0;

    public double FrameScale(int feature) => _frameScale?[feature] ?? 1;
}
