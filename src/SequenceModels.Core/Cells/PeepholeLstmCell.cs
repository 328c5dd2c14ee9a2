using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Cells;

/// <summary>
/// Long short-term memory whose gates also see the cell state, each unit its own:
/// <code>
/// i = sigmoid(W_i x + R_i h + p_i * c  + b_i)     input gate
/// f = sigmoid(W_f x + R_f h + p_f * c  + b_f)     forget gate
/// g = tanh   (W_g x + R_g h + b_g)                candidate
/// c' = f * c + i * g                              cell state
/// o = sigmoid(W_o x + R_o h + p_o * c' + b_o)     output gate
/// h' = o * tanh(c')                               hidden state
/// </code>
/// The gates stand in the order i, f, g, o, the peepholes p in the order i, f, o.
/// </summary>
/// <remarks>
/// Gers, Schraudolph and Schmidhuber, "Learning Precise Timing with LSTM Recurrent Networks", Journal of Machine Learning
/// Research 3, 2002. The peepholes begin at 0, so that a network starts as one without them.
/// </remarks>
internal sealed class PeepholeLstmCell : RecurrentCell
{
    private const int ForgetGate = 1;

    public override string Name => "PeepholeLSTM";

    public override string Family => LstmCell.CellName;

    public override RecurrentCellKind Kind => RecurrentCellKind.Peephole;

    public override int Gates => 4;

    public override IReadOnlyList<string> GateNames { get; } = ["input gate i", "forget gate f", "candidate g", "output gate o"];

    public override int? RetainGate => ForgetGate;

    public override bool HasCellState => true;

    public override int SavedValues => 1;

    public override IReadOnlyList<CellParameter> Parameters { get; } =
        [new("peephole of the input gate"), new("peephole of the forget gate"), new("peephole of the output gate")];

    public override OnnxCell? Onnx { get; } = new("LSTM", [0, 3, 1, 2], PeepholeOrder: [0, 2, 1]); // input, output, forget

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
                float* gates = s.Wx + row * s.GateStride, peepholes = s.Parameters + row * s.ParameterStride;
                float* before = s.PreviousCellState + row * s.StateStride;
                for (int u = 0; u < units; u += V.Count)
                {
                    V c = V.Load(before + u), i = V.MultiplyAdd(V.Load(peepholes + u), c, V.Load(gates + u));
                    V f = V.MultiplyAdd(V.Load(peepholes + units + u), c, V.Load(gates + units + u));
                    V.Store(Activations.Sigmoid(i), gates + u);                                            // 1
                    V.Store(Activations.Sigmoid(f), gates + units + u);                                    // 2
                }
                Activations.Tanh<V>(gates + 2 * units, units);                                             // 3
            }
            for (int row = 0; row < s.Rows; row++)
            {
                float* gates = s.Wx + row * s.GateStride, peepholes = s.Parameters + row * s.ParameterStride;
                nint state = row * s.StateStride;
                for (int u = 0; u < units; u += V.Count)
                {
                    V i = V.Load(gates + u), f = V.Load(gates + units + u), g = V.Load(gates + 2 * units + u);
                    V c = V.MultiplyAdd(f, V.Load(s.PreviousCellState + state + u), i * g);                // 4
                    V o = Activations.Sigmoid(V.MultiplyAdd(
                        V.Load(peepholes + 2 * units + u), c, V.Load(gates + 3 * units + u)));             // 5
                    V tanhC = Activations.Tanh(c);                                                         // 6
                    V h = o * tanhC;                                                                       // 7
                    V.Store(h, s.Hidden + row * s.HiddenStride + u);
                    V.Store(h, s.NextHidden + state + u);
                    V.Store(c, s.NextCellState + state + u);
                    if (!s.KeepsForBackward)
                        continue;
                    V.Store(tanhC, s.Saved + row * s.SavedStride + u);
                    V.Store(o, gates + 3 * units + u);
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
                float* bias = gradient.Bias + u, dPeepholes = gradient.Parameters + u, peepholes = s.Parameters + u;
                V pI = V.Load(peepholes), pF = V.Load(peepholes + units), pO = V.Load(peepholes + 2 * units);
                V sumI = V.Load(bias), sumF = V.Load(bias + units), sumG = V.Load(bias + 2 * units),
                    sumO = V.Load(bias + 3 * units);
                V sumPI = V.Load(dPeepholes), sumPF = V.Load(dPeepholes + units), sumPO = V.Load(dPeepholes + 2 * units);
                for (int row = 0; row < s.Rows; row++)
                {
                    float* gates = s.Wx + row * s.GateStride + u;
                    nint state = row * s.StateStride + u;
                    V i = V.Load(gates), f = V.Load(gates + units), g = V.Load(gates + 2 * units), o = V.Load(gates + 3 * units);
                    V tanhC = V.Load(s.Saved + row * s.SavedStride + u), before = V.Load(s.PreviousCellState + state);
                    V c = V.MultiplyAdd(f, before, i * g);
                    V dh = V.FlushTiny(V.Load(gradient.FromAbove + row * s.HiddenStride + u) + V.Load(gradient.Hidden + state));

                    V dO = dh * tanhC * Activations.SigmoidSlope(o);                                                   // 7, 5
                    V dc = V.MultiplyAdd(dh * o, Activations.TanhSlope(tanhC), V.Load(gradient.CellState + state));    // 7, 6
                    dc = V.FlushTiny(V.MultiplyAdd(dO, pO, dc));                                                       // 5
                    V di = dc * g * Activations.SigmoidSlope(i);                                                       // 4, 1
                    V df = dc * before * Activations.SigmoidSlope(f);                                                  // 4, 2
                    V dg = dc * i * Activations.TanhSlope(g);                                                          // 4, 3

                    V.Store(V.MultiplyAdd(df, pF, V.MultiplyAdd(di, pI, dc * f)), gradient.CellState + state);         // 4, 2, 1
                    V.Store(V.Create(0), gradient.Hidden + state);
                    V.Store(di, gates);
                    V.Store(df, gates + units);
                    V.Store(dg, gates + 2 * units);
                    V.Store(dO, gates + 3 * units);
                    (sumI, sumF, sumG, sumO) = (sumI + di, sumF + df, sumG + dg, sumO + dO);
                    sumPI = V.MultiplyAdd(di, before, sumPI);
                    sumPF = V.MultiplyAdd(df, before, sumPF);
                    sumPO = V.MultiplyAdd(dO, c, sumPO);
                }
                V.Store(sumI, bias);
                V.Store(sumF, bias + units);
                V.Store(sumG, bias + 2 * units);
                V.Store(sumO, bias + 3 * units);
                V.Store(sumPI, dPeepholes);
                V.Store(sumPF, dPeepholes + units);
                V.Store(sumPO, dPeepholes + 2 * units);
            }
        }
    }
}
