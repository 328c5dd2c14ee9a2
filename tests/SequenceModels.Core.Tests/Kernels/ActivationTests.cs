using SequenceModels.Kernels;
using Xunit;

namespace SequenceModels.Tests.Kernels;

/// <summary>Sigmoid and tanh against double over everything a gate can meet.</summary>
[Collection(EveryWidth.Name)]
public unsafe class ActivationTests
{
    public static TheoryData<int> Widths => EveryWidth.Widths;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Sigmoid_is_exact_to_2e_7(int width) =>
        Check<SigmoidKernel>(width, Sweep(), x => 1 / (1 + Math.Exp(-x)), tolerance: 2e-7);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Tanh_is_exact_to_2e_7(int width) => Check<TanhKernel>(width, Sweep(), Math.Tanh, tolerance: 2.5e-7);

    [Theory]
    [MemberData(nameof(Widths))]
    public void Infinities_reach_the_limits(int width)
    {
        float[] extremes = [float.PositiveInfinity, float.MaxValue, 1e10f, float.NegativeInfinity, float.MinValue, -1e10f];
        Assert.Equal([1, 1, 1, -1, -1, -1], Evaluate<TanhKernel>(width, extremes));
        float[] sigmoid = Evaluate<SigmoidKernel>(width, extremes);
        Assert.Equal([1, 1, 1], sigmoid[..3]);
        Assert.All(sigmoid[3..], value => Assert.InRange(value, 0, 1e-30f));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Tanh_of_zero_is_zero_and_of_NaN_is_NaN(int width)
    {
        float[] values = Evaluate<TanhKernel>(width, [0, float.NaN, 0]);
        Assert.Equal([0, float.NaN, 0], values);
        Assert.True(float.IsNaN(Evaluate<SigmoidKernel>(width, [float.NaN])[0]));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Exp_is_exact_to_4e_7_of_its_value(int width)
    {
        float[] inputs = [.. Enumerable.Range(-87_000, 174_001).Select(i => i / 1000f)],
            actual = Evaluate<ExpKernel>(width, inputs);
        for (int i = 0; i < inputs.Length; i++)
            Assert.Equal(1, actual[i] / Math.Exp(inputs[i]), 4e-7);
        Assert.InRange(Evaluate<ExpKernel>(width, [float.NegativeInfinity])[0], 0, 2e-38f);
        Assert.True(float.IsNaN(Evaluate<ExpKernel>(width, [float.NaN])[0]));
    }

    /// <summary>Which of the two a machine uses depends on its maker; both must be right on either.</summary>
    [Fact]
    public void A_reciprocal_by_division_and_by_estimate_agree()
    {
        Assert.SkipUnless(Simd.Widths.Contains(512), "This machine has no vectors of 512 bits.");
        float[] inputs = [.. Enumerable.Range(0, 126 * 64).Select(i => MathF.Pow(2, i / 64f)), float.PositiveInfinity];
        float[] divided = Evaluate<ReciprocalKernel>(512, inputs), estimated = Evaluate<EstimateKernel>(512, inputs);
        for (int i = 0; i < inputs.Length; i++)
        {
            Assert.Equal(1.0 / inputs[i], divided[i], 2e-7 / inputs[i] + 1e-37);
            Assert.Equal(1.0 / inputs[i], estimated[i], 2e-7 / inputs[i] + 2e-38);
        }
        Assert.True(float.IsNaN(Evaluate<EstimateKernel>(512, [float.NaN])[0]));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Slopes_are_those_of_the_values(int width)
    {
        float[] values = [.. Enumerable.Range(0, 101).Select(i => i / 100f)];
        Check<SigmoidSlopeKernel>(width, values, s => s * (1 - s), tolerance: 1e-7);
        Check<TanhSlopeKernel>(width, values, t => 1 - t * t, tolerance: 1e-7);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Subnormal_gradients_become_zero_and_normal_ones_stay(int width)
    {
        float[] values = [1e-40f, -1e-40f, 1e-30f, -1e-26f, 1e-24f, -1e-24f, 1, -3];
        Assert.Equal([0, 0, 0, 0, 1e-24f, -1e-24f, 1, -3], Evaluate<FlushKernel>(width, values));
    }

    /// <summary>Dense near zero, where both functions move, and out to values no sane network has.</summary>
    private static float[] Sweep() =>
    [
        .. Enumerable.Range(-20_000, 40_001).Select(i => i / 1000f),
        .. Enumerable.Range(-400, 801).Select(i => i / 2f),
        .. Enumerable.Range(-149, 150).SelectMany(power => (float[])[MathF.Pow(2, power), -MathF.Pow(2, power)]),
    ];

    private static void Check<TKernel>(int width, float[] inputs, Func<double, double> exact, double tolerance)
        where TKernel : IKernel<Values>
    {
        float[] actual = Evaluate<TKernel>(width, inputs);
        for (int i = 0; i < inputs.Length; i++)
            Assert.Equal(exact(inputs[i]), actual[i], tolerance);
    }

    private static float[] Evaluate<TKernel>(int width, float[] inputs) where TKernel : IKernel<Values>
    {
        var buffer = new FloatBuffer(Rows.Padded(inputs.Length));
        inputs.CopyTo(buffer.Span);
        EveryWidth.At(width, () => Simd.Run<TKernel, Values>(new() { Data = buffer.Data, Count = (int)buffer.Length }));
        return buffer.Span[..inputs.Length].ToArray();
    }

    private struct Values
    {
        public float* Data;
        public int Count;

        /// <summary>The next register of values and where it goes.</summary>
        public readonly void Each<V>(Func<V, V> function) where V : struct, IVector<V>
        {
            for (int i = 0; i < Count; i += V.Count)
                V.Store(function(V.Load(Data + i)), Data + i);
        }
    }

    private readonly struct SigmoidKernel : IKernel<Values>
    {
        public static void Run<V>(in Values a) where V : struct, IVector<V> => a.Each<V>(Activations.Sigmoid);
    }

    private readonly struct TanhKernel : IKernel<Values>
    {
        public static void Run<V>(in Values a) where V : struct, IVector<V> => a.Each<V>(Activations.Tanh);
    }

    private readonly struct SigmoidSlopeKernel : IKernel<Values>
    {
        public static void Run<V>(in Values a) where V : struct, IVector<V> => a.Each<V>(Activations.SigmoidSlope);
    }

    private readonly struct TanhSlopeKernel : IKernel<Values>
    {
        public static void Run<V>(in Values a) where V : struct, IVector<V> => a.Each<V>(Activations.TanhSlope);
    }

    private readonly struct FlushKernel : IKernel<Values>
    {
        public static void Run<V>(in Values a) where V : struct, IVector<V> => a.Each<V>(V.FlushTiny);
    }

    private readonly struct ExpKernel : IKernel<Values>
    {
        public static void Run<V>(in Values a) where V : struct, IVector<V> => a.Each<V>(Activations.Exp);
    }

    private readonly struct ReciprocalKernel : IKernel<Values>
    {
        public static void Run<V>(in Values a) where V : struct, IVector<V> => a.Each<V>(V.Reciprocal);
    }

    private readonly struct EstimateKernel : IKernel<Values>
    {
        public static void Run<V>(in Values a) where V : struct, IVector<V> => a.Each<V512>(V512.ImprovedEstimate);
    }
}
