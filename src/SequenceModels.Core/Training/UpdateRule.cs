using System.Runtime.CompilerServices;
using SequenceModels.Kernels;

namespace SequenceModels.Training;

/// <summary>An optimizer at work: its running sums, and the update of a range of weights.</summary>
internal abstract unsafe class UpdateRule
{
    /// <summary>Number of the update, from 1.</summary>
    protected long Update { get; private set; }

    public static UpdateRule For(SequenceOptimizer optimizer, long parameters) => optimizer switch
    {
        AdamOptimizer adam => new AdamRule(adam, parameters),
        SgdOptimizer sgd => new SgdRule(sgd, parameters),
        _ => throw new ArgumentException($"There is no update rule for {optimizer.GetType().Name}.", nameof(optimizer)),
    };

    /// <summary>Begins the next update.</summary>
    public void Advance() => Update++;

    /// <summary>Moves weights [from, from + count).</summary>
    /// <param name="values">The weights.</param>
    /// <param name="gradients">[count] the gradients of just these weights; null where they are all zero.</param>
    /// <param name="gradientScale">What gradients are multiplied with first: less than 1 where they are clipped.</param>
    /// <param name="learningRate">Size of the step.</param>
    /// <param name="from">A multiple of 16.</param>
    /// <param name="count">A multiple of 16.</param>
    public abstract void Apply(FloatBuffer values, float* gradients, float gradientScale, float learningRate, long from, long count);
}

/// <summary>m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; w -= rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon).</summary>
internal sealed unsafe class AdamRule(AdamOptimizer adam, long parameters) : UpdateRule
{
    private readonly FloatBuffer _mean = new(parameters), _square = new(parameters);

    public override void Apply(FloatBuffer values, float* gradients, float gradientScale, float learningRate, long from, long count) =>
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
        });

    private struct Arguments
    {
        public float* Values, Gradients, Mean, Square;
        public long Count;
        public float Scale, Beta1, Beta2, Epsilon, Step, SquareScale;
    }

    private readonly struct Kernel : IKernel<Arguments>
    {
        [MethodImpl(Simd.Kernel)]
        public static void Run<V>(in Arguments a) where V : struct, IVector<V>
        {
            V beta1 = V.Create(a.Beta1), rest1 = V.Create(1 - a.Beta1), beta2 = V.Create(a.Beta2), rest2 = V.Create(1 - a.Beta2);
            V scale = V.Create(a.Scale), step = V.Create(a.Step), squareScale = V.Create(a.SquareScale), epsilon = V.Create(a.Epsilon);
            for (long i = 0; i < a.Count; i += V.Count)
            {
                V g = a.Gradients is null ? V.Create(0) : V.Load(a.Gradients + i) * scale;
                V mean = V.FlushTiny(V.MultiplyAdd(beta1, V.Load(a.Mean + i), rest1 * g));
                V square = V.MultiplyAdd(beta2, V.Load(a.Square + i), rest2 * g * g);
                V.Store(mean, a.Mean + i);
                V.Store(V.FlushTiny(square), a.Square + i);
                V.Store(V.Load(a.Values + i) - step * mean / (V.Sqrt(square * squareScale) + epsilon), a.Values + i);
            }
        }
    }
}

/// <summary>v = momentum v + g; w -= rate v.</summary>
internal sealed unsafe class SgdRule(SgdOptimizer sgd, long parameters) : UpdateRule
{
    private readonly FloatBuffer _velocity = new(parameters);

    public override void Apply(FloatBuffer values, float* gradients, float gradientScale, float learningRate, long from, long count) =>
        Simd.Run<Kernel, Arguments>(new()
        {
            Values = values.Data + from,
            Gradients = gradients,
            Velocity = _velocity.Data + from,
            Count = count,
            Scale = gradientScale,
            Momentum = sgd.Momentum,
            Rate = learningRate,
        });

    private struct Arguments
    {
        public float* Values, Gradients, Velocity;
        public long Count;
        public float Scale, Momentum, Rate;
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
                V.Store(V.Load(a.Values + i) - rate * velocity, a.Values + i);
            }
        }
    }
}
