using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>v = momentum v + g; w -= rate v, or with Nesterov's momentum w -= rate (g + momentum v).</summary>
internal sealed unsafe class SgdRule(SgdOptimizer sgd, long parameters) : UpdateRule
{
    private readonly FloatBuffer _velocity = new(parameters);

    public override IReadOnlyList<FloatBuffer> State => [_velocity];

    public override void Move(FloatBuffer values, float* gradients, float gradientScale, float learningRate,
        long from, long count,
        bool ofVectors) =>
        Simd.Run<Kernel, Arguments>(new()
        {
            Values = values.Data + from,
            Gradients = gradients,
            Velocity = _velocity.Data + from,
            Count = count,
            Scale = gradientScale,
            Momentum = sgd.Momentum,
            Rate = learningRate,
            Nesterov = sgd.Nesterov,
        });

    private struct Arguments
    {
        public float* Values, Gradients, Velocity;
        public long Count;
        public float Scale, Momentum, Rate;
        public bool Nesterov;
    }

    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V scale = V.Create(a.Scale), momentum = V.Create(a.Momentum), rate = V.Create(a.Rate);
            for (long i = 0; i < a.Count; i += V.Count)
            {
                V g = a.Gradients is null ? V.Create(0) : V.Load(a.Gradients + i) * scale;
                V velocity = V.FlushTiny(V.MultiplyAdd(momentum, V.Load(a.Velocity + i), g));
                V.Store(velocity, a.Velocity + i);
                V.Store(V.Load(a.Values + i) - rate * (a.Nesterov ? V.MultiplyAdd(momentum, velocity, g) : velocity),
                    a.Values + i);
            }
        }
    }
}
