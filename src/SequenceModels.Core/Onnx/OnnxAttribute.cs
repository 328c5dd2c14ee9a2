namespace SequenceModels.Onnx;

/// <summary>A setting of an operator.</summary>
/// <param name="Name">As ONNX calls it.</param>
/// <param name="Value">
/// A whole number (<see cref="long"/>), a text, several of either, or an operator's own graph (<see cref="OnnxBody"/>).
/// </param>
internal sealed record OnnxAttribute(string Name, object Value)
{
    public static implicit operator OnnxAttribute((string Name, long Value) attribute) => new(attribute.Name, attribute.Value);

    public static implicit operator OnnxAttribute((string Name, string Value) attribute) => new(attribute.Name, attribute.Value);

    public static implicit operator OnnxAttribute((string Name, long[] Values) attribute) =>
        new(attribute.Name, attribute.Values);

    public static implicit operator OnnxAttribute((string Name, string[] Values) attribute) =>
        new(attribute.Name, attribute.Values);

    public static implicit operator OnnxAttribute((string Name, OnnxBody Body) attribute) => new(attribute.Name, attribute.Body);
}
