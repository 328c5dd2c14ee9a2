namespace SequenceModels.Diagnostics;

/// <summary>What stops <c>Model.ConvertToOnnx</c>.</summary>
/// <param name="Part">The type of the transformer, by its name.</param>
/// <param name="Reason">Why it cannot be written as ONNX, and what can be done.</param>
public sealed record OnnxObstacle(string Part, string Reason);
