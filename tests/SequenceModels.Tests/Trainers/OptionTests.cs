using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Interop;
using SequenceModels.Layers;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>No option is dead: changing it changes what the model says.</summary>
public class OptionTests
{
    private static readonly SequenceTrainerOptions Base = Examples.Glance;

    /// <summary>Options that no score shows.</summary>
    private static readonly string[] s_silent =
    [
        nameof(Base.NumberOfThreads), nameof(Base.MaximumMemoryBytes), nameof(Base.Progress), nameof(Base.CancellationToken),
        nameof(Base.OnCancel), nameof(Base.CheckpointPath), nameof(Base.TimeBudget), nameof(Base.Distribution),
    ];

    /// <summary>Options of other inputs than texts.</summary>
    private static readonly string[] s_notOfTexts =
    [
        nameof(Base.CharacterHiddenSize), nameof(Base.CharacterEmbeddingSize), nameof(Base.FrameScaling),
        nameof(Base.FrameStacking), nameof(Base.SubwordEmbeddingSize), nameof(Base.NumberOfSubwordBuckets),
    ];

    /// <summary>Options of one answer a row.</summary>
    private static readonly string[] s_notOfTranslations =
    [
        nameof(Base.Pooling), nameof(Base.RowFeatureColumnName), nameof(Base.ClassWeights), nameof(Base.FrameStacking),
        nameof(Base.FrozenEpochs), nameof(Base.TruncatedBackpropagationSteps), nameof(Base.CharacterHiddenSize),
        nameof(Base.CharacterEmbeddingSize), nameof(Base.SubwordEmbeddingSize), nameof(Base.NumberOfSubwordBuckets),
    ];

    /// <summary>Options of single steps and of words.</summary>
    private static readonly string[] s_notOfTranscription =
    [
        nameof(Base.ClassWeights), nameof(Base.LabelSmoothing), nameof(Base.CharacterHiddenSize),
        nameof(Base.CharacterEmbeddingSize), nameof(Base.SubwordEmbeddingSize), nameof(Base.NumberOfSubwordBuckets),
    ];

    public static TheoryData<string> Types => [.. OptionCasesOfTasks.All.Keys];

