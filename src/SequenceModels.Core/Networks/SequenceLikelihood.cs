using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// How likely a network that predicts the next step finds one sequence. Long ones are read in pieces, the states carried on, so that memory
/// does not grow with their length. One per thread.
/// </summary>
internal sealed class SequenceLikelihood(EncoderNetwork network)
{
    private const int MostSteps = 1 << 12;

    private readonly CarriedStates _carried = network.CreateCarriedStates();
    private readonly EncoderPass _pass = network.CreatePass();
    private double[] _losses = [];

    /// <summary>The sequence at hand, always in memory.</summary>
    private SequenceDataset Data { get; } = new(network.Spec.Inputs, targets: data => new NextStepTargets(data));

    /// <summary>-log p of each token but the first, given those before it; valid until the next call.</summary>
    /// <returns>[T - 1]; empty where there are fewer than two.</returns>
    /// <exception cref="ArithmeticException">A loss is NaN, by weights that are too large.</exception>
    public ReadOnlySpan<double> Losses(ReadOnlySpan<uint> tokens)
    {
        Data.Clear();
        Data.Add(tokens, labels: []);
        return Measure();
    }

    /// <summary>-log p of each frame but the first: the sum over its numbers, each 0 or 1.</summary>
    /// <param name="frames">[T, F].</param>
    /// <inheritdoc cref="Losses(ReadOnlySpan{uint})" path="/returns"/>
    public ReadOnlySpan<double> Losses(ReadOnlySpan<float> frames)
    {
        Data.Clear();
        Data.Add(frames, labels: []);
        return Measure();
    }

    private ReadOnlySpan<double> Measure()
    {
        int length = Data.Length(0);
        if (_losses.Length < length)
            _losses = new double[length];
        for (int first = 0; first < length; first += MostSteps)
        {
            var steps = new StepRange(first, MostSteps);
            _pass.Load(Data, [0], numbers: [0], steps);
            _pass.LoadTargets(Data, [0], total: 1, classWeights: null, first);
            _pass.RestoreStates(_carried, begins: first == 0);
            network.Losses(_pass, _losses.AsSpan(first, steps.StepsOf(length)));
            _pass.SaveStates();
        }
        return FiniteNumbers.RequireLosses(_losses.AsSpan(0, length));
    }
}
