using System.Diagnostics;
using SequenceModels.Training;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>
/// A training whose process is killed again and again, without a chance to tidy up, ends with the network and the history of one
/// that never was. Moments are drawn over a whole epoch or, every other time, right behind its last batch: within validation and
/// the writing of the checkpoint.
/// </summary>
public sealed class KillTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sequence-models-").FullName;
    private readonly List<string> _lines = [];

    private string _network = "";

    private string Checkpoint => Path.Combine(_folder, "training.checkpoint");

    private string Result => Path.Combine(_folder, "result");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("classifier", 40, 10)]
    [InlineData("translator", 12, 5)]
    public void Killed_again_and_again_it_ends_with_the_network_of_one_that_never_was(string network, int allEpochs, int allKills)
    {
        _network = network;
        long begun = 0, ended = 0;
        Assert.Equal(0, Run(epochs: int.MaxValue, TimeSpan.Zero, line => (begun, ended) =
            (line == "begins" ? Stopwatch.GetTimestamp() : begun, line == "learned" ? Stopwatch.GetTimestamp() : ended)));
        Assert.Equal(allEpochs, _lines.Count(line => line == "learned"));
        TimeSpan epoch = Stopwatch.GetElapsedTime(begun, ended) / allEpochs;
        string expected = TakeResult();
        Assert.Equal(1 + allEpochs, expected.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        var random = new Random(1);
        int kills = 0, resumed = 0, starts = 0;
        for (; kills < allKills; starts++)
        {
            // Each kill lets some epochs pass; a training that ends before its next kill is begun anew.
            Assert.True(starts < 3 * allKills, $"{kills} kills in {starts} starts");
            bool behindTheLastBatch = starts % 2 == 1;
            int epochs = random.Next(behindTheLastBatch ? 1 : 0, 4);
            int exitCode = Run(epochs, random.NextDouble() * (behindTheLastBatch ? epoch / 4 : epoch));
            resumed += _lines.Contains("goes on") ? 1 : 0;
            if (_lines.Contains("ended"))
            {
                Assert.False(File.Exists(Checkpoint));
                if (exitCode == 0)
                    Assert.Equal(expected, TakeResult());
                File.Delete(Result);
                continue;
            }
            Assert.NotEqual(0, exitCode);
            Assert.Contains("begins", _lines);
            Assert.False(File.Exists(Result));
            kills++;
        }
        Assert.True(resumed >= allKills / 2, $"{resumed} of {starts} starts went on from a checkpoint");

        Assert.Equal(0, Run(epochs: int.MaxValue, TimeSpan.Zero));
        Assert.Equal(expected, TakeResult());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
    }

    /// <summary>
    /// Runs the app and kills it some time after so many of its epochs; gives its exit code, and its lines in <see
    /// cref="_lines"/>.
    /// </summary>
    private int Run(int epochs, TimeSpan delay, Action<string>? onLine = null)
    {
        _lines.Clear();
        using Process process = ChildApp.Start("SequenceModels.KilledTraining", Checkpoint, Result, _network);
        Task<string> errors = process.StandardError.ReadToEndAsync();
        bool isKilled = false;
        while (process.StandardOutput.ReadLine() is { } line)
        {
            _lines.Add(line);
            onLine?.Invoke(line);
            if (isKilled || !_lines.Contains("begins") || _lines.Count(l => l == "learned") < epochs)
                continue;
            Thread.Sleep(delay);
            process.Kill();
            isKilled = true;
        }
        process.WaitForExit();
        Assert.True(isKilled || process.ExitCode == 0, errors.Result);
        return process.ExitCode;
    }

    private string TakeResult()
    {
        string result = File.ReadAllText(Result);
        File.Delete(Result);
        return result;
    }
}
