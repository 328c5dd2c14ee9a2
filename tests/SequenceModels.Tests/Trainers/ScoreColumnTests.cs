using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>Holds our score columns against those that ML.NET's own trainers of the same task give for the same rows.</summary>
public class ScoreColumnTests
{
    private readonly MLContext _ml = new(1);
    private readonly IDataView _data;

    public ScoreColumnTests() => _data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 30).Select(row => new Labelled
    {
        Flag = row % 2 == 0,
        Name = "name" + row % 3,
        Number = row % 3 - 0.1f,
        Whole = row % 3,
        Day = new DateTime(2020, 2, 1 + row % 3, 0, 0, 0, DateTimeKind.Utc),
        Span = TimeSpan.FromTicks(row % 3),
        Target = row % 5,
        Features = [row % 3, row % 2],
    }));

    [Fact]
    public void Binary() => SameColumns(
        _ml.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Labelled.Flag)),
        _ml.BinaryClassification.Trainers.Rnn(nameof(Labelled.Flag), options: Examples.Glance));

    [Fact]
    public void Regression() => SameColumns(
        _ml.Regression.Trainers.LbfgsPoissonRegression(nameof(Labelled.Target)),
        _ml.Regression.Trainers.Rnn(nameof(Labelled.Target), options: Examples.Glance));

    [Theory]
    [InlineData(nameof(Labelled.Name))]
    [InlineData(nameof(Labelled.Number))]
    [InlineData(nameof(Labelled.Whole))]
    [InlineData(nameof(Labelled.Flag))]
    [InlineData(nameof(Labelled.Day))]
    [InlineData(nameof(Labelled.Span))]
    public void Multiclass_with_names_of_any_type(string label)
    {
        var keys = _ml.Transforms.Conversion.MapValueToKey("Label", label);
        SameColumns(
            keys.Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()),
            keys.Append(_ml.MulticlassClassification.Trainers.Rnn(options: Examples.Glance)));
    }

    [Fact]
    public void Multiclass_without_names() => SameColumns(
        _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(nameof(Labelled.Key)),
        _ml.MulticlassClassification.Trainers.Rnn(nameof(Labelled.Key), options: Examples.Glance));

    [Fact]
    public void A_second_model_in_the_same_schema_has_its_own_set_of_scores()
    {
        var both = _ml.Regression.Trainers.Rnn(nameof(Labelled.Target), options: Examples.Glance)
            .Append(_ml.BinaryClassification.Trainers.Rnn(nameof(Labelled.Flag), options: Examples.Glance));
        DataViewSchema schema = both.Fit(_data).GetOutputSchema(_data.Schema);
        Assert.Equal([2u, 2u, 2u], new[] { "PredictedLabel", "Score", "Probability" }.Select(name => SetId(schema[name])));
        Assert.Equal([1u, 2u], schema.Where(column => column.Name == "Score").Select(SetId));
    }

    /// <summary>As the fitted transformers give them, as the estimators declare them, and as a loaded model gives them.</summary>
    private void SameColumns(IEstimator<ITransformer> theirs, IEstimator<ITransformer> ours)
    {
        ITransformer model = ours.Fit(_data);
        string[] expected = Describe(theirs.Fit(_data));
        Assert.Equal(expected, Describe(model));

        using var file = new MemoryStream();
        _ml.Model.Save(model, _data.Schema, file);
        Assert.Equal(expected, Describe(new MLContext().Model.Load(file, out _)));

        SchemaShape input = SchemaShapes.Of(_data.Schema);
        Assert.Equal(Describe(SchemaShapes.Of(model.GetOutputSchema(_data.Schema))), Describe(ours.GetOutputSchema(input)));
    }

    private string[] Describe(ITransformer model) => [.. model.GetOutputSchema(_data.Schema)
        .Where(column => column.Name is "PredictedLabel" or "Score" or "Probability")
        .SelectMany(column => column.Annotations.Schema
            .Select(annotation =>
                $"{column.Name} ({column.Type}): {annotation.Name} ({annotation.Type}) = {Value(column, annotation)}")
            .Order())];

    private static string[] Describe(SchemaShape shape) => [.. shape
        .Select(column => $"{column.Name} {column.Kind} {column.ItemType} {column.IsKey}: " + string.Join(", ", column.Annotations
            .Select(annotation => $"{annotation.Name} {annotation.Kind} {annotation.ItemType}").Order()))
        .Order()];

    private static uint SetId(DataViewSchema.Column column)
    {
        uint id = 0;
        column.Annotations.GetValue("ScoreColumnSetId", ref id);
        return id;
    }

    private static string Value(DataViewSchema.Column column, DataViewSchema.Column annotation)
    {
        DataViewType type = annotation.Type;
        return (type as VectorDataViewType)?.ItemType.RawType switch
        {
            null when type.RawType == typeof(uint) => One<uint>(),
            null when type.RawType == typeof(bool) => One<bool>(),
            null => One<ReadOnlyMemory<char>>(),
            Type item when item == typeof(ReadOnlyMemory<char>) => Many<ReadOnlyMemory<char>>(),
            Type item when item == typeof(float) => Many<float>(),
            Type item when item == typeof(int) => Many<int>(),
            Type item when item == typeof(bool) => Many<bool>(),
            Type item when item == typeof(DateTime) => Many<DateTime>(),
            Type item when item == typeof(TimeSpan) => Many<TimeSpan>(),
            Type item => throw new NotSupportedException($"{item}"),
        };

        string One<T>()
        {
            T? value = default;
            column.Annotations.GetValue(annotation.Name, ref value);
            return $"{value}";
        }

        string Many<T>()
        {
            VBuffer<T> values = default;
            column.Annotations.GetValue(annotation.Name, ref values);
            return string.Join(", ", values.DenseValues()
                .Select(value => value is DateTime time ? time.ToString("O") : $"{value}"));
        }
    }

    private sealed class Labelled
    {
        public bool Flag { get; set; }

        public string Name { get; set; } = "";

        public float Number { get; set; }

        public int Whole { get; set; }

        public DateTime Day { get; set; }

        public TimeSpan Span { get; set; }

        public float Target { get; set; }

        [KeyType(3)]
        public uint Key => (uint)Target % 3 + 1;

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
