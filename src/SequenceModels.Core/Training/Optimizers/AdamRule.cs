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

    public override void Move(FloatBuffer values, float* gradients, float gradientScale, float learningRate,
        long from, long count,
        bool ofVectors) =>
        Simd.Run<Kernel, Arguments>(new()
        {
            Values = values.Data + from,
            Gradients = gradients,
            Mean = _mean.Data + from,
            Square = _square.Data + from,
            Count = count,
            Scale = gradientScale,
            Beta1 = adam.Beta1,
            Beta2 = adam.Beta2,
            Epsilon = adam.Epsilon,
            Step = (float)(learningRate / (1 - Math.Pow(adam.Beta1, Update))),
            SquareScale = (float)(1 / (1 - Math.Pow(adam.Beta2, Update))),
            Decay = ofVectors ? 0 : learningRate * adam.WeightDecay,
        });

    private struct Arguments
    {
        public float* Values, Gradients, Mean, Square;
        public long Count;
        public float Scale, Beta1, Beta2, Epsilon, Step, SquareScale, Decay;
    }

    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V beta1 = V.Create(a.Beta1), rest1 = V.Create(1 - a.Beta1), beta2 = V.Create(a.Beta2), rest2 = V.Create(1 - a.Beta2);
            V scale = V.Create(a.Scale), step = V.Create(a.Step), squareScale = V.Create(a.SquareScale),
                epsilon = V.Create(a.Epsilon);
            V decay = V.Create(a.Decay);
            for (long i = 0; i < a.Count; i += V.Count)
            {
                V g = a.Gradients is null ? V.Create(0) : V.Load(a.Gradients + i) * scale;
                V mean = V.FlushTiny(V.MultiplyAdd(beta1, V.Load(a.Mean + i), rest1 * g));
                V square = V.MultiplyAdd(beta2, V.Load(a.Square + i), rest2 * g * g);
                V.Store(mean, a.Mean + i);
                V.Store(V.FlushTiny(square), a.Square + i);
                V value = V.Load(a.Values + i), change = step * mean / (V.Sqrt(square * squareScale) + epsilon);
                if (a.Decay != 0)
                    change = V.MultiplyAdd(decay, value, change);
                V.Store(value - change, a.Values + i);
            }
        }
    }
}
