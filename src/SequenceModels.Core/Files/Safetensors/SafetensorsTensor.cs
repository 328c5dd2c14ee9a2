namespace SequenceModels.Files;

/// <summary>What the header of a safetensors file says of one tensor.</summary>
/// <param name="Name">Unique in the file.</param>
/// <param name="Type">What its elements are, such as F32.</param>
/// <param name="Shape">Its dimensions; none of a single number.</param>
/// <param name="Begin">Where its bytes begin behind the header.</param>
/// <param name="End">Where they end.</param>
internal sealed record SafetensorsTensor(string Name, string Type, IReadOnlyList<long> Shape, long Begin, long End)
{
    /// <summary>Bytes of an element; 0 of a type that this version does not know.</summary>
    public int ElementSize => Type switch
    {
        "F64" or "I64" or "U64" => 8,
        "F32" or "I32" or "U32" => 4,
        "F16" or "BF16" or "I16" or "U16" => 2,
        "BOOL" or "I8" or "U8" or "F8_E4M3" or "F8_E5M2" => 1,
        _ => 0,
    };

    /// <summary>Such as "[64, 128] of F32".</summary>
    public override string ToString() => $"[{string.Join(", ", Shape.Select(size => InvariantText.Of(size)))}] of {Type}";
}