    public static TheoryData<string, string> Changes
    {
        get
        {
            var changes = new TheoryData<string, string>();
            foreach (OptionCases cases in OptionCasesOfTasks.All.Values)
                foreach (string option in cases.Options)
                    changes.Add(cases.Type.Name, option);
            return changes;
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Changing_it_changes_what_the_model_gives(string type, string option)
    {
        OptionCases cases = OptionCasesOfTasks.All[type];
        (TrainingOptions before, TrainingOptions after) = cases.Change(option);
        Assert.Equal([option], cases.Type.GetProperties()
            .Where(property => !Equals(property.GetValue(before), property.GetValue(after)))
            .Select(property => property.Name).Distinct()); // SelectBy of translations hides another one
        Assert.NotEqual(cases.Learn(before, option), cases.Learn(after, option));
    }

    [Fact]
    public void Every_option_of_every_type_is_changed()
    {
        Type[] types = [.. new[] { typeof(TrainingOptions), typeof(ForecastOptions) }.SelectMany(type => type.Assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(TrainingOptions)) && !type.IsAbstract)];
        Assert.Equal(types.Select(type => type.Name).Order(), OptionCasesOfTasks.All.Keys.Order());
        foreach (Type type in types)
            Assert.Equal(type.GetProperties().Select(property => property.Name).Distinct().Order(),
                OptionCasesOfTasks.All[type.Name].Options.Concat(s_silent)
                    .Concat(type == typeof(TextTrainerOptions) ? s_notOfTexts
                        : type == typeof(TranslationOptions) ? s_notOfTranslations
                        : type == typeof(TranscriptionOptions) ? s_notOfTranscription : []).Order());
    }

    [Fact]
    public void Texts_refuse_options_of_other_inputs()
    {
        foreach (SequenceTrainerOptions options in new SequenceTrainerOptions[]
        {
            new TextTrainerOptions { CharacterHiddenSize = 9 }, new TextTrainerOptions { CharacterEmbeddingSize = 9 },
            new TextTrainerOptions { FrameScaling = FrameScaling.None }, new TextTrainerOptions { FrameStacking = 2 },
            new TextTrainerOptions { SubwordEmbeddingSize = 9 }, new TextTrainerOptions { NumberOfSubwordBuckets = 9 },
        })
        {
            string option = s_notOfTexts.Single(name => !Equals(typeof(TextTrainerOptions).GetProperty(name)!.GetValue(options),
                typeof(TextTrainerOptions).GetProperty(name)!.GetValue(new TextTrainerOptions())));
            Assert.StartsWith($"TextTrainerOptions.{option} must be",
                Assert.Throws<ArgumentOutOfRangeException>(options.Validate).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void Threads_and_memory_change_no_bit(string type)
    {
        OptionCases cases = OptionCasesOfTasks.All[type];
        Assert.Equal(cases.Learn(cases.In(new())), cases.Learn(cases.In(new() { Threads = 2, Memory = 1 })));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_training_tells_of_its_progress_and_stops_when_it_is_cancelled(string type)
    {
        OptionCases cases = OptionCasesOfTasks.All[type];
        foreach (OnCancel onCancel in Enum.GetValues<OnCancel>())
        {
            using var stop = new StopInSecondEpoch();
            TrainingOptions options = cases.In(new() { Epochs = 1000, Stop = stop, OnCancel = onCancel });
            if (onCancel == OnCancel.KeepBest)
                Assert.NotEmpty(cases.Learn(options));
            else
                Assert.Throws<OperationCanceledException>(() => cases.Learn(options));
            Assert.True(stop.IsTold);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_training_goes_on_from_its_checkpoint(string type)
    {
        OptionCases cases = OptionCasesOfTasks.All[type];
        string folder = Directory.CreateTempSubdirectory("SequenceModels-test-").FullName;
        try
        {
            string path = Path.Combine(folder, "checkpoint");
            var kept = new Surroundings { Epochs = 3, Checkpoint = path };
            using var stop = new StopInSecondEpoch();
            Assert.Throws<OperationCanceledException>(() => cases.Learn(cases.In(kept with { Stop = stop })));
            Assert.True(File.Exists(path));
            Assert.Equal(cases.Learn(cases.In(kept with { Checkpoint = null })), cases.Learn(cases.In(kept)));
            Assert.False(File.Exists(path));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_training_without_time_gives_a_model_and_goes_on_from_its_checkpoint(string type)
    {
        OptionCases cases = OptionCasesOfTasks.All[type];
        string folder = Directory.CreateTempSubdirectory("SequenceModels-test-").FullName;
        try
        {
            var kept = new Surroundings { Checkpoint = Path.Combine(folder, "checkpoint"), Budget = TimeSpan.FromTicks(1) };
            string[] whole = cases.Learn(cases.In(kept with { Checkpoint = null, Budget = null }));
            string[] first = cases.Learn(cases.In(kept)), last = first;
            Assert.NotEqual(whole, first);
            for (int fits = 0; File.Exists(kept.Checkpoint); fits++)
            {
                Assert.InRange(fits, 0, 100);
                last = cases.Learn(cases.In(kept));
            }
            Assert.Equal(whole, last);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void A_wrong_value_is_named_by_the_type_that_it_was_set_on(string type)
    {
        TrainingOptions options = OptionCasesOfTasks.All[type].In(new() { Epochs = -1 });
        Exception refused = Assert.Throws<ArgumentOutOfRangeException>(options.Validate);
        Assert.StartsWith($"{type}.NumberOfEpochs must be at least 0 (TrainingOptions.AutomaticEpochs = " +
            "by the number of rows).", refused.Message,
            StringComparison.Ordinal);
        Assert.StartsWith($"{type} {{ HiddenSize = ", options.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Each_kind_of_cell_learns_in_its_own_way() =>
        Assert.Equal(3, Enum.GetValues<RecurrentCellKind>().Select(kind => Scores(Base with { CellKind = kind }, false)[0])
            .Distinct().Count());

    [Fact]
    public void A_kind_that_a_cell_does_not_have_is_refused()
    {
        var ml = new MLContext(1);
        var options = new SequenceTrainerOptions { CellKind = RecurrentCellKind.Peephole };
        Exception refused = Assert.Throws<ArgumentOutOfRangeException>(() => ml.Regression.Trainers.Gru(options: options));
        Assert.StartsWith("SequenceTrainerOptions.CellKind must be Standard for GRU.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_pooling_reads_the_states_in_its_own_way() =>
        Assert.Equal(5, Enum.GetValues<SequencePooling>().Select(pooling => Scores(Base with { Pooling = pooling }, false)[0])
            .Distinct().Count());

    [Fact]
    public void Scaled_frames_do_not_mind_the_unit_they_are_measured_in()
    {
        var ml = new MLContext(1);
        SequenceTrainerOptions scaled = Examples.Quick with { FrameScaling = FrameScaling.Standard };
        IDataView metres = ml.View(100);
        List<Example> rows = Examples.Make(100);
        rows.ForEach(row => row.Readings = [.. row.Readings.Select(value => value * 1024 + 2048)]);
        IDataView millimetres = ml.Data.LoadFromEnumerable(rows);
        float[] expected = ml.SumTrainer(scaled).Fit(metres).Scores(metres);
        float[] found = ml.SumTrainer(scaled).Fit(millimetres).Scores(millimetres);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 0.02));
    }

    private static float[] Scores(SequenceTrainerOptions options, bool ofFrames)
    {
        var ml = new MLContext(1);
        IDataView data = ml.View(60);
        return ofFrames ? ml.SumTrainer(options).Fit(data).Scores(data) : ml.BinaryPipeline(options).Fit(data).Scores(data);
    }
}
