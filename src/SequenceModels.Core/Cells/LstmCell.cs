using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Cells;

/// <summary>
/// Long short-term memory with a forget gate:
/// <code>
/// i = sigmoid(W_i x + R_i h + b_i)     input gate
/// f = sigmoid(W_f x + R_f h + b_f)     forget gate
/// g = tanh   (W_g x + R_g h + b_g)     candidate
/// o = sigmoid(W_o x + R_o h + b_o)     output gate
/// c' = f * c + i * g                   cell state
/// h' = o * tanh(c')                    hidden state
/// </code>
/// The gates stand in the order i, f, g, o.
/// </summary>
/// <remarks>
/// Hochreiter and Schmidhuber, Neural Computation 9, 1997; the forget gate: Gers, Schmidhuber and Cummins, Neural Computation 12,
/// 2000. Its bias begins at 1, so that the cell remembers until it learns to forget (Jozefowicz et al., ICML 2015).
/// </remarks>
internal sealed class LstmCell : RecurrentCell
{
    public const string CellName = "LSTM";

    private const int ForgetGate = 1;

    public override string Name => CellName;

    public override int Gates => 4;

    public override IReadOnlyList<string> GateNames { get; } = ["input gate i", "forget gate f", "candidate g", "output gate o"];

    public override int? RetainGate => ForgetGate;

    public override bool HasCellState => true;

    public override int SavedValues => 1;

    public override OnnxCell? Onnx { get; } = new("LSTM", [0, 3, 1, 2]); // input, output, forget, candidate

    public override float InitialBias(int gate) => gate == ForgetGate ? 1 : 0;

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
                float* gates = s.Wx + row * s.GateStride;
                Activations.Sigmoid<V>(gates, 2 * units);
                Activations.Tanh<V>(gates + 2 * units, units);
                Activations.Sigmoid<V>(gates + 3 * units, units);
            }
            for (int row = 0; row < s.Rows; row++)
            {
                float* gates = s.Wx + row * s.GateStride;
                nint state = row * s.StateStride;
                float* hidden = s.Hidden + row * s.HiddenStride;
                for (int u = 0; u < units; u += V.Count)
                {
                    V i = V.Load(gates + u), f = V.Load(gates + units + u), g = V.Load(gates + 2 * units + u);
                    V c = V.MultiplyAdd(f, V.Load(s.PreviousCellState + state + u), i * g);   // 1
                    V tanhC = Activations.Tanh(c);                                            // 2
                    V h = V.Load(gates + 3 * units + u) * tanhC;                              // 3
                    V.Store(h, hidden + u);
                    V.Store(h, s.NextHidden + state + u);
                    V.Store(c, s.NextCellState + state + u);
                    if (s.KeepsForBackward)
                        V.Store(tanhC, s.Saved + row * s.SavedStride + u);
                }
            }
        }
    }

    private readonly unsafe struct BackwardKernel : IKernel<CellGradient>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in CellGradient gradient) where V : struct, IVector<V>
        {
            CellStep s = gradient.Step;
            int units = s.Units;
            for (int u = 0; u < units; u += V.Count)
            {
                float* bias = gradient.Bias + u;
                V sumI = V.Load(bias), sumF = V.Load(bias + units), sumG = V.Load(bias + 2 * units),
                    sumO = V.Load(bias + 3 * units);
                for (int row = 0; row < s.Rows; row++)
                {
                    float* gates = s.Wx + row * s.GateStride + u;
                    nint state = row * s.StateStride + u;
                    V i = V.Load(gates), f = V.Load(gates + units), g = V.Load(gates + 2 * units), o = V.Load(gates + 3 * units);
                    V tanhC = V.Load(s.Saved + row * s.SavedStride + u);
                    V dh = V.FlushTiny(V.Load(gradient.FromAbove + row * s.HiddenStride + u) + V.Load(gradient.Hidden + state));

                    V dO = dh * tanhC * Activations.SigmoidSlope(o);                                  // 3
                    V dc = V.FlushTiny(V.MultiplyAdd(dh * o, Activations.TanhSlope(tanhC),
                        V.Load(gradient.CellState + state)));                                         // 2
                    V di = dc * g * Activations.SigmoidSlope(i);                                      // 1
                    V df = dc * V.Load(s.PreviousCellState + state) * Activations.SigmoidSlope(f);
                    V dg = dc * i * Activations.TanhSlope(g);

                    V.Store(dc * f, gradient.CellState + state);
                    V.Store(V.Create(0), gradient.Hidden + state);
                    V.Store(di, gates);
                    V.Store(df, gates + units);
                    V.Store(dg, gates + 2 * units);
                    V.Store(dO, gates + 3 * units);
                    (sumI, sumF, sumG, sumO) = (sumI + di, sumF + df, sumG + dg, sumO + dO);
                }
                V.Store(sumI, bias);
                V.Store(sumF, bias + units);
                V.Store(sumG, bias + 2 * units);
                V.Store(sumO, bias + 3 * units);
            }
        }
    }
}
