using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Cells;

/// <summary>
/// Long short-term memory with layer normalisation, where N(a) = (a - mean) / sqrt(variance + 1e-5) over all numbers of a vector:
/// <code>
/// a = u * N(W x) + v * N(R h) + b                 [4H], cut into the gates
/// i, f, g, o = sigmoid, sigmoid, tanh, sigmoid    input gate, forget gate, candidate, output gate
/// c' = f * c + i * g                              cell state
/// h' = o * tanh(w * N(c') + d)                    hidden state
/// </code>
/// The gates stand in the order i, f, g, o; the cell's own parameters in the order u, v, b (a vector for each gate), w, d.
/// </summary>
/// <remarks>
/// Ba, Kiros and Hinton, "Layer Normalization", arXiv:1607.06450, 2016, equations 20 to 22, whose two shifts of the products and
/// bias are one b here, for only their sum has an effect. The forget gate's b begins at 1.
/// </remarks>
internal sealed class LayerNormLstmCell : RecurrentCell
{
    private const int ForgetGate = 1, GateCount = 4;

    /// <summary>Where the cell's own parameters begin.</summary>
    private const int InputGain = 0, RecurrentGain = 4, Shift = 8, StateGain = 12, StateShift = 13;

    /// <summary>
    /// What Forward saves after N(W x): N(c'), and in the last values of a row the factors that scaled the three.
    /// </summary>
    private const int NormalState = 4, Scales = 5;

    public override string Name => "LayerNormLSTM";

    public override string Family => LstmCell.CellName;

    public override RecurrentCellKind Kind => RecurrentCellKind.LayerNorm;

    public override int Gates => GateCount;

    public override IReadOnlyList<string> GateNames { get; } = ["input gate i", "forget gate f", "candidate g", "output gate o"];

    public override int? RetainGate => ForgetGate;

    public override bool HasCellState => true;

    public override int SavedValues => 6;

    public override bool SeparateProducts => true;

    public override bool HasBiases => false;

    public override bool ReadsWholeRows => true;

    public override IReadOnlyList<CellParameter> Parameters { get; } =
    [
        .. Each("gain of W x", _ => 1), .. Each("gain of R h", _ => 1), .. Each("shift", gate => gate == ForgetGate ? 1 : 0),
        new("gain of the cell state", 1), new("shift of the cell state"),
    ];

    public override void Forward(in CellStep step) => Simd.Run<ForwardKernel, CellStep>(step);

    public override void Backward(in CellGradient gradient) => Simd.Run<BackwardKernel, CellGradient>(gradient);

    private static IEnumerable<CellParameter> Each(string name, Func<int, float> initial) =>
        Enumerable.Range(0, GateCount).Select(gate => new CellParameter($"{name}, gate {"ifgo"[gate]}", initial(gate)));

