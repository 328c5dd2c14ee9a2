using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Tests.Training;

/// <summary>The figures of a network on rows as their definitions have them, from the scores that each row gets alone.</summary>
internal static class PlainMetrics
{
    public static ValidationMetrics Of(EncoderNetwork network, SequenceDataset data, IEnumerable<int>? rows = null)
    {
        Output[] outputs = [.. (rows ?? Enumerable.Range(0, data.Count)).SelectMany(row => Outputs(network, data, row))];
        return network.Spec.Output.Head switch
        {
            HeadKind.Regression => OfNumbers(outputs, network.Labels.Deviation),
            HeadKind.Sigmoid => new ValidationMetrics
            {
                Loss = Mean(outputs, output => CrossEntropy(output)),
                Accuracy = Mean(outputs, output => output.Scores[0] > 0 == output.Label > 0 ? 1 : 0),
                LogLoss = Mean(outputs, output => CrossEntropy(output) / Math.Log(2)),
                AreaUnderRocCurve = network.Spec.Output.EveryStep ? null : SharesOfPairs(outputs),
            },
            _ => new ValidationMetrics
            {
                Loss = Mean(outputs, output => -Math.Log(output.Scores[(int)output.Label])),
                Accuracy = Mean(outputs, output => Array.IndexOf(output.Scores, output.Scores.Max()) == (int)output.Label ? 1 : 0),
                LogLoss = Mean(outputs, output => -Math.Log(output.Scores[(int)output.Label])),
            },
        };
    }

    private static ValidationMetrics OfNumbers(Output[] outputs, double deviation)
    {
        double mean = Mean(outputs, output => output.Label);
        double error = Mean(outputs, output => Math.Pow(output.Scores[0] - output.Label, 2));
        return new ValidationMetrics
        {
            Loss = error / (deviation * deviation) / 2,
            RootMeanSquaredError = Math.Sqrt(error),
            RSquared = 1 - error / Mean(outputs, output => Math.Pow(output.Label - mean, 2)),
        };
    }

    private static double CrossEntropy(Output output) => Math.Log(1 + Math.Exp(output.Label > 0 ? -output.Scores[0] : output.Scores[0]));

    private static double SharesOfPairs(Output[] outputs)
    {
        double won = 0, pairs = 0;
        foreach (Output positive in outputs.Where(output => output.Label > 0))
            foreach (Output negative in outputs.Where(output => output.Label == 0))
            {
                double weight = positive.Weight * negative.Weight;
                pairs += weight;
                won += weight * (positive.Scores[0] > negative.Scores[0] ? 1 : positive.Scores[0] == negative.Scores[0] ? 0.5 : 0);
            }
        return won / pairs;
    }

    private static double Mean(Output[] outputs, Func<Output, double> figure) =>
        outputs.Sum(output => output.Weight * figure(output)) / outputs.Sum(output => output.Weight);

    private static List<Output> Outputs(EncoderNetwork network, SequenceDataset data, int row)
    {
        EncoderPass workspace = network.CreatePass();
        if (data.Inputs.AreTokens)
            workspace.Batch.Pack(data.Tokens(row), data.Inputs[0].Size);
        else
            workspace.Batch.Pack(data.Frames(row), data.Inputs[0].Size, network.Frames);
        network.Predict(workspace);
        var outputs = new List<Output>();
        for (int output = 0; output < workspace.OutputRows; output++)
            outputs.Add(new Output(network.Spec.Output.EveryStep ? data.Labels(row)[output] : data.Labels(row)[0], data.Weight(row),
                workspace.ScoresOf(output).ToArray()));
        return outputs;
    }

    private sealed record Output(double Label, double Weight, float[] Scores);
}
