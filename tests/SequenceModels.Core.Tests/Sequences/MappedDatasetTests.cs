using System.Runtime.CompilerServices;
using SequenceModels.Files;
using SequenceModels.Kernels;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Sequences;

/// <summary>Data beyond its budget is the same data, and leaves no file.</summary>
public sealed class MappedDatasetTests : IDisposable
{
    private const int Rows = 20_000; // several times the smallest file

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false, 0)]
    [InlineData(true, true, 1)]
    [InlineData(false, true, 10_000)] // the first rows in memory
    [InlineData(true, false, 1_000_000)] // the steps in files, the rest in memory
    public void Every_accessor_gives_what_it_gives_from_memory(bool ofFrames, bool everyStep, long budget)
    {
        StepFeatureKind input = ofFrames ? StepFeatureKind.Frames : StepFeatureKind.Tokens;
        using SequenceDataset expected = Make(input, everyStep, Rows, long.MaxValue),
            found = Make(input, everyStep, Rows, budget);
        Assert.False(expected.IsMapped);
        Assert.True(found.IsMapped);
        Assert.Equal((expected.Count, expected.NumberOfSteps), (found.Count, found.NumberOfSteps));
        Parallel.For(0, Rows, row =>
        {
            Assert.Equal(expected.Length(row), found.Length(row));
            Assert.True(expected.Labels(row).SequenceEqual(found.Labels(row)));
            Assert.Equal(expected.Weight(row), found.Weight(row));
            if (input == StepFeatureKind.Tokens)
                Assert.True(expected.Tokens(row).SequenceEqual(found.Tokens(row)));
            else
                Assert.True(expected.Frames(row).SequenceEqual(found.Frames(row)));
        });
        Assert.Equal(expected.Fingerprint(), found.Fingerprint());
    }

    [Fact]
    public void Within_its_budget_it_makes_no_file()
    {
        using SequenceDataset data = Make(StepFeatureKind.Tokens, false, 100, budget: 1 << 20);
        Assert.False(data.IsMapped);
    }

    [Fact]
    public void After_clearing_it_holds_only_new_rows()
    {
        using SequenceDataset data = Make(StepFeatureKind.Tokens, false, 100, budget: 0);
        data.Clear();
        Assert.Equal((0, 0), (data.Count, data.NumberOfSteps));
        Assert.Throws<ArgumentOutOfRangeException>(() => data.Labels(0)[0]);
        data.Add([7u, 8], label: 3);
        Assert.Equal([7u, 8], data.Tokens(0).ToArray());
        Assert.Equal(3, data.Labels(0)[0]);
    }

    /// <summary>Deleted as soon as it is open, so that not even a killed process leaves it.</summary>
    [Fact]
    public void The_file_has_no_name_and_goes_with_the_data()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        using (Make(StepFeatureKind.Tokens, true, 1000, budget: 0))
        {
            Assert.Empty(_folder.Files);
            Assert.True(_folder.IsInUse);
        }
        Assert.False(_folder.IsInUse);
    }

    [Fact]
    public void The_file_goes_with_data_that_nobody_disposes_of()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        MakeAndForget();
        for (int tries = 0; tries < 20 && _folder.IsInUse; tries++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.False(_folder.IsInUse);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void MakeAndForget()
        {
            SequenceDataset data = Make(StepFeatureKind.Tokens, false, 1000, budget: 0);
            Assert.True(_folder.IsInUse);
            GC.KeepAlive(data);
        }
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        string folder = Path.Combine(_folder.Name, "missing");
        using var data = new SequenceDataset([StepFeature.Tokens(9, 0)], maximumMemoryBytes: 7, folder);
        Says(Assert.Throws<IOException>(() => data.Add([1u, 2, 3], label: 0)), "MaximumMemoryBytes", "7", "12", folder);
    }

    [Fact]
    public void A_file_for_which_there_is_no_room_is_refused_and_goes()
    {
        var budget = new MemoryBudget(5, _folder.Name);
        using var store = new SpillList<long>(budget);
        store.Add(1);
        Assert.True(store.IsMapped);
        Says(Assert.Throws<IOException>(() => store.Resize(1L << 59)), "MaximumMemoryBytes", "5", $"{1L << 62:N0}", _folder.Name);
        Assert.False(store.IsMapped);
        Assert.Empty(_folder.Files);
        if (OperatingSystem.IsLinux())
            Assert.False(_folder.IsInUse);
    }

    [Fact]
    public void What_is_disposed_of_gives_the_budget_back()
    {
        var budget = new MemoryBudget(4000);
        for (int i = 0; i < 10; i++)
        {
            using var store = new SpillList<int>(budget);
            store.Resize(900);
            Assert.False(store.IsMapped);
            using var beside = new SpillList<int>(budget);
            beside.Resize(900);
            Assert.True(beside.IsMapped);
        }
    }

    private static void Says(Exception error, params string[] parts) =>
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));

    private SequenceDataset Make(StepFeatureKind input, bool everyStep, int rows, long budget)
    {
        var random = new Random(1);
        var data = new SequenceDataset([input == StepFeatureKind.Frames ? StepFeature.Frames(3) : StepFeature.Tokens(3, 0)],
            budget, _folder.Name, targets: everyStep ? data => new StepTargets(data) : null);
        for (int row = 0; row < rows; row++)
        {
            int steps = random.Next(0, 12);
            uint[] tokens = [.. Enumerable.Range(0, steps).Select(_ => (uint)random.Next())];
            float[] frames = [.. Enumerable.Range(0, 3 * steps).Select(_ => random.NextSingle())];
            float[] labels = frames[..steps];
            float weight = random.NextSingle();
            if (input == StepFeatureKind.Tokens && everyStep)
                data.Add(tokens, labels, weight);
            else if (input == StepFeatureKind.Tokens)
                data.Add(tokens, row, weight);
            else if (everyStep)
                data.Add(frames, labels, weight);
            else
                data.Add(frames, row, weight);
        }
        return data;
    }
}
