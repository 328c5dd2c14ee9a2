using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SequenceModels.Kernels;

/// <summary>A loop over floats, written once for every vector width.</summary>
/// <typeparam name="TArguments">What it works on.</typeparam>
internal interface IKernel<TArguments>
{
    static abstract void Run<V>(in TArguments arguments) where V : struct, IVector<V>;
}

/// <summary>A loop over doubles, written once for every vector width.</summary>
/// <typeparam name="TArguments">What it works on.</typeparam>
internal interface IDoubleKernel<TArguments>
{
    static abstract void Run<V>(in TArguments arguments) where V : struct, IDoubles<V>;
}

/// <summary>Chooses the vector width that kernels run at.</summary>
internal static class Simd
{
    /// <summary>
    /// How kernels are compiled: optimised from the first call, and as methods of their own. Inlined into a caller,
    /// a short loop over registers can come out five times slower.
    /// </summary>
    public const MethodImplOptions Kernel = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>The first letters of "AuthenticAMD", as the processor tells its maker.</summary>
    private const int AuthenticAmd = 0x68747541;

    /// <summary>Every width this machine has instructions for, widest first, in bits.</summary>
    public static IReadOnlyList<int> Widths { get; } = [.. Available()];

    /// <summary>The width in use, in bits: the widest, unless a test asks for another.</summary>
    public static int Width { get; set; } = Widths[0];

    /// <summary>
    /// Whether a division of 512 bits takes no longer than an estimate that is then improved: with AMD's it does not,
    /// with Intel's it takes three times as long. A constant to the JIT: it compiles no kernel before this class is initialised.
    /// </summary>
    public static bool DividesFast { get; } = X86Base.IsSupported && X86Base.CpuId(0, 0) is { Ebx: AuthenticAmd };

    public static void Run<TKernel, TArguments>(in TArguments arguments) where TKernel : IKernel<TArguments>
    {
        if (Width == 512)
            TKernel.Run<V512>(arguments);
        else if (Width == 256)
            TKernel.Run<V256>(arguments);
        else
            TKernel.Run<V128>(arguments);
    }

    public static void RunDoubles<TKernel, TArguments>(in TArguments arguments) where TKernel : IDoubleKernel<TArguments>
    {
        if (Width == 512)
            TKernel.Run<D512>(arguments);
        else if (Width == 256)
            TKernel.Run<D256>(arguments);
        else
            TKernel.Run<D128>(arguments);
    }

    private static IEnumerable<int> Available()
    {
        if (Vector512.IsHardwareAccelerated && Avx512DQ.IsSupported)
            yield return 512;
        if (Vector256.IsHardwareAccelerated)
            yield return 256;
        yield return 128;
    }
}
