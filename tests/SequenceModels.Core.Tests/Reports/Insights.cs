using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;

namespace SequenceModels.Tests.Reports;

/// <summary>Networks that nobody trained, measured on made-up rows.</summary>
internal static class Insights
{
    public static NetworkShape Tokens(string cell, int classes = 3) => new()
    {
        Input = StepFeatureKind.Tokens, InputSize = 6, EmbeddingSize = 4, Cell = cell, HiddenSize = 5, NumberOfLayers = 2,
        Bidirectional = true,
        Head = HeadKind.Softmax, NumberOfOutputs = classes,
    };

    public static NetworkShape Frames(string cell) => new()
    {
        Input = StepFeatureKind.Frames, InputSize = 1, Cell = cell, HiddenSize = 5, Head = HeadKind.Regression,
        NumberOfOutputs = 1,
    };

    public static SequenceDataset Rows(NetworkShape spec, int count, int longest = 12)
    {
        var random = new Random(4);
        var data = new SequenceDataset(spec.Inputs);
        for (int i = 0; i < count; i++)
        {
            int length = longest - i % 5;
            float label = spec.Head == HeadKind.Regression ? i % 7 : i % Math.Max(2, spec.NumberOfOutputs);
            if (spec.Input == StepFeatureKind.Tokens)
                data.Add([.. Enumerable.Range(0, length).Select(_ => (uint)random.Next(8))], label);
            else
                data.Add([.. Enumerable.Range(0, length).Select(_ => random.NextSingle())], label);
        }
        return data;
    }

    public static (SequenceNetwork Network, NetworkInsight Insight) Measure(NetworkShape spec, int count = 60, int longest = 12,
        InsightNames? names = null)
    {
        SequenceNetwork network = new NetworkRun(spec).Network;
        return (network, NetworkInsight.Measure(network, Choose(Rows(spec, count, longest)), names ?? new InsightNames()));
    }

    public static SampledRows Choose(SequenceDataset data) => SampledRows.Choose(new RowSelection(data), "training rows");

    public static TrainingEpoch Epoch(int number, bool validated = true) => new()
    {
        Epoch = number,
        LearningRate = 0.1f / number,
        TrainingLoss = 2.0 / number,
        GradientNorm = 1.5,
        LargestGradientNorm = 20 + number % 3,
        Validation = !validated ? null
            : new ValidationMetrics { Loss = 2.5 / number, Accuracy = 1 - 1.0 / (1 + number), AreaUnderRocCurve = double.NaN },
        IsSelected = number == 2,
        Duration = TimeSpan.FromMilliseconds(1234),
        StepsPerSecond = 1e6 / number,
    };

    public static byte[] Bytes(Action<PayloadWriter> write)
    {
        using var stream = new MemoryStream();
        using (var writer = new PayloadWriter(stream))
            write(writer);
        return stream.ToArray();
    }
}
