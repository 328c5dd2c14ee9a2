using System.Diagnostics;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>The loss of connectionist temporal classification beside libtorch's: values, gradients and time of a batch.</summary>
internal static class CtcRun
{
    public const string Options = "[--sequences N] [--steps N] [--tokens N] [--outputs N] [--rounds N] [--threads N]";

    public static int Run(Arguments arguments)
    {
        OldLibstdcxx.AllowFor("libLibTorchSharp.so", "GLIBCXX_3.4.32");
        int sequences = arguments.Integer("--sequences", 16), steps = arguments.Integer("--steps", 100),
            tokens = arguments.Integer("--tokens", 20), outputs = arguments.Integer("--outputs", 30),
            rounds = arguments.Integer("--rounds", 50), threads = arguments.Integer("--threads", 1);
        arguments.End();
        var random = new Random(1);
        var batch = new CtcBatch(sequences, steps, tokens, outputs,
            [.. Enumerable.Range(0, steps * sequences * outputs).Select(_ => 6 * random.NextSingle() - 3)],
            [.. Enumerable.Range(0, sequences * tokens).Select(_ => (long)random.Next(1, outputs))]);
        set_num_threads(threads);
        using var ours = new OurCtc(batch, threads);
        double Least(Action run) => Enumerable.Range(0, rounds).Min(_ =>
        {
            long start = Stopwatch.GetTimestamp();
            run();
            return Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        });
        double own = Least(ours.Run), theirs = Least(() => Theirs(batch, float32));
        (double[] losses, double[] gradients) = Theirs(batch, float64);
        Console.WriteLine($"{sequences} x {steps} steps, {tokens} tokens, {outputs} outputs, {threads} threads");
        Console.WriteLine($"largest difference from libtorch in double: loss {Largest(ours.Losses, losses):g2}, gradient " +
            $"{Largest(Array.ConvertAll(ours.Gradients, x => (double)x), gradients):g2}");
        Console.WriteLine($"loss and gradient of the batch: ours {own:f0} us, libtorch in float {theirs:f0} us " +
            $"({theirs / own:f1}x)");
        return 0;
    }

    private static double Largest(double[] ours, double[] theirs) => ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max();

    private static (double[] Losses, double[] Gradients) Theirs(CtcBatch batch, ScalarType type)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor logits = tensor(batch.Logits, [batch.Steps, batch.Sequences, batch.Outputs]).to(type);
        logits.requires_grad = true; // of this one, not of the one that it was made of
        Tensor losses = nn.functional.ctc_loss(nn.functional.log_softmax(logits, 2),
            tensor(batch.Labels, [batch.Sequences, batch.Tokens]),
            full(new long[] { batch.Sequences }, batch.Steps, int64), full(new long[] { batch.Sequences }, batch.Tokens, int64),
            reduction: nn.Reduction.None);
        losses.sum().backward();
        return type == float64 ? (losses.data<double>().ToArray(), logits.grad!.data<double>().ToArray()) : ([], []);
    }
}

/// <summary>Sequences of one length with labels of one length.</summary>
/// <param name="Logits">[steps, sequences, outputs].</param>
/// <param name="Labels">[sequences, tokens].</param>
internal sealed record CtcBatch(int Sequences, int Steps, int Tokens, int Outputs, float[] Logits, long[] Labels);

/// <summary>Our loss and its gradients, with memory that is kept as a training keeps it.</summary>
internal sealed unsafe class OurCtc : IDisposable
{
    private readonly CtcBatch _batch;
    private readonly WorkerThreads _workers;
    private readonly CtcLattice[] _lattices;
    private readonly FloatBuffer[] _rows;
    private readonly float[][] _labels;
    private readonly int _stride;

    public OurCtc(CtcBatch batch, int threads)
    {
        (_batch, _stride) = (batch, (batch.Outputs + 15) / 16 * 16);
        _workers = new WorkerThreads(threads);
        _lattices = [.. Enumerable.Range(0, threads).Select(_ => new CtcLattice())];
        _rows = [.. Enumerable.Range(0, threads).Select(_ => new FloatBuffer(batch.Steps * _stride))];
        _labels = [.. batch.Labels.Select(token => (float)token).Chunk(batch.Tokens)];
        (Losses, Gradients) = (new double[batch.Sequences], new float[batch.Logits.Length]);
    }

    public double[] Losses { get; }

    public float[] Gradients { get; }

    public void Run() => _workers.Run(_batch.Sequences, Run);

    public void Dispose() => _workers.Dispose();

    private void Run(int k, int thread)
    {
        CtcLattice lattice = _lattices[thread];
        lattice.Begin(_labels[k], _batch.Steps);
        for (int t = 0; t < _batch.Steps; t++)
        {
            float* row = _rows[thread].Data + t * _stride;
            _batch.Logits.AsSpan(PlaceOf(t, k), _batch.Outputs).CopyTo(new Span<float>(row, _batch.Outputs));
            lattice.SetOutputs(t, new ReadOnlySpan<float>(row, _batch.Outputs));
            lattice.Normalize(t, Softmax.Scaled(row, _batch.Outputs, _stride, factor: 1));
        }
        Losses[k] = -lattice.Forward();
        lattice.Backward();
        for (int t = 0; t < _batch.Steps; t++)
        {
            Span<float> row = new(_rows[thread].Data + t * _stride, _batch.Outputs);
            lattice.Discount(t, 1, row);
            row.CopyTo(Gradients.AsSpan(PlaceOf(t, k)));
        }
    }

    private int PlaceOf(int t, int k) => (t * _batch.Sequences + k) * _batch.Outputs;
}
