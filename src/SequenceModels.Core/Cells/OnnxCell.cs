namespace SequenceModels.Cells;

/// <summary>How a cell is written in ONNX.</summary>
/// <param name="Operator">The operator's name.</param>
/// <param name="GateOrder">Which of the cell's gates stands at each place of the operator's W, R and B.</param>
/// <param name="PeepholeOrder">
/// Which of the cell's own parameters stands at each place of the operator's P; null: it has no P.
/// </param>
/// <remarks>The operators RNN, GRU and LSTM of the ONNX specification, opset 14.</remarks>
internal sealed record OnnxCell(string Operator, IReadOnlyList<int> GateOrder, IReadOnlyList<int>? PeepholeOrder = null);
