using System.Runtime.CompilerServices;
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

    public override OnnxCell? Onnx { get; } = new("RNN", [0]);

    public override void Forward(in CellStep step) => Simd.Run<ForwardKernel, CellStep>(step);

    public override void Backward(in CellGradient gradient) => Simd.Run<BackwardKernel, CellGradient>(gradient);

    private readonly unsafe struct ForwardKernel : IKernel<CellStep>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in CellStep s) where V : struct, IVector<V>
        {
            for (int row = 0; row < s.Rows; row++)
            {
                float* a = s.Wx + row * s.GateStride;
                float* h = s.Hidden + row * s.HiddenStride;
                float* next = s.NextHidden + row * s.StateStride;
                for (int u = 0; u < s.Units; u += V.Count)
                {
                    V value = Activations.Tanh(V.Load(a + u));
                    V.Store(value, h + u);
                    V.Store(value, next + u);
                }
            }
        }
    }

    private readonly unsafe struct BackwardKernel : IKernel<CellGradient>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in CellGradient g) where V : struct, IVector<V>
        {
            CellStep s = g.Step;
            for (int u = 0; u < s.Units; u += V.Count)
            {
                V sum = V.Load(g.Bias + u);
                for (int row = 0; row < s.Rows; row++)
                {
                    nint above = row * s.HiddenStride + u, state = row * s.StateStride + u;
                    V dh = V.FlushTiny(V.Load(g.FromAbove + above) + V.Load(g.Hidden + state));
                    V da = dh * Activations.TanhSlope(V.Load(s.Hidden + above));
                    V.Store(da, s.Wx + row * s.GateStride + u);
                    V.Store(V.Create(0), g.Hidden + state);
                    sum += da;
                }
                V.Store(sum, g.Bias + u);
            }
        }
    }
}
