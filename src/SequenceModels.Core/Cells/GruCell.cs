using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Cells;

/// <summary>
/// The gated recurrent unit, with the reset gate applied after the recurrent product:
/// <code>
/// z = sigmoid(W_z x + R_z h + b_z)                 update gate
/// r = sigmoid(W_r x + R_r h + b_r)                 reset gate
/// n = tanh(W_n x + b_Wn + r * (R_n h + b_Rn))      candidate
/// h' = n + z * (h - n)
/// </code>
/// The gates stand in the order z, r, n.
/// </summary>
/// <remarks>
/// Cho et al., EMNLP 2014. That paper resets h before the product; resetting after it needs one product less in a row and is the
/// form that cuDNN, PyTorch and Keras compute.
/// </remarks>
internal sealed class GruCell : RecurrentCell
{
    public const string CellName = "GRU";

    public override string Name => CellName;

    public override int Gates => 3;

    public override IReadOnlyList<string> GateNames { get; } = ["update gate z", "reset gate r", "candidate n"];

    public override int? RetainGate => 0;

    public override bool SeparateProducts => true;

    public override OnnxCell? Onnx { get; } = new("GRU", [0, 1, 2]);

    public override void Forward(in CellStep step) => Simd.Run<ForwardKernel, CellStep>(step);

    public override void Backward(in CellGradient gradient) => Simd.Run<BackwardKernel, CellGradient>(gradient);

    private readonly unsafe struct ForwardKernel : IKernel<CellStep>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in CellStep s) where V : struct, IVector<V>
        {
            int units = s.Units;
            for (int row = 0; row < s.Rows; row++)
            {
                float* wx = s.Wx + row * s.GateStride;
                float* rh = s.Rh + row * s.GateStride;
                for (int u = 0; u < 2 * units; u += V.Count)
                    V.Store(Activations.Sigmoid(V.Load(wx + u) + V.Load(rh + u)), wx + u);
            }
            for (int row = 0; row < s.Rows; row++)
            {
                float* wx = s.Wx + row * s.GateStride;
                float* rh = s.Rh + row * s.GateStride;
                float* previous = s.PreviousHidden + row * s.StateStride;
                float* hidden = s.Hidden + row * s.HiddenStride;
                float* next = s.NextHidden + row * s.StateStride;
                for (int u = 0; u < units; u += V.Count)
                {
                    V z = V.Load(wx + u), r = V.Load(wx + units + u);
                    V n = Activations.Tanh(V.MultiplyAdd(r, V.Load(rh + 2 * units + u), V.Load(wx + 2 * units + u)));
                    V h = V.MultiplyAdd(z, V.Load(previous + u) - n, n);
                    V.Store(h, hidden + u);
                    V.Store(h, next + u);
                    if (s.KeepsForBackward)
                        V.Store(n, wx + 2 * units + u);
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
            int units = s.Units;
            for (int u = 0; u < units; u += V.Count)
            {
                float* bias = g.Bias + u, recurrentBias = g.RecurrentBias + u;
                V sumZ = V.Create(0), sumR = V.Create(0), sumN = V.Create(0), sumRecurrentN = V.Create(0);
                for (int row = 0; row < s.Rows; row++)
                {
                    float* wx = s.Wx + row * s.GateStride + u;
                    float* rh = s.Rh + row * s.GateStride + u;
                    nint state = row * s.StateStride + u;
                    V z = V.Load(wx), r = V.Load(wx + units), n = V.Load(wx + 2 * units);
                    V product = V.Load(rh + 2 * units);
                    V dh = V.FlushTiny(V.Load(g.FromAbove + row * s.HiddenStride + u) + V.Load(g.Hidden + state));

                    V dz = dh * (V.Load(s.PreviousHidden + state) - n) * Activations.SigmoidSlope(z);
                    V dn = dh * (V.Create(1) - z) * Activations.TanhSlope(n);
                    V dr = dn * product * Activations.SigmoidSlope(r);
                    V dRecurrentN = dn * r;
                    V.Store(dh * z, g.Hidden + state);

                    V.Store(dz, wx);
                    V.Store(dr, wx + units);
                    V.Store(dn, wx + 2 * units);
                    V.Store(dz, rh);
                    V.Store(dr, rh + units);
                    V.Store(dRecurrentN, rh + 2 * units);
                    (sumZ, sumR, sumN, sumRecurrentN) = (sumZ + dz, sumR + dr, sumN + dn, sumRecurrentN + dRecurrentN);
                }
                V.Store(V.Load(bias) + sumZ, bias);
                V.Store(V.Load(bias + units) + sumR, bias + units);
                V.Store(V.Load(bias + 2 * units) + sumN, bias + 2 * units);
                V.Store(V.Load(recurrentBias) + sumZ, recurrentBias);
                V.Store(V.Load(recurrentBias + units) + sumR, recurrentBias + units);
                V.Store(V.Load(recurrentBias + 2 * units) + sumRecurrentN, recurrentBias + 2 * units);
            }
        }
    }
}
