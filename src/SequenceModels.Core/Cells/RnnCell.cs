using SequenceModels.Kernels;

namespace SequenceModels.Cells;

/// <summary>
/// The plain recurrent cell: h_t = tanh(W x_t + R h_{t-1} + b).
/// </summary>
/// <remarks>Elman, "Finding Structure in Time", Cognitive Science 14, 1990.</remarks>
internal sealed class RnnCell : RecurrentCell
{
    public const string CellName = "RNN";

    public override string Name => CellName;

    public override int Gates => 1;

    public override void Forward(in CellStep step) => Simd.Run<ForwardKernel, CellStep>(step);

    public override void Backward(in CellGradient gradient) => Simd.Run<BackwardKernel, CellGradient>(gradient);

    private readonly unsafe struct ForwardKernel : IKernel<CellStep>
    {
        public static void Run<V>(in CellStep s) where V : struct, IVector<V>
        {
            for (int row = 0; row < s.Rows; row++)
            {
                float* a = s.Wx + row * s.Units;
                float* h = s.Hidden + row * s.HiddenStride;
                for (int u = 0; u < s.Units; u += V.Count)
                    V.Store(Activations.Tanh(V.Load(a + u)), h + u);
            }
        }
    }

    private readonly unsafe struct BackwardKernel : IKernel<CellGradient>
    {
        public static void Run<V>(in CellGradient g) where V : struct, IVector<V>
        {
            CellStep s = g.Step;
            for (int row = 0; row < s.Rows; row++)
            {
                float* a = s.Wx + row * s.Units;
                float* h = s.Hidden + row * s.HiddenStride;
                float* fromAbove = g.FromAbove + row * s.HiddenStride;
                float* hidden = g.Hidden + row * s.StateStride;
                for (int u = 0; u < s.Units; u += V.Count)
                {
                    V dh = V.FlushTiny(V.Load(fromAbove + u) + V.Load(hidden + u));
                    V.Store(dh * Activations.TanhSlope(V.Load(h + u)), a + u);
                    V.Store(V.Create(0), hidden + u);
                }
            }
        }
    }
}
