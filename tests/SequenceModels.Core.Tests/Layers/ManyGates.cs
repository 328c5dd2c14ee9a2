using System.Runtime.CompilerServices;
using SequenceModels.Cells;
using SequenceModels.Kernels;

namespace SequenceModels.Tests.Layers;

/// <summary>
/// A plain recurrent cell with seven gates that are only ever added: h' = tanh(a_1 + ... + a_7). More gates than fit a panel of
/// 64.
/// </summary>
internal sealed class ManyGates : RecurrentCell
{
    private const int Count = 7;

    public override string Name => "many gates";

    public override int Gates => Count;

    public override void Forward(in CellStep step) => Simd.Run<ForwardKernel, CellStep>(step);

    public override void Backward(in CellGradient gradient) => Simd.Run<BackwardKernel, CellGradient>(gradient);

    private readonly unsafe struct ForwardKernel : IKernel<CellStep>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in CellStep s) where V : struct, IVector<V>
        {
            for (int row = 0; row < s.Rows; row++)
                for (int u = 0; u < s.Units; u += V.Count)
                {
                    V sum = V.Create(0);
                    for (int gate = 0; gate < Count; gate++)
                        sum += V.Load(s.Wx + row * s.GateStride + gate * s.Units + u);
                    V h = Activations.Tanh(sum);
                    V.Store(h, s.Hidden + row * s.HiddenStride + u);
                    V.Store(h, s.NextHidden + row * s.StateStride + u);
                }
        }
    }

    private readonly unsafe struct BackwardKernel : IKernel<CellGradient>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in CellGradient g) where V : struct, IVector<V>
        {
            CellStep s = g.Step;
            for (int row = 0; row < s.Rows; row++)
                for (int u = 0; u < s.Units; u += V.Count)
                {
                    float* above = g.FromAbove + row * s.HiddenStride + u, carried = g.Hidden + row * s.StateStride + u;
                    V da = (V.Load(above) + V.Load(carried)) * Activations.TanhSlope(V.Load(s.Hidden + row * s.HiddenStride + u));
                    V.Store(V.Create(0), carried);
                    for (int gate = 0; gate < Count; gate++)
                    {
                        float* bias = g.Bias + gate * s.Units + u;
                        V.Store(da, s.Wx + row * s.GateStride + gate * s.Units + u);
                        V.Store(V.Load(bias) + da, bias);
                    }
                }
        }
    }
}
