using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Sequences;
using SequenceModels.Tests.Kernels;
using SequenceModels.Tests.Reference;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Networks;

/// <summary>What holds for every translation network, whatever its attention.</summary>
[Collection(EveryWidth.Name)] // one test counts what is allocated while nothing else runs
public class TranslationNetworkTests
{
    public static TheoryData<AttentionKind, bool> Networks => TranslationSearchTests.Networks;

    [Theory, MemberData(nameof(Networks))]
    public void A_pair_has_the_loss_alone_that_it_has_beside_others_to_the_bit(AttentionKind attention, bool feeding)
    {
        var run = new TranslationRun(Spec(attention, feeding));
        TranslationExample[] batch = TranslationGradientTests.Batch;
        TranslationPass together = run.Load(batch);
        double[] losses = new double[together.OutputRows];
        run.Network.Losses(together, losses);
        for (int k = 0; k < batch.Length; k++)
        {
            // The k-th longest target's source is a place among the sources, which are numbered as the rows are.
            int row = together.Batch.Number(together.Decoder.Source(k));
            TranslationPass alone = run.Load([batch[row]]);
            double[] own = new double[alone.OutputRows];
            run.Network.Losses(alone, own);
            for (int t = 0; t < own.Length; t++)
                Assert.Equal(own[t], losses[together.Decoder.Target.Offset(t) + k]);
        }
    }

    [Theory, MemberData(nameof(Networks))]
    public void Training_gives_the_same_bits_on_any_number_of_threads_and_after_a_file(AttentionKind attention, bool feeding)
    {
        byte[] one = Train(attention, feeding, threads: 1), three = Train(attention, feeding, threads: 3);
        Assert.Equal(one, three);
        using var stream = new MemoryStream(one);
        Network read = NetworkFile.Read(stream);
        using var again = new MemoryStream();
        NetworkFile.Write(read, again);
        Assert.Equal(one, again.ToArray());
    }

    [Theory, MemberData(nameof(Networks))]
    public void A_step_of_training_takes_no_memory(AttentionKind attention, bool feeding)
    {
        TranslationSpec spec = Spec(attention, feeding);
        var network = new TranslationNetwork(spec, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 1);
        using SequenceDataset data = Rows(spec, 16);
        using var step = new TrainingStep(network, data, Options(threads: 1), seed: 1);
        int[] rows = [.. Enumerable.Range(0, 16).OrderByDescending(data.Length)];
        Allocated();
        // What the runtime itself takes now and then, as when it compiles a method anew, is no step's: one quiet round is enough.
        Assert.Contains(Enumerable.Range(0, 10), _ => Allocated() == 0);

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 20; i++)
                step.Run(rows, StepRange.All, rate: 1e-3f);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Training_begins_with_the_shares_of_the_targets_tokens_and_with_attention_that_is_nearly_even()
    {
        TranslationSpec spec = Spec(AttentionKind.General, feeding: false);
        TranslationExample[] rows = [new([1, 2, 3, 4, 1], [2], Weight: 2), new([1], [2, 1, 3])];
        using SequenceDataset data = TranslationRun.Dataset(spec, rows);
        var job = new TrainingJob { Spec = spec, Data = data, Options = Options(1), Seed = 1 };
        var network = (TranslationNetwork)FirstWeights.Of(job, new RowSelection(data));
        // The unknown token, the tokens 1 to 3, and the end; the first row counts twice.
        double[] counts = [0, 1, 3, 1, 3];
        double all = counts.Sum() + 0.5 * counts.Length;
        double[,] bias = Matrices.Read(network.Output.Dense.Bias, network.Parameters.Values);
        Assert.Equal(counts.Select(count => Math.Log((count + 0.5) / all)), bias.Cast<double>(),
            (a, b) => Math.Abs(a - b) < 1e-6);
        double limit = 0.1 * Math.Sqrt(6.0 / (spec.Decoder.HiddenSize + spec.Encoder.HiddenSize));
        foreach (Parameter scores in network.Parameters.All.Where(p => p.Name.StartsWith("attention.", StringComparison.Ordinal)))
            Assert.All(Matrices.Read(scores, network.Parameters.Values).Cast<double>(), w => Assert.InRange(w, -limit, limit));
        Parameter output = network.Parameters.All.Single(p => p.Name == "output.W");
        Assert.Contains(Matrices.Read(output, network.Parameters.Values).Cast<double>(),
            w => Math.Abs(w) > Math.Sqrt(6.0 / (output.Rows + output.Units)));
    }

    [Theory, InlineData(1), InlineData(0.1f)]
    public void Vectors_that_are_output_weights_too_begin_as_such_whatever_the_deviation(float deviation)
    {
        TranslationSpec spec = Spec(AttentionKind.General, feeding: false);
        DecoderSpec decoder = spec.Decoder with { VocabularySize = 1_000, EmbeddingSize = 50 };
        spec = spec with { Decoder = decoder, Output = TranslationSpec.OutputOf(decoder, tied: true) };
        var network = new TranslationNetwork(spec, FrameTransform.None, LabelTransform.None);
        network.Parameters.Allocate();
        network.Initialize(seed: 1, deviation);
        double[] weights = [.. Matrices.Read(network.Decoder.Table, network.Parameters.Values).Cast<double>()];
        Assert.Equal(2.0 / 50, weights.Average(weight => weight * weight), 2.0 / 50 / 50);
    }

    [Fact]
    public void A_network_that_contradicts_itself_is_refused()
    {
        TranslationSpec good = Spec(AttentionKind.General, feeding: false);
        DecoderSpec decoder = good.Decoder;
        Assert.Null(good.Validate());
        Assert.Contains("Dot attention", With(decoder with { Attention = AttentionKind.Dot }).Validate());
        Assert.Contains("no attention", With(decoder with { Attention = AttentionKind.None, InputFeeding = true }).Validate());
        Assert.Contains("outputs", (good with { Decoder = decoder with { VocabularySize = 7 } }).Validate());
        Assert.Throws<ArgumentException>(() => With(decoder with { Attention = AttentionKind.Dot })
            .CreateNetwork(FrameTransform.None, LabelTransform.None));

        TranslationSpec With(DecoderSpec other) => good with { Decoder = other, Output = TranslationSpec.OutputOf(other, false) };
    }

    private static byte[] Train(AttentionKind attention, bool feeding, int threads)
    {
        TranslationSpec spec = Spec(attention, feeding);
        using SequenceDataset data = Rows(spec, 40);
        TrainingResult result = Trainer.Train(new TrainingJob { Spec = spec, Data = data, Options = Options(threads), Seed = 3 });
        using var stream = new MemoryStream();
        NetworkFile.Write(result.Trained, stream);
        return stream.ToArray();
    }

    private static TranslationOptions Options(int threads) => new()
    {
        HiddenSize = 3, EmbeddingSize = 3, NumberOfEpochs = 2, BatchSize = 16, NumberOfThreads = threads, RecurrentDropout = 0.1f,
    };

    private static SequenceDataset Rows(TranslationSpec spec, int count)
    {
        var random = new Random(1);
        uint[] Tokens(int most, int size) => [.. Enumerable.Range(0, random.Next(most)).Select(_ => (uint)random.Next(size + 1))];
        return TranslationRun.Dataset(spec, Enumerable.Range(0, count).Select(_ =>
            new TranslationExample(Tokens(9, 4), Tokens(7, 3), 0.5f + random.NextSingle())));
    }

    private static TranslationSpec Spec(AttentionKind attention, bool feeding) =>
        TranslationGradientTests.Spec("LSTM", attention, feeding, layers: 2, bidirectional: true, tied: false);
}
