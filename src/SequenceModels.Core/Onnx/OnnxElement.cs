namespace SequenceModels.Onnx;

/// <summary>What a tensor's elements are, by the numbers of ONNX.</summary>
internal enum OnnxElement
{
    Float = 1,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
}
