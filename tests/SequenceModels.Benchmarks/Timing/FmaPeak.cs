using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SequenceModels.Benchmarks.Peers;

namespace SequenceModels.Benchmarks.Timing;

/// <summary>
/// What the processor can do at most: fused multiplications and additions of float vectors on registers alone. There are more
/// accumulators than the units need to be busy all the time, and with their two operands no more than the processor has
/// registers.
/// </summary>
internal sealed class FmaPeak(int threads) : IPeer
{
    private const int Turns = 1 << 22;
    private const int Accumulators512 = 24, Accumulators256 = 12;

    private static float s_sum;

    /// <summary>Width of the vectors that count here, in bits.</summary>
    public static int VectorBits => Vector512.IsHardwareAccelerated ? 512 : 256;

    /// <summary>Operations of one run, over all threads.</summary>
    public double Flops => 2.0 * threads * Turns * (Vector512.IsHardwareAccelerated
        ? Accumulators512 * Vector512<float>.Count : Accumulators256 * Vector256<float>.Count);

    public string Name => "FMA peak";

    public void Prepare()
    {
    }

    public void Run()
    {
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(_ => new Thread(RunOnOneThread))];
        foreach (Thread thread in others)
            thread.Start();
        RunOnOneThread();
        foreach (Thread thread in others)
            thread.Join();
    }

    public void Dispose()
    {
    }

    private static void RunOnOneThread() => s_sum = Vector512.IsHardwareAccelerated ? Turns512(Turns) : Turns256(Turns);

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Turns512(int turns)
    {
        Vector512<float> one = Vector512<float>.One, half = one * 0.5f, start = half;
        Vector512<float> a0 = start, a1 = start, a2 = start, a3 = start, a4 = start, a5 = start, a6 = start, a7 = start,
            a8 = start, a9 = start, a10 = start, a11 = start, a12 = start, a13 = start, a14 = start, a15 = start,
            a16 = start, a17 = start, a18 = start, a19 = start, a20 = start, a21 = start, a22 = start, a23 = start;
        for (int turn = 0; turn < turns; turn++)
        {
            a0 = Vector512.FusedMultiplyAdd(a0, half, one); a1 = Vector512.FusedMultiplyAdd(a1, half, one);
            a2 = Vector512.FusedMultiplyAdd(a2, half, one); a3 = Vector512.FusedMultiplyAdd(a3, half, one);
            a4 = Vector512.FusedMultiplyAdd(a4, half, one); a5 = Vector512.FusedMultiplyAdd(a5, half, one);
            a6 = Vector512.FusedMultiplyAdd(a6, half, one); a7 = Vector512.FusedMultiplyAdd(a7, half, one);
            a8 = Vector512.FusedMultiplyAdd(a8, half, one); a9 = Vector512.FusedMultiplyAdd(a9, half, one);
            a10 = Vector512.FusedMultiplyAdd(a10, half, one); a11 = Vector512.FusedMultiplyAdd(a11, half, one);
            a12 = Vector512.FusedMultiplyAdd(a12, half, one); a13 = Vector512.FusedMultiplyAdd(a13, half, one);
            a14 = Vector512.FusedMultiplyAdd(a14, half, one); a15 = Vector512.FusedMultiplyAdd(a15, half, one);
            a16 = Vector512.FusedMultiplyAdd(a16, half, one); a17 = Vector512.FusedMultiplyAdd(a17, half, one);
            a18 = Vector512.FusedMultiplyAdd(a18, half, one); a19 = Vector512.FusedMultiplyAdd(a19, half, one);
            a20 = Vector512.FusedMultiplyAdd(a20, half, one); a21 = Vector512.FusedMultiplyAdd(a21, half, one);
            a22 = Vector512.FusedMultiplyAdd(a22, half, one); a23 = Vector512.FusedMultiplyAdd(a23, half, one);
        }
        return Vector512.Sum(
            a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 +
            a8 + a9 + a10 + a11 + a12 + a13 + a14 + a15 +
            a16 + a17 + a18 + a19 + a20 + a21 + a22 + a23);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Turns256(int turns)
    {
        Vector256<float> one = Vector256<float>.One, half = one * 0.5f, start = half;
        Vector256<float> a0 = start, a1 = start, a2 = start, a3 = start, a4 = start, a5 = start, a6 = start, a7 = start,
            a8 = start, a9 = start, a10 = start, a11 = start;
        for (int turn = 0; turn < turns; turn++)
        {
            a0 = Vector256.FusedMultiplyAdd(a0, half, one); a1 = Vector256.FusedMultiplyAdd(a1, half, one);
            a2 = Vector256.FusedMultiplyAdd(a2, half, one); a3 = Vector256.FusedMultiplyAdd(a3, half, one);
            a4 = Vector256.FusedMultiplyAdd(a4, half, one); a5 = Vector256.FusedMultiplyAdd(a5, half, one);
            a6 = Vector256.FusedMultiplyAdd(a6, half, one); a7 = Vector256.FusedMultiplyAdd(a7, half, one);
            a8 = Vector256.FusedMultiplyAdd(a8, half, one); a9 = Vector256.FusedMultiplyAdd(a9, half, one);
            a10 = Vector256.FusedMultiplyAdd(a10, half, one); a11 = Vector256.FusedMultiplyAdd(a11, half, one);
        }
        return Vector256.Sum(
            a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 +
            a8 + a9 + a10 + a11);
    }
}
