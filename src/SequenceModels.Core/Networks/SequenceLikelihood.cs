using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// How likely a network that predicts the next step finds sequences. Long ones are read in pieces, the states carried on,
/// so that memory does not grow with their length. One per thread.
/// </summary>
internal sealed class SequenceLikelihood(EncoderNetwork network)
{
    private const int MostSteps = 1 << 12;

    private readonly CarriedStates _carried = network.CreateCarriedStates();
    private readonly EncoderPass _pass = network.CreatePass();
    private double[] _losses = [];

    /// <summary>The sequence at hand, always in memory.</summary>
    private SequenceDataset Data { get; } = new(network.Spec.Inputs, targets: data => new NextStepTargets(data));

    /// <summary>log p of each token given those before it; of the first NaN.</summary>
    /// <returns>[T].</returns>
    /// <exception cref="ArithmeticException">One is NaN, by weights that are too large.</exception>
    public float[] LogProbabilities(ReadOnlySpan<uint> tokens)
    {
        Data.Clear();
        Data.Add(tokens, labels: []);
        var all = new float[tokens.Length];
        LogProbabilities(Data, [0], all);
        return all;
    }

    /// <summary>
    /// log p of each step of some sequences given those before it, of a frame the sum over its numbers; of the first NaN.
    /// The values do not depend on which sequences are read together.
    /// </summary>
    /// <param name="data">Whose targets are the next steps.</param>
    /// <param name="rows">Which of its rows, longest first; one of more than 4,096 steps must be alone.</param>
    /// <param name="all">[steps] of all rows of the data, one after the other; those of these rows are written.</param>
    /// <exception cref="ArithmeticException">One is NaN, by numbers or weights that are too large.</exception>
    public void LogProbabilities(SequenceDataset data, ReadOnlySpan<int> rows, Span<float> all)
    {
        foreach (int row in rows)
            // a row without steps has the place of the next row's first step, if there is a next row
            if (data.Start(row) < all.Length)
                all[(int)data.Start(row)] = float.NaN;
        for (int first = 0; first < data.Length(rows[0]); first += MostSteps)
        {
            ReadOnlySpan<double> losses = Measure(data, rows, new StepRange(first, MostSteps));
            SequenceBatch batch = _pass.Batch;
            for (int k = 0; k < rows.Length; k++)
                for (int t = 0; t < batch.Length(k); t++)
                    all[(int)data.Start(rows[k]) + first + t + 1] = (float)-losses[batch.Offset(t) + k];
        }
    }

    /// <returns>[M] -log p of the steps that come next, as the batch has the rows.</returns>
    private ReadOnlySpan<double> Measure(SequenceDataset data, ReadOnlySpan<int> rows, StepRange steps)
    {
        _pass.Load(data, rows, numbers: rows, steps);
        _pass.LoadTargets(data, rows, total: 1, classWeights: null, steps.First);
        _pass.RestoreStates(_carried, begins: steps.First == 0);
        int outputs = _pass.OutputRows;
        if (_losses.Length < outputs)
            _losses = new double[outputs];
        network.Losses(_pass, _losses.AsSpan(0, outputs));
        _pass.SaveStates();
        return FiniteNumbers.RequireLosses(_losses.AsSpan(0, outputs));
    }
}
