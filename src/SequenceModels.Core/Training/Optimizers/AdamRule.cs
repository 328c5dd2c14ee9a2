using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>
/// m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon) + rate decay w,
/// the decay of matrices only.
/// </summary>
internal sealed unsafe class AdamRule(AdamOptimizer adam, long parameters) : UpdateRule
{
    private readonly FloatBuffer _mean = new(parameters), _square = new(parameters);

    public override IReadOnlyList<FloatBuffer> State => [_mean, _square];

    public override bool LeavesZeroSums => adam.WeightDecay == 0;

    protected override UpdatePace PaceOf(float rate) => new((float)(rate / (1 - Math.Pow(adam.Beta1, Update))),
        (float)(1 / (1 - Math.Pow(adam.Beta2, Update))), rate * adam.WeightDecay);

    protected override void Move(FloatBuffer values, float* gradients, float gradientScale, ReadOnlySpan<UpdatePace> paces,
        long from, long count, bool ofVectors)
    {
        fixed (UpdatePace* pace = paces)
            Simd.Run<Kernel, Arguments>(new()
            {
                Paces = pace,
                Updates = paces.Length,
                Values = values.Data + from,
                Gradients = gradients,
                Mean = _mean.Data + from,
                Square = _square.Data + from,
                Count = count,
                Scale = gradientScale,
                Beta1 = adam.Beta1,
                Beta2 = adam.Beta2,
                Epsilon = adam.Epsilon,
                Decays = !ofVectors && adam.WeightDecay != 0,
            });
    }

    private struct Arguments
    {
        public float* Values, Gradients, Mean, Square;
        public UpdatePace* Paces;
        public int Updates;
        public long Count;
        public float Scale, Beta1, Beta2, Epsilon;
        public bool Decays;
    }

    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V beta1 = V.Create(a.Beta1), rest1 = V.Create(1 - a.Beta1), beta2 = V.Create(a.Beta2), rest2 = V.Create(1 - a.Beta2);
            V scale = V.Create(a.Scale), epsilon = V.Create(a.Epsilon), zero = V.Create(0);
            for (long i = 0; i < a.Count; i += V.Count)
            {
                V mean = V.Load(a.Mean + i), square = V.Load(a.Square + i), value = V.Load(a.Values + i);
                for (int update = 0; update < a.Updates; update++)
                {
                    V g = a.Gradients is null || update < a.Updates - 1 ? zero : V.Load(a.Gradients + i) * scale;
                    mean = V.FlushTiny(V.MultiplyAdd(beta1, mean, rest1 * g));
                    square = V.MultiplyAdd(beta2, square, rest2 * g * g);
                    V change = V.Create(a.Paces[update].Step) * mean /
                        (V.Sqrt(square * V.Create(a.Paces[update].SquareScale)) + epsilon);
                    if (a.Decays)
                        change = V.MultiplyAdd(V.Create(a.Paces[update].Decay), value, change);
                    square = V.FlushTiny(square);
                    value -= change;
                }
                V.Store(mean, a.Mean + i);
                V.Store(square, a.Square + i);
                V.Store(value, a.Values + i);
            }
        }
    }
}
