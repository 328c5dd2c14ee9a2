using System.Collections.Concurrent;
using SequenceModels.Layers;

namespace SequenceModels.Networks;

/// <summary>Explains outputs of a network that does not change any more. May be shared between threads.</summary>
internal sealed unsafe class NetworkExplainer
{
    private readonly EncoderNetwork _network;
    private readonly ConcurrentBag<VectorPass> _passes = [];

    /// <summary>Reads the vectors of steps; null where tokens are one-hot, and each sequence has vectors of its own.</summary>
    private readonly VectorNetwork? _vectors;

    /// <exception cref="NotSupportedException">The network has an output for every step.</exception>
    public NetworkExplainer(EncoderNetwork network)
    {
        if (network.Spec.Output.EveryStep)
            throw new NotSupportedException("This network has an output for every step: only what is said of whole sequences, " +
                "by a classification or regression, can be explained.");
        _network = network;
        bool isOneHot = network.Spec.Inputs is [{ IsOneHot: true }];
        _vectors = isOneHot ? null : new VectorNetwork(network, network.Spec.Inputs.Sum(feature => feature.VectorSize));
    }

    /// <summary>Explains an output of the one sequence that a pass has in its batch.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="ArithmeticException">A score is NaN or infinite, by numbers or weights that are too large.</exception>
    public SequenceExplanation Explain(EncoderPass pass, int output)
    {
        if (output < 0 || output >= _network.Spec.Output.NumberOfOutputs)
            throw new ArgumentOutOfRangeException(nameof(output), InvariantText.Of(output),
                Invariant($"The network has {Counted.Of(_network.Spec.Output.NumberOfOutputs, "output")}, counted from 0."));
        RecurrentInput steps = _network.ReadSteps(pass);
        if (_vectors is null)
            return ExplainOneHot(pass, steps.Tokens, output);
        if (!_passes.TryTake(out VectorPass? memory))
            memory = _vectors.CreatePass();
        TakeRowFeatures(pass, memory);
        SequenceExplanation explanation = new IntegratedGradients(_vectors, memory, output)
            .Explain(steps.Vectors, steps.Stride, pass.Batch.Rows, perStep: !_network.Spec.Inputs.AreFrames);
        _passes.Add(memory);
        return explanation;
    }

    private void TakeRowFeatures(EncoderPass pass, VectorPass memory)
    {
        memory.RowOutputs.Reserve(_network.Output.Stride);
        memory.RowOutputs.Clear(_network.Output.Stride);
        _network.Output.AddRowFeatures(pass.Batch, 0, memory.RowOutputs.Data);
    }

    /// <summary>
    /// One-hot vectors of as many numbers as the sequence has different tokens: the others are zero all the way.
    /// </summary>
    private SequenceExplanation ExplainOneHot(EncoderPass pass, ReadOnlySpan<uint> tokens, int output)
    {
        uint[] known = [.. tokens.ToArray().Where(token => token > 0).Distinct()];
        if (known.Length == 0)
            known = [1]; // a vector has at least one number
        var network = new VectorNetwork(_network, known.Length, known);
        float[] vectors = new float[Kernels.ArrayLength.Of(tokens.Length, known.Length)];
        for (int t = 0; t < tokens.Length; t++)
            if (tokens[t] > 0)
                vectors[t * known.Length + Array.IndexOf(known, tokens[t])] = 1;
        VectorPass memory = network.CreatePass();
        TakeRowFeatures(pass, memory);
        fixed (float* first = vectors)
            return new IntegratedGradients(network, memory, output)
                .Explain(first, known.Length, tokens.Length, perStep: true);
    }
}