    private readonly unsafe struct ForwardKernel : IKernel<CellStep>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in CellStep s) where V : struct, IVector<V>
        {
            int units = s.Units;
            for (int row = 0; row < s.Rows; row++)
            {
                float* wx = s.Wx + row * s.GateStride, rh = s.Rh + row * s.GateStride,
                    own = s.Parameters + row * s.ParameterStride;
                float* c = s.NextCellState + row * s.StateStride, before = s.PreviousCellState + row * s.StateStride;
                float* h = s.Hidden + row * s.HiddenStride, nextH = s.NextHidden + row * s.StateStride;
                float* saved = s.KeepsForBackward ? s.Saved + row * s.SavedStride : null;
                float inputScale = LayerNorm.Normalize<V>(wx, wx, GateCount, units, s.HiddenSize);     // 1
                float recurrentScale = LayerNorm.Normalize<V>(rh, rh, GateCount, units, s.HiddenSize); // 2
                if (saved is not null)
                    Rows.Copy(wx, saved, GateCount * units);
                for (int u = 0; u < units; u += V.Count)
                {
                    V i = Activations.Sigmoid(Gate<V>(own, wx, rh, 0, units, u));                      // 3
                    V f = Activations.Sigmoid(Gate<V>(own, wx, rh, 1, units, u));
                    V g = Activations.Tanh(Gate<V>(own, wx, rh, 2, units, u));
                    V o = Activations.Sigmoid(Gate<V>(own, wx, rh, 3, units, u));
                    V.Store(V.MultiplyAdd(f, V.Load(before + u), i * g), c + u);                       // 4
                    V.Store(i, wx + u);
                    V.Store(f, wx + units + u);
                    V.Store(g, wx + 2 * units + u);
                    V.Store(o, wx + 3 * units + u);
                }
                // N(c') stands where h will: both are [H].
                float stateScale = LayerNorm.Normalize<V>(c, nextH, 1, units, s.HiddenSize);           // 5
                if (saved is not null)
                {
                    Rows.Copy(nextH, saved + NormalState * units, units);
                    float* scales = saved + Scales * units;
                    (scales[0], scales[1], scales[2]) = (inputScale, recurrentScale, stateScale);
                }
                for (int u = 0; u < units; u += V.Count)
                {
                    V tanh = Activations.Tanh(State<V>(own, nextH, units, u));                         // 6
                    V value = V.Load(wx + 3 * units + u) * tanh;                                       // 7
                    V.Store(value, h + u);
                    V.Store(value, nextH + u);
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
            float* own = s.Parameters, dOwn = gradient.Parameters;
            for (int row = 0; row < s.Rows; row++)
            {
                float* gates = s.Wx + row * s.GateStride, rh = s.Rh + row * s.GateStride;
                float* saved = s.Saved + row * s.SavedStride, normalState = saved + NormalState * units,
                    scales = saved + Scales * units;
                float* before = s.PreviousCellState + row * s.StateStride, dc = gradient.CellState + row * s.StateStride;
                float* dh = gradient.Hidden + row * s.StateStride, above = gradient.FromAbove + row * s.HiddenStride;
                for (int u = 0; u < units; u += V.Count)
                {
                    V o = V.Load(gates + 3 * units + u), tanh = Activations.Tanh(State<V>(own, normalState, units, u));
                    V dHidden = V.FlushTiny(V.Load(above + u) + V.Load(dh + u));
                    V dState = V.FlushTiny(dHidden * o * Activations.TanhSlope(tanh));                 // 7, 6
                    V.Store(dHidden * tanh * Activations.SigmoidSlope(o), gates + 3 * units + u);      // 7, 3
                    Add(dState * V.Load(normalState + u), dOwn + StateGain * units + u);
                    Add(dState, dOwn + StateShift * units + u);
                    V.Store(dState, dh + u); // dLoss/dh has been read, so its place is free
                }
                LayerNorm.Backward<V>(dh, own + StateGain * units, normalState, scales[2], dc, adds: true, 1, units,
                    s.HiddenSize); // 5
                for (int u = 0; u < units; u += V.Count)
                {
                    V i = V.Load(gates + u), f = V.Load(gates + units + u), g = V.Load(gates + 2 * units + u);
                    V d = V.FlushTiny(V.Load(dc + u));
                    V.Store(d * g * Activations.SigmoidSlope(i), gates + u);                           // 4, 3
                    V.Store(d * V.Load(before + u) * Activations.SigmoidSlope(f), gates + units + u);
                    V.Store(d * i * Activations.TanhSlope(g), gates + 2 * units + u);
                    V.Store(d * f, dc + u);                                                            // 4
                    V.Store(V.Create(0), dh + u);
                }
                for (int k = 0; k < GateCount * units; k += V.Count)                                   // 3
                {
                    V da = V.Load(gates + k);
                    Add(da * V.Load(saved + k), dOwn + InputGain * units + k);
                    Add(da * V.Load(rh + k), dOwn + RecurrentGain * units + k);
                    Add(da, dOwn + Shift * units + k);
                }
                LayerNorm.Backward<V>(gates, own + RecurrentGain * units, rh, scales[1], rh, adds: false, GateCount, units,
                    s.HiddenSize); // 2
                LayerNorm.Backward<V>(gates, own + InputGain * units, saved, scales[0], gates, adds: false, GateCount, units,
                    s.HiddenSize); // 1
            }
        }
    }

    /// <summary>What enters a gate.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe V Gate<V>(float* own, float* wx, float* rh, int gate, int units, int u) where V : struct, IVector<V>
    {
        int k = gate * units + u;
        V shifted = V.MultiplyAdd(V.Load(own + RecurrentGain * units + k), V.Load(rh + k), V.Load(own + Shift * units + k));
        return V.MultiplyAdd(V.Load(own + InputGain * units + k), V.Load(wx + k), shifted);
    }

    /// <summary>w * N(c') + d.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe V State<V>(float* own, float* normal, int units, int u) where V : struct, IVector<V> =>
        V.MultiplyAdd(V.Load(own + StateGain * units + u), V.Load(normal + u), V.Load(own + StateShift * units + u));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Add<V>(V value, float* destination) where V : struct, IVector<V> =>
        V.Store(V.Load(destination) + value, destination);
}
