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
                    OutputKind.Tokens => HeadKind.Ctc,
                    OutputKind.Binary => HeadKind.Sigmoid,
                    _ => HeadKind.Regression,
                },
                NumberOfOutputs = workload.Outputs,
                EveryStep = workload.HasStepOutputs,
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
            targets: workload.Output switch
        {
            OutputKind.Tokens => data => new TranscriptionTargets(data),
            OutputKind.ClassPerStep or OutputKind.ClassChain => data => new StepTargets(data),
            _ => null,
        });
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
            float[] frames = [.. Enumerable.Range(0, workload.Input == StepInput.Frame ? workload.Steps * workload.InputSize : 0)
                .Select(_ => random.NextSingle())];
            // Keys count from 1.
            uint[] tokens =
                [.. Enumerable.Range(0, workload.Steps).Select(step => (uint)drawn[step * workload.Batch + sequence] + 1)];
            if (workload.Output == OutputKind.Tokens)
                data.Add(frames, [.. Enumerable.Range(0, Workload.LabelTokens).Select(_ => (float)random.Next(1, workload.Outputs))]);
            else if (workload.HasStepOutputs)
                data.Add(tokens, [.. tokens.Select(_ => (float)random.Next(workload.Outputs))]);
            else if (workload.Input != StepInput.Frame)
                data.Add(tokens, random.Next(2));
            else
                data.Add(frames, random.NextSingle());
        }
    }
}
