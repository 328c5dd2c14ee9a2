using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class WeightTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void The_label_of_a_row_without_weight_has_no_influence()
    {
        List<Example> rows = Examples.Make(60);
        for (int row = 0; row < rows.Count; row += 3)
            rows[row].Weight = 0;
        byte[] before = Train(rows);
        for (int row = 0; row < rows.Count; row += 3)
            rows[row].Positive = !rows[row].Positive;
        Assert.Equal(before, Train(rows));
        rows[1].Positive = !rows[1].Positive;
        Assert.NotEqual(before, Train(rows));
    }

    [Fact]
    public void Where_rows_contradict_each_other_their_weights_decide()
    {
        IEnumerable<Example> rows = Enumerable.Range(0, 40).Select(row =>
            new Example { Text = "maybe", Positive = row % 2 == 0, Weight = row % 2 == 0 ? 3 : 1 });
        IDataView data = _ml.Data.LoadFromEnumerable(rows);
        float weighted = Probability(nameof(Example.Weight)), plain = Probability(null);
        Assert.InRange(weighted, 0.7f, 0.8f);
        Assert.InRange(plain, 0.45f, 0.55f);

        float Probability(string? weight) => _ml.Tokens()
            .Append(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), exampleWeightColumnName: weight,
                options: Examples.Quick with { NumberOfEpochs = 40, BatchSize = 40 }))
            .Fit(data).Transform(data).GetColumn<float>("Probability").First();
    }

    private byte[] Train(List<Example> rows) => _ml.Tokens()
        .Append(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), exampleWeightColumnName: nameof(Example.Weight),
            options: Examples.Glance))
        .Fit(_ml.Data.LoadFromEnumerable(rows)).LastTransformer.Model.Network.Bytes();
}
