using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class GroupTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Steps_become_sequences_in_the_order_of_first_appearance_and_of_the_order_column()
    {
        IDataView groups = _ml.Sequences().Group(Steps(), "Name", "Time");
        Assert.Equal(["b", "a"], groups.GetColumn<string>("Name"));
        Assert.Equal([[10, 20, 21], [5]], groups.Vectors<float>("Value"));
        Assert.Equal([[1, 2, 2], [7]], groups.Vectors<int>("Time"));
        Assert.Equal(2, groups.GetRowCount());
    }

    [Fact]
    public void Without_an_order_column_rows_keep_theirs() =>
        Assert.Equal([[20, 10, 21], [5]], _ml.Sequences().Group(Steps(), "Name").Vectors<float>("Value"));

    [Fact]
    public void Vectors_become_frames()
    {
        IDataView groups = _ml.Sequences().Group(Steps(), "Name", "Time");
        Assert.Equal([0, 2], groups.Dimensions("Frame"));
        Assert.Equal([[10, -10, 20, -20, 21, -21], [5, -5]], groups.Vectors<float>("Frame"));
    }

    [Fact]
    public void Columns_become_sequences_whatever_their_values_are()
    {
        DataViewSchema schema = _ml.Sequences().Group(Steps(), "Name", "Time").Schema;
        Assert.Equal(["Name"], schema.Where(column => column.Type is not VectorDataViewType).Select(column => column.Name));
        Step[] one = [new Step { Name = "c", Kind = "x" }], none = [];
        foreach (Step[] others in new[] { one, none })
            Assert.Equal(schema.Select(column => (column.Name, column.Type)),
                _ml.Sequences().Group(_ml.Data.LoadFromEnumerable(others), "Name", "Time")
                .Schema.Select(column => (column.Name, column.Type)));
    }

    [Fact]
    public void A_transform_that_saw_sequences_of_text_refuses_a_text_of_the_same_name_and_the_other_way_round()
    {
        IDataView steps = Steps(), groups = _ml.Sequences().Group(steps, "Name");
        string Error(IDataView fitted, IDataView given) => Assert.Throws<ArgumentOutOfRangeException>(() =>
            _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Kind").Fit(fitted).Transform(given)).Message;
        Assert.StartsWith("Column 'Kind' was a vector of text when TokenizeIntoSequence was fitted, and is a text here.",
            Error(groups, steps), StringComparison.Ordinal);
        Assert.StartsWith("Column 'Kind' was a text when TokenizeIntoSequence was fitted, and is a vector of text here.",
            Error(steps, groups), StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_text_must_be_that_of_the_numbers_or_dates_it_spells()
    {
        IDataView Lines(params string[] lines) =>
            _ml.Data.LoadFromEnumerable(lines.Select((line, i) => new Step { Name = "a", Kind = line, Value = i }).ToArray());
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Sequences().Group(Lines("9", "10"), "Name", "Kind"));
        Assert.StartsWith("Column 'Kind' gives the order of steps, but it is text: '10' comes before '9'. Its values are " +
            "numbers: load the column as a number",
            error.Message, StringComparison.Ordinal);
        Assert.Equal([[1, 0]], _ml.Sequences().Group(Lines("10", "09"), "Name", "Kind").Vectors<float>("Value"));

        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Kind").Fit(Lines("10", "9")).Transform(Lines("9", "10"));
        error = Assert.Throws<InvalidOperationException>(() => _ml.Sequences().Group(keys, "Name", "Kind"));
        Assert.StartsWith("Column 'Kind' gives the order of steps, but it is of keys, whose order is that of their numbers: " +
            "'10' comes before '9'.", error.Message,
            StringComparison.Ordinal);
        keys = _ml.Transforms.Conversion.MapValueToKey("Kind").Fit(Lines("9", "10")).Transform(Lines("10", "9"));
        Assert.Equal([[1, 0]], _ml.Sequences().Group(keys, "Name", "Kind").Vectors<float>("Value"));
    }

    [Fact]
    public void Values_in_messages_are_invariant_dates_in_ISO_8601_and_keys_by_name()
    {
        IDataView rows = _ml.Data.LoadFromEnumerable(new[]
        {
            new Dated { Number = 1.5f, Day = new DateTime(2024, 1, 31) },
            new Dated { Number = 2.5f, Day = new DateTime(2024, 2, 1, 6, 30, 0) },
        });
        rows = _ml.Transforms.Conversion.MapValueToKey("Key", "Number").Fit(rows).Transform(rows);
        string Error(string column) =>
            Assert.Throws<InvalidOperationException>(() => _ml.Sequences().Group(rows, "Group", constantColumnNames: [column]))
            .Message;
        Assert.Contains("it is '1.5' and '2.5'", Error("Number"), StringComparison.Ordinal);
        Assert.Contains("it is '2024-01-31' and '2024-02-01T06:30:00'", Error("Day"), StringComparison.Ordinal);
        Assert.Contains("it is '1.5' and '2.5'", Error("Key"), StringComparison.Ordinal);
    }

    [Fact]
    public void Constant_columns_can_be_named()
    {
        DataViewSchema schema = _ml.Sequences().Group(Steps(), "Name", "Time", ["Steady"]).Schema;
        Assert.Equal(NumberDataViewType.Single, schema["Steady"].Type);
        Assert.IsType<VectorDataViewType>(schema["Kind"].Type);
        var error = Assert.Throws<InvalidOperationException>(() => _ml.Sequences().Group(Steps(), "Name", "Time", ["Value"]));
        Assert.StartsWith("Column 'Value' should have one value a group, but in group 'b' of 'Name' it is '10' and '20'.",
            error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_keep_their_values()
    {
        IDataView steps = Steps();
        IDataView keys = _ml.Transforms.Conversion.MapValueToKey("Kind").Fit(steps).Transform(steps);
        IDataView groups = _ml.Sequences().Group(keys, "Name", "Time", []);
        Assert.Equal(["x", "y"], groups.KeyValues("Kind"));
        Assert.Equal([[1, 1, 1], [2]], groups.Vectors<uint>("Kind"));
    }

    [Fact]
    public void A_missing_column_is_named_beside_those_there_are()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Sequences().Group(Steps(), "Nam"));
        Assert.StartsWith("There is no column 'Nam'. The data has: 'Name', 'Time', 'Value', 'Steady', 'Kind', 'Frame'.",
            error.Message, StringComparison.Ordinal);
        error = Assert.Throws<ArgumentOutOfRangeException>(() => _ml.Sequences().Group(Steps(), "name"));
        Assert.StartsWith("There is no column 'name'. Did you mean 'Name'? ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_table_has_no_sequences() =>
        Assert.Empty(_ml.Sequences().Group(_ml.Data.LoadFromEnumerable(Array.Empty<Step>()), "Name").GetColumn<string>("Name"));

    [Fact]
    public void Groups_train_a_classifier()
    {
        var random = new Random(1);
        // The last value of a recording decides its kind.
        IDataView steps = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 120).SelectMany(recording => Enumerable.Range(0, 2 +
            recording % 5).Select(
            time => (Time: time, Last: time == 1 + recording % 5, recording)).Select(at => new Step
            {
                Name = $"r{at.recording}", Time = at.Time, Kind = at.recording % 3 == 0 ? "x" : "y",
                Frame = [at.Last ? (at.recording % 3 == 0 ? 1 : -1) : (float)random.NextDouble() - 0.5f, 0],
            })).ToArray());
        IDataView recordings = _ml.Sequences().Group(steps, "Name", "Time", ["Kind"]);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.MulticlassClassification.Trainers.Lstm(featureColumnName: "Frame",
                options: new() { HiddenSize = 16, LearningRate = 0.02f, NumberOfEpochs = 20 }))
            .Fit(recordings);
        Assert.True(_ml.MulticlassClassification.Evaluate(model.Transform(recordings)).MicroAccuracy > 0.95);
    }

    private IDataView Steps() => _ml.Data.LoadFromEnumerable(new[]
    {
        new Step { Name = "b", Time = 2, Value = 20, Frame = [20, -20], Kind = "x" },
        new Step { Name = "a", Time = 7, Value = 5, Frame = [5, -5], Kind = "y" },
        new Step { Name = "b", Time = 1, Value = 10, Frame = [10, -10], Kind = "x" },
        new Step { Name = "b", Time = 2, Value = 21, Frame = [21, -21], Kind = "x" },
    });

    private sealed class Dated
    {
        public string Group { get; set; } = "a";

        public float Number { get; set; }

        public DateTime Day { get; set; }
    }

    private sealed class Step
    {
        public string Name { get; set; } = "";

        public int Time { get; set; }

        public float Value { get; set; }

        public float Steady { get; set; } = 1;

        public string Kind { get; set; } = "";

        [VectorType(2)]
        public float[] Frame { get; set; } = [0, 0];
    }
}
