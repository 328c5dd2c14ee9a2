using SequenceModels.Files;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

/// <summary>The rate that a schedule gives each batch, beside numbers worked out by hand.</summary>
public class ScheduledRateTests
{
    [Fact]
    public void A_constant_rate_is_the_option_to_the_bit()
    {
        var rates = new ScheduledRate(LearningRateSchedule.Constant, 0.1f, batchesPerEpoch: 2, numberOfEpochs: 3);
        for (int update = 1; update <= 6; update++)
        {
            Assert.Equal(0.1f, rates.RateOf((update + 1) / 2, update));
            rates.Observe(update);
        }
    }

    [Fact]
    public void Step_decay_begins_after_the_epoch_it_is_told()
    {
        Assert.Equal([0.8f, 0.8f, 0.4f, 0.2f, 0.1f], Epochs(LearningRateSchedule.StepDecay(0.5f, afterEpoch: 2)));
        Assert.Equal([0.8f, 0.4f, 0.2f, 0.1f, 0.05f], Epochs(LearningRateSchedule.StepDecay()));
        Assert.Equal([0.2f, 0.05f, 0.0125f, 0.003125f, 0.00078125f],
            Epochs(LearningRateSchedule.StepDecay(0.25f, afterEpoch: 0)));

        static float[] Epochs(LearningRateSchedule schedule)
        {
            var rates = new ScheduledRate(schedule, 0.8f, batchesPerEpoch: 10, numberOfEpochs: 5);
            return [.. Enumerable.Range(1, 5).Select(epoch => rates.RateOf(epoch, 10 * epoch))];
        }
    }

    [Fact]
    public void A_cosine_begins_with_the_full_rate_and_ends_above_0() =>
        Equal([0.4, 0.34142136, 0.2, 0.05857864],
            Updates(LearningRateSchedule.Cosine(), 0.4f, updatesPerEpoch: 2, numberOfEpochs: 2));

    [Fact]
    public void A_cosine_warms_up_over_its_share_of_all_batches()
    {
        Equal([0.2, 0.4, 0.4, 0.2], Updates(LearningRateSchedule.Cosine(0.5f), 0.4f, 2, 2));
        // 2.5 batches of 10 are 3; (1 + cos(π k / 7)) / 2 for k = 0 to 6 follows.
        Equal([1 / 3.0, 2 / 3.0, 1, 1, 0.95048443, 0.81174490, 0.61126047, 0.38873953, 0.18825510, 0.04951557],
            Updates(LearningRateSchedule.Cosine(0.25f), 1, 5, 2));
        Equal([0.1, 0.2, 0.3, 0.4], Updates(LearningRateSchedule.Cosine(0.99f), 0.4f, 1, 4)); // all of it
    }

    [Fact]
    public void A_cosine_moves_within_a_batch_that_is_learned_from_in_pieces()
    {
        // Two epochs of one batch of four pieces: a quarter of 2 batches rises, which are two pieces.
        var rates =
            new ScheduledRate(LearningRateSchedule.Cosine(0.25f), 1, batchesPerEpoch: 1, numberOfEpochs: 2, inPieces: true);
        Equal([0.5, 1, .. Enumerable.Range(0, 6).Select(k => (1 + Math.Cos(Math.PI * k / 6)) / 2)],
            [.. Enumerable.Range(0, 8).Select(piece => rates.RateOf(1 + piece / 4, piece / 4.0, (piece + 1) / 4.0))]);
    }

    [Fact]
    public void A_plateau_cuts_the_rate_once_patience_is_at_an_end()
    {
        var schedule = LearningRateSchedule.ReduceOnPlateau(0.5f, patience: 1, minimumRate: 0.15f);
        Equal([0.8, 0.8, 0.8, 0.4, 0.4, 0.4, 0.4, 0.2, 0.2, 0.15, 0.15, 0.15],
            Noted(schedule, 0.8f, [1, 0.9, 0.9, 0.95, 0.9, 0.8, 0.9, 0.8, 3, 3, double.NaN, 3]));
    }

    [Fact]
    public void A_plateau_without_patience_cuts_at_once()
    {
        Equal([0.8, 0.2, 0.05, 0.05, 0.0125],
            Noted(LearningRateSchedule.ReduceOnPlateau(0.25f, patience: 0), 0.8f, [2, 2, 3, 1, 1]));
        // never raised
        Equal([0.1, 0.1, 0.1], Noted(LearningRateSchedule.ReduceOnPlateau(0.5f, 0, minimumRate: 0.2f), 0.1f, [1, 1, 1]));
    }

    [Fact]
    public void What_is_written_and_read_goes_on_like_the_first()
    {
        var schedule = LearningRateSchedule.ReduceOnPlateau(0.5f, patience: 1);
        ScheduledRate first = Make(), second = Make();
        foreach (double loss in new[] { 0.5, 1, 1, 1 }) // cut once, and one epoch waited since
            first.Observe(loss);
        second.Read(Written(first));
        foreach ((double loss, float rate) in new[] { (0.6, 0.2f), (0.7, 0.2f), (0.4, 0.2f), (0.45, 0.2f), (0.45, 0.1f) })
        {
            first.Observe(loss);
            second.Observe(loss);
            Assert.Equal(rate, first.RateOf(1, 1));
            Assert.Equal(rate, second.RateOf(1, 1));
        }

        ScheduledRate Make() => new(schedule, 0.8f, 1, 10);
    }

    [Fact]
    public void A_rate_above_the_first_one_is_refused()
    {
        var larger = new ScheduledRate(LearningRateSchedule.ReduceOnPlateau(), 0.9f, 1, 1);
        var smaller = new ScheduledRate(LearningRateSchedule.ReduceOnPlateau(), 0.8f, 1, 1);
        Assert.Contains("0.9", Assert.Throws<InvalidDataException>(() => smaller.Read(Written(larger))).Message,
            StringComparison.Ordinal);
    }

    /// <summary>The rate after each of the losses.</summary>
    private static float[] Noted(LearningRateSchedule schedule, float learningRate, double[] losses)
    {
        var rates = new ScheduledRate(schedule, learningRate, 1, losses.Length);
        Assert.Equal(learningRate, rates.RateOf(1, 1));
        return [.. losses.Select((loss, i) =>
        {
            rates.Observe(loss);
            return rates.RateOf(i + 2, i + 2);
        })];
    }

    private static float[] Updates(LearningRateSchedule schedule, float learningRate, int updatesPerEpoch, int numberOfEpochs)
    {
        var rates = new ScheduledRate(schedule, learningRate, updatesPerEpoch, numberOfEpochs);
        return [.. Enumerable.Range(1, updatesPerEpoch * numberOfEpochs)
            .Select(u => rates.RateOf((u - 1) / updatesPerEpoch + 1, u))];
    }

    private static PayloadReader Written(ScheduledRate rates)
    {
        using var stream = new MemoryStream();
        using var writer = new PayloadWriter(stream);
        rates.Write(writer);
        writer.Flush();
        return new PayloadReader(stream.ToArray(), "training", 1);
    }

    private static void Equal(double[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-7);
    }
}
