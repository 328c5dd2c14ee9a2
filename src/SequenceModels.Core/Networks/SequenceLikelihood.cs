using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// How likely a network that predicts the next step finds one sequence. Long ones are read in pieces, the states carried on, so that memory
/// does not grow with their length. One per thread.
/// </summary>
internal sealed class SequenceLikelihood(Network layers)
{
    private const int MostSteps = 1 << 12;

    private readonly CarriedStates _carried = new(layers.Spec.NumberOfLayers);
    private readonly NetworkPass _workspace = layers.CreatePass();
    private double[] _losses = [];

    /// <summary>The sequence at hand, always in memory.</summary>
    private SequenceDataset Data { get; } = new(layers.Spec.Input, layers.Spec.InputSize, targets: data => new NextStepTargets(data));

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
            _workspace.Batch.Pack(Data, [0], numbers: [0], layers.Frames, steps);
            _workspace.PlaceLabels(Data, [0], total: 1, classWeights: null, first);
            _workspace.Stack.RestoreStates(_carried, begins: first == 0);
            layers.Losses(_workspace, _losses.AsSpan(first, steps.StepsOf(length)));
            _workspace.Stack.SaveStates(_workspace.Batch);
        }
        return FiniteNumbers.RequireLosses(_losses.AsSpan(0, length));
    }
}
