using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>A workload in SequenceModels: a step of the trainer, or a call that scores.</summary>
internal static class Ours
{
    /// <summary>One forward and backward pass and one update by Adam for each run.</summary>
    /// <param name="workload">The network and its batch.</param>
    /// <param name="threads">Threads that train; 0 leaves it to the trainer.</param>
    public static IPeer Training(Workload workload, int threads) => new OursTraining(workload, threads);

    /// <summary>The scores of one batch for each run; where the workload is streaming, of one more step.</summary>
    public static IPeer Scoring(Workload workload, int threads) => workload.Streaming ? new OursStreaming(workload)
        : workload.Translation is not null ? new OursTranslating(workload, threads)
        : new OursScoring(workload, threads);

    /// <summary>The network with its first weights.</summary>
    public static EncoderNetwork Network(Workload workload)
    {
        var layers = new EncoderNetwork(new EncoderNetworkSpec
        {
            Encoder = Encoder(workload),
            Output = new OutputSpec
            {
                Head = workload.Output switch
                {
                    OutputKind.ClassPerStep => HeadKind.Softmax,
                    OutputKind.ClassChain => HeadKind.Crf,
                    OutputKind.Binary => HeadKind.Sigmoid,
                    _ => HeadKind.Regression,
                },
                NumberOfOutputs = workload.Outputs,
                EveryStep = workload.LabelsSteps,
            },
        }, FrameTransform.None, LabelTransform.None);
        layers.Parameters.Allocate();
        layers.Initialize(seed: 1);
        return workload.EightBit ? (EncoderNetwork)layers.WithEightBitWeights() : layers;
    }

    /// <summary>The recurrent layers.</summary>
    public static EncoderSpec Encoder(Workload workload) => new()
    {
        Inputs = [Step(workload)],
        Cell = workload.Cell,
        HiddenSize = workload.HiddenSize,
        NumberOfLayers = workload.Layers,
        Bidirectional = workload.Bidirectional,
    };

    private static StepFeature Step(Workload workload) => workload.Input == StepInput.Frame
        ? StepFeature.Frames(workload.InputSize)
        : StepFeature.Tokens(workload.InputSize, workload.EmbeddingSize);

    /// <summary>Batches with random labels, one behind the other.</summary>
    /// <param name="workload">Says what is in them.</param>
    /// <param name="batches">How many.</param>
    public static SequenceDataset Data(Workload workload, int batches = 1)
    {
        var data = new SequenceDataset([Step(workload)],
            targets: workload.LabelsSteps ? data => new StepTargets(data) : null);
        for (int batch = 0; batch < batches; batch++)
            Add(data, workload, batch);
        return data;
    }

    private static void Add(SequenceDataset data, Workload workload, int batch)
    {
        var random = new Random(1 + batch);
        long[] drawn = workload.DrawTokens(batch);
        for (int sequence = 0; sequence < workload.Batch; sequence++)
        {
            // Keys count from 1.
            uint[] tokens =
                [.. Enumerable.Range(0, workload.Steps).Select(step => (uint)drawn[step * workload.Batch + sequence] + 1)];
            if (workload.LabelsSteps)
                data.Add(tokens, [.. tokens.Select(_ => (float)random.Next(workload.Outputs))]);
            else if (workload.Input != StepInput.Frame)
                data.Add(tokens, random.Next(2));
            else
                data.Add([.. Enumerable.Range(0, workload.Steps * workload.InputSize).Select(_ => random.NextSingle())],
                    random.NextSingle());
        }
    }
}
