using SequenceModels.Kernels;

namespace SequenceModels.Heads;

/// <summary>The memory of an output layer in one pass. A layer that needs more derives its own.</summary>
internal class OutputPass
{
    /// <summary>[M, K] outputs, then scores; in learning a part of the rows.</summary>
    public FloatBuffer Outputs { get; } = new();
}
