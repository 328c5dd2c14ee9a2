namespace SequenceModels.Onnx;

/// <summary>What a tensor's elements are, by the numbers of ONNX.</summary>
internal enum OnnxElement
{
    Float = 1,
    UInt8 = 2,
    UInt16 = 4,
    Int32 = 6,
    Int64 = 7,
    Bool = 9,
    UInt32 = 12,
}
