using SequenceModels.Kernels;

namespace SequenceModels.Heads;

/// <summary>The memory of an output layer in one pass. A layer that needs more derives its own.</summary>
internal class OutputPass
{
    /// <summary>[M, K] outputs, then scores; in learning a part of the rows.</summary>
    public FloatBuffer Outputs { get; } = new();

    /// <summary>[M, T F] the numbers of the steps of the same rows, where a linear path reads them.</summary>
    public FloatBuffer Steps { get; } = new();
}
