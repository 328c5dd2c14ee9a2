using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>Copies of matrices with rows and columns exchanged.</summary>
internal static unsafe class Transposition
{
    /// <summary>Rows and columns that are exchanged in registers.</summary>
    private const int Block = 4;

    /// <summary>Target [columns, rows] becomes the transpose of source [rows, columns].</summary>
    /// <param name="source">First element.</param>
    /// <param name="sourceStride">Floats from one row to the next.</param>
    /// <param name="rows">Of the source.</param>
    /// <param name="columns">Of the source; a multiple of 4.</param>
    /// <param name="target">First element.</param>
    /// <param name="targetStride">Floats from one row to the next.</param>
    [MethodImpl(Simd.Kernel)]
    public static void Copy(float* source, nint sourceStride, int rows, int columns, float* target, nint targetStride)
    {
        int row = 0;
        for (; row + Block <= rows; row += Block)
        {
            float* a = source + row * sourceStride, b = a + sourceStride, c = b + sourceStride, d = c + sourceStride;
            float* to = target + row;
            for (int column = 0; column < columns; column += Block, to += Block * targetStride)
            {
                (Vector128<float> ac01, Vector128<float> ac23) = Interleave(a + column, c + column);
                (Vector128<float> bd01, Vector128<float> bd23) = Interleave(b + column, d + column);
                (Vector128<float> first, Vector128<float> second) = Interleave(ac01, bd01);
                (Vector128<float> third, Vector128<float> fourth) = Interleave(ac23, bd23);
                first.Store(to);
                second.Store(to + targetStride);
                third.Store(to + 2 * targetStride);
                fourth.Store(to + 3 * targetStride);
            }
        }
        for (; row < rows; row++)
            for (int column = 0; column < columns; column++)
                target[column * targetStride + row] = source[row * sourceStride + column];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(float* a, float* b) =>
        Interleave(Vector128.Load(a), Vector128.Load(b));

    /// <summary>a0 b0 a1 b1, and a2 b2 a3 b3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector128<float> Low, Vector128<float> High) Interleave(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? (Sse.UnpackLow(a, b), Sse.UnpackHigh(a, b))
        : AdvSimd.Arm64.IsSupported ? (AdvSimd.Arm64.ZipLow(a, b), AdvSimd.Arm64.ZipHigh(a, b))
        : (Vector128.Create(a[0], b[0], a[1], b[1]), Vector128.Create(a[2], b[2], a[3], b[3]));
}
