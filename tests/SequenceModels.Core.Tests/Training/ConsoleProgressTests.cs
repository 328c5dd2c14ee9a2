using SequenceModels.Tests.Sequences;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Training;

public class ConsoleProgressTests
{
    [Fact]
    public void It_prints_a_line_for_each_epoch()
    {
        using var writer = new StringWriter();
        TrainingResult result = Trainer.Train(Trainings.Restless.With(o => o with { Progress = new ConsoleProgress(writer) }));
        string[] lines = writer.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(result.History.Select(epoch => EpochLine.Format(epoch, 5)),
            lines.Select(line => line[..line.IndexOf(" (", StringComparison.Ordinal)]));
        Assert.All(lines, line => Assert.Matches(@"accuracy 0\.\d{4} \(00:00:\d\d, 00:00:\d\d left\)$", line));
    }

    [Fact]
    public void Within_an_epoch_it_tells_of_batches() =>
        Assert.Equal("epoch 2/10 batch 30/1200 loss 0.1235 (12,346 steps/s, 00:01:02, 1.00:00:05 left)",
            ConsoleProgress.LineOf(new TrainingProgress(2, 10, 30, 1200, 0.12345, 12345.6, TimeSpan.FromSeconds(61.6),
                TimeSpan.FromSeconds(86_405.2))));

    [Fact]
    public void Lines_within_an_epoch_are_far_apart()
    {
        using var writer = new StringWriter();
        var progress = new ConsoleProgress(writer);
        for (int batch = 1; batch < 100; batch++)
            progress.Report(new TrainingProgress(1, 1, batch, 100, 1, 1, TimeSpan.Zero, TimeSpan.Zero));
        Assert.Equal("", writer.ToString());
        Assert.Throws<ArgumentNullException>(() => new ConsoleProgress(null!));
        Assert.Throws<ArgumentNullException>(() => progress.Report(null!));
    }
}
