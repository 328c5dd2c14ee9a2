using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SequenceModels.Kernels;

/// <summary>
/// Rows of floats as whole numbers from -127 to 127, each row with a scale of its own: x = number * scale, to half a scale. They
/// are kept as numbers without sign, 128 more than they are. A row gives the same bytes in any batch and on any machine.
/// </summary>
/// <remarks>
/// A row that has a NaN or an infinity has the scale NaN, and so has every product of it. A row without any number of at least
/// 1e-30 counts as zeros.
/// </remarks>
internal readonly unsafe struct ByteRows
{
    /// <summary>What numbers are kept as more than they are.</summary>
    public const int Offset = 128;

    private const int LargestNumber = 127;

    /// <summary>Added to a float, leaves the nearest whole number in the last bits: 1.5 * 2^23.</summary>
    private const float Rounder = 12582912;
    private const int RounderBits = 0x4B400000, InfinityBits = 0x7F800000, SignlessBits = 0x7FFFFFFF;

    /// <summary>1 / this is still a float.</summary>
    private const float Smallest = 1e-30f;

    [ThreadStatic]
    private static FloatBuffer? t_numbers, t_scales;

    private ByteRows(byte* numbers, nint stride, float* scales)
    {
        Numbers = numbers;
        Stride = stride;
        Scales = scales;
    }

    /// <summary>[M, K], K padded to a multiple of 16.</summary>
    public byte* Numbers { get; }

    /// <summary>Bytes from one row to the next.</summary>
    public nint Stride { get; }

    /// <summary>[M] of each row.</summary>
    public float* Scales { get; }

    /// <summary>Rounds rows. What is returned holds until the same thread rounds other rows.</summary>
    /// <param name="rows">M.</param>
    /// <param name="length">K.</param>
    /// <param name="data">[M, K].</param>
    /// <param name="stride">Floats from one row to the next.</param>
    public static ByteRows Of(int rows, int length, float* data, nint stride)
    {
        FloatBuffer numbers = t_numbers ??= new FloatBuffer(), scales = t_scales ??= new FloatBuffer();
        int bytes = Rows.Padded(length);
        numbers.Reserve((long)rows * bytes / sizeof(float));
        scales.Reserve(rows);
        var result = new ByteRows((byte*)numbers.Data, bytes, scales.Data);
        for (int row = 0; row < rows; row++)
            result.Scales[row] = Round(data + row * stride, length, result.Numbers + row * bytes);
        return result;
    }

    /// <returns>The row's scale.</returns>
    [MethodImpl(Simd.Kernel)]
    private static float Round(float* row, int length, byte* numbers)
    {
        int largestBits = LargestBits(row, length);
        float largest = BitConverter.Int32BitsToSingle(largestBits);
        if (largestBits >= InfinityBits || largest < Smallest)
        {
            new Span<byte>(numbers, length).Fill(Offset);
            return largestBits >= InfinityBits ? float.NaN : 0;
        }
        float factor = LargestNumber / largest;
        Vector256<float> factors = Vector256.Create(factor), rounder = Vector256.Create(Rounder);
        Vector256<int> bits = Vector256.Create(RounderBits - Offset);
        int i = 0;
        for (; i <= length - 16; i += 16)
        {
            Vector256<int> a = (Vector256.Load(row + i) * factors + rounder).AsInt32() - bits,
                b = (Vector256.Load(row + i + 8) * factors + rounder).AsInt32() - bits;
            Vector256<short> words = Vector256.Narrow(a, b);
            Vector128.Narrow(words.GetLower(), words.GetUpper()).AsByte().Store(numbers + i);
        }
        for (; i < length; i++)
            numbers[i] = (byte)(BitConverter.SingleToInt32Bits(row[i] * factor + Rounder) - (RounderBits - Offset));
        return largest / LargestNumber;
    }

    /// <summary>
    /// Of the largest absolute value. Compared as bits, a NaN is larger than infinity, and that than all others.
    /// </summary>
    private static int LargestBits(float* row, int length)
    {
        Vector256<int> largest = default, signless = Vector256.Create(SignlessBits);
        int i = 0;
        for (; i <= length - 8; i += 8)
            largest = Vector256.Max(largest, Vector256.Load((int*)row + i) & signless);
        int result = 0;
        for (; i < length; i++)
            result = Math.Max(result, ((int*)row)[i] & SignlessBits);
        Vector128<int> four = Vector128.Max(largest.GetLower(), largest.GetUpper());
        four = Vector128.Max(four, Vector128.Shuffle(four, Vector128.Create(2, 3, 0, 1)));
        return Math.Max(result, Math.Max(four[0], four[1]));
    }
}
