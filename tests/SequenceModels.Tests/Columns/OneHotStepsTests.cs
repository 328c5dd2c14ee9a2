using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using Xunit;

namespace SequenceModels.Tests.Columns;

/// <summary>What ML.NET's own parts leave on a column, and what it is taken for.</summary>
public class OneHotStepsTests
{
    private static readonly MLContext Ml = new(1);

    public static TheoryData<string, string, bool> Parts => new()
    {
        { "OneHotEncoding Indicator", "Fixed", true },
        { "OneHotEncoding Indicator", "Words", true },
        { "OneHotEncoding Binary", "Fixed", false },
        { "OneHotEncoding Binary", "Words", false },
        { "OneHotEncoding Bag", "Words", false },
        { "OneHotEncoding Indicator", "Single", false }, // [V], plain numbers
        { "OneHotHashEncoding", "Fixed", true },
        { "OneHotHashEncoding", "Words", true },
        { "MapKeyToVector", "Fixed", true },
        { "MapKeyToVector", "Words", true },
        { "MapKeyToBinaryVector", "Words", false },
        { "NormalizeMinMax", "Frames", false },
        { "NormalizeMeanVariance", "Frames", false },
        { "NormalizeBinning", "Frames", false },
        { "NormalizeRobustScaling", "Frames", false },
        { "NormalizeLpNorm", "Frames", false },
        { "CopyColumns", "Frames", false },
        { "OneHotEncoding, then NormalizeMeanVariance", "Fixed", false },
    };

    [Theory]
    [MemberData(nameof(Parts))]
    public void The_schema_tells_one_hot_steps_from_frames(string part, string column, bool oneHot)
    {
        IDataView rows = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(Row.Of));
        ITransformer model = Part(part, column).Fit(rows);
        using var file = new MemoryStream();
        Ml.Model.Save(model, rows.Schema, file);
        IDataView data = model.Transform(rows);
        IDataView[] views = [data, Ml.Model.Load(file, out _).Transform(rows), Ml.Data.Cache(data), Ml.Data.ShuffleRows(data)];
        foreach (IDataView view in views)
            Assert.Equal(oneHot, OneHotSteps.Are(view.Schema["Out"]));
    }

    [Theory]
    [InlineData("Fixed")]
    [InlineData("Words")]
    public void A_binary_file_keeps_what_the_column_is(string column)
    {
        IDataView rows = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(Row.Of));
        string path = Path.Combine(Directory.CreateTempSubdirectory().FullName, "rows.idv");
        using (FileStream file = File.Create(path))
            Ml.Data.SaveAsBinary(Part("OneHotEncoding Indicator", column).Fit(rows).Transform(rows), file);
        Assert.True(OneHotSteps.Are(Ml.Data.LoadFromBinary(path).Schema["Out"]));
    }

    [Fact]
    public void Names_of_the_slots_are_those_of_the_keys()
    {
        IDataView rows = Ml.Data.LoadFromEnumerable(Enumerable.Range(0, 10).Select(Row.Of));
        IDataView data = Ml.Transforms.Conversion.MapValueToKey("Keys", "Fixed")
            .Append(Ml.Transforms.Conversion.MapKeyToVector("Out", "Keys"))
            .Append(Ml.Transforms.Categorical.OneHotSequenceEncoding("Ours", "Keys")).Fit(rows).Transform(rows);
        string[] names = TokenNames.Texts(data.Schema["Keys"]);
        Assert.Equal(["a", "b", "c"], names.Order());
        Assert.Equal(names, TokenNames.Texts(data.Schema["Out"]));
        Assert.Equal(names, TokenNames.Texts(data.Schema["Ours"]));
        IDataView scaled = Part("OneHotEncoding, then NormalizeMeanVariance", "Fixed").Fit(rows).Transform(rows);
        Assert.Empty(TokenNames.Texts(scaled.Schema["Out"]));
    }

    private static IEstimator<ITransformer> Part(string part, string column)
    {
        TransformsCatalog transforms = Ml.Transforms;
        IEstimator<ITransformer> keys = transforms.Conversion.MapValueToKey("Keys", column);
        return part switch
        {
            "OneHotEncoding Indicator" => transforms.Categorical.OneHotEncoding("Out", column),
            "OneHotEncoding Binary" => transforms.Categorical.OneHotEncoding("Out", column,
                Microsoft.ML.Transforms.OneHotEncodingEstimator.OutputKind.Binary),
            "OneHotEncoding Bag" => transforms.Categorical.OneHotEncoding("Out", column,
                Microsoft.ML.Transforms.OneHotEncodingEstimator.OutputKind.Bag),
            "OneHotHashEncoding" => transforms.Categorical.OneHotHashEncoding("Out", column, numberOfBits: 3),
            "MapKeyToVector" => keys.Append(transforms.Conversion.MapKeyToVector("Out", "Keys")),
            "MapKeyToBinaryVector" => keys.Append(transforms.Conversion.MapKeyToBinaryVector("Out", "Keys")),
            "NormalizeMinMax" => transforms.NormalizeMinMax("Out", column),
            "NormalizeMeanVariance" => transforms.NormalizeMeanVariance("Out", column),
            "NormalizeBinning" => transforms.NormalizeBinning("Out", column),
            "NormalizeRobustScaling" => transforms.NormalizeRobustScaling("Out", column),
            "NormalizeLpNorm" => transforms.NormalizeLpNorm("Out", column),
            "CopyColumns" => transforms.CopyColumns("Out", column),
            _ => transforms.Categorical.OneHotEncoding("Hot", column)
                .Append(transforms.NormalizeMeanVariance("Out", "Hot", fixZero: false)),
        };
    }

    private sealed class Row
    {
        public string Single { get; set; } = "";

        [VectorType(4)]
        public string[] Fixed { get; set; } = [];

        public string[] Words { get; set; } = [];

        [VectorType(3, 2)]
        public float[] Frames { get; set; } = [];

        public static Row Of(int i) => new()
        {
            Single = "abc"[i % 3].ToString(),
            Fixed = [.. Enumerable.Range(0, 4).Select(t => "abc"[(t + i) % 3].ToString())],
            Words = [.. Enumerable.Range(0, 1 + i % 3).Select(t => "abc"[(t + i) % 3].ToString())],
            Frames = [.. Enumerable.Range(0, 6).Select(t => (t + i) % 2 * 1f)],
        };
    }
}
