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

    public override bool HasCellState => true;

    public override bool Saves => true;

    public override float InitialBias(int gate) => gate == ForgetGate ? 1 : 0;

    public override void Forward(in CellStep step) => Simd.Run<ForwardKernel, CellStep>(step);

    public override void Backward(in CellGradient gradient) => Simd.Run<BackwardKernel, CellGradient>(gradient);

    private readonly unsafe struct ForwardKernel : IKernel<CellStep>
    {
        public static void Run<V>(in CellStep s) where V : struct, IVector<V>
        {
            int units = s.Units;
            for (int row = 0; row < s.Rows; row++)
            {
                float* gates = s.Wx + row * 4 * units;
                nint state = row * s.StateStride;
                float* hidden = s.Hidden + row * s.HiddenStride;
                for (int u = 0; u < units; u += V.Count)
                {
                    V i = Activations.Sigmoid(V.Load(gates + u));
                    V f = Activations.Sigmoid(V.Load(gates + units + u));
                    V g = Activations.Tanh(V.Load(gates + 2 * units + u));
                    V o = Activations.Sigmoid(V.Load(gates + 3 * units + u));
                    V c = V.MultiplyAdd(f, V.Load(s.PreviousCellState + state + u), i * g);   // 1
                    V tanhC = Activations.Tanh(c);                                            // 2
                    V.Store(o * tanhC, hidden + u);                                           // 3
                    V.Store(c, s.CellState + state + u);
                    V.Store(tanhC, s.Saved + state + u);
                    V.Store(i, gates + u);
                    V.Store(f, gates + units + u);
                    V.Store(g, gates + 2 * units + u);
                    V.Store(o, gates + 3 * units + u);
                }
            }
        }
    }

    private readonly unsafe struct BackwardKernel : IKernel<CellGradient>
    {
        public static void Run<V>(in CellGradient gradient) where V : struct, IVector<V>
        {
            CellStep s = gradient.Step;
            int units = s.Units;
            for (int row = 0; row < s.Rows; row++)
            {
                float* gates = s.Wx + row * 4 * units;
                nint state = row * s.StateStride;
                float* fromAbove = gradient.FromAbove + row * s.HiddenStride;
                for (int u = 0; u < units; u += V.Count)
                {
                    V i = V.Load(gates + u), f = V.Load(gates + units + u);
                    V g = V.Load(gates + 2 * units + u), o = V.Load(gates + 3 * units + u);
                    V tanhC = V.Load(s.Saved + state + u);
                    V dh = V.FlushTiny(V.Load(fromAbove + u) + V.Load(gradient.Hidden + state + u));

                    V dO = dh * tanhC * Activations.SigmoidSlope(o);                                  // 3
                    V dc = V.FlushTiny(V.MultiplyAdd(dh * o, Activations.TanhSlope(tanhC),
                        V.Load(gradient.CellState + state + u)));                                     // 2
                    V di = dc * g * Activations.SigmoidSlope(i);                                      // 1
                    V df = dc * V.Load(s.PreviousCellState + state + u) * Activations.SigmoidSlope(f);
                    V dg = dc * i * Activations.TanhSlope(g);

                    V.Store(dc * f, gradient.CellState + state + u);
                    V.Store(V.Create(0), gradient.Hidden + state + u);
                    V.Store(di, gates + u);
                    V.Store(df, gates + units + u);
                    V.Store(dg, gates + 2 * units + u);
                    V.Store(dO, gates + 3 * units + u);
                }
            }
        }
    }
}
