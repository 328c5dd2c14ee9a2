using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Xunit;

namespace SequenceModels.Tests.Transforms;

public class OneHotSequenceEncodingTests
{
    private readonly MLContext _ml = new(1);

    [Fact]
    public void Each_step_has_a_single_1_and_an_unknown_one_none()
    {
        IDataView encoded = Encode(new TestView(TestColumn.Keys("Keys", 3, [2, 0, 3], [])));
        Assert.Equal([[0, 1, 0, 0, 0, 0, 0, 0, 1], []], encoded.Vectors<float>("OneHot"));
        Assert.Equal([0, 3], encoded.Dimensions("OneHot"));
        Assert.Equal("OneHot", encoded.Schema["OneHot"].Text("SequenceKind"));
        Assert.False(encoded.GetColumn<VBuffer<float>>("OneHot").First().IsDense);
    }

    [Fact]
    public void A_vocabulary_of_one_is_encoded_too() =>
        Assert.Equal([[1, 0]], Encode(new TestView(TestColumn.Keys("Keys", 1, [1, 0]))).Vectors<float>("OneHot"));

    [Fact]
    public void Keys_of_a_byte_and_of_fixed_length_are_taken()
    {
        var type = new VectorDataViewType(new KeyDataViewType(typeof(byte), 2), 2);
        IDataView encoded = Encode(new TestView(TestColumn.Of("Keys", type, new VBuffer<byte>(2, [2, 1]))));
        Assert.Equal([2, 2], encoded.Dimensions("OneHot"));
        Assert.Equal([[0, 1, 1, 0]], encoded.Vectors<float>("OneHot"));
    }

    [Fact]
    public void It_equals_what_ML_NET_makes_of_the_same_keys()
    {
        var data = new TestView(TestColumn.Keys("Keys", 4, [4, 1, 1], [2], []));
        IDataView indicators = _ml.Transforms.Conversion.MapKeyToVector("OneHot", "Keys", outputCountVector: false).Fit(data)
            .Transform(data);
        Assert.Equal(indicators.Dimensions("OneHot"), Encode(data).Dimensions("OneHot"));
        Assert.Equal(indicators.Vectors<float>("OneHot"), Encode(data).Vectors<float>("OneHot"));
    }

    [Fact]
    public void Dimensions_survive_a_binary_file()
    {
        using var file = new MemoryStream();
        _ml.Data.SaveAsBinary(Encode(new TestView(TestColumn.Keys("Keys", 3, [2, 3]))), file);
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, file.ToArray());
        IDataView loaded = _ml.Data.LoadFromBinary(path);
        Assert.Equal([0, 3], loaded.Dimensions("OneHot"));
        Assert.Equal([[0, 1, 0, 0, 0, 1]], loaded.Vectors<float>("OneHot"));
        Assert.Equal(["k1", "k2", "k3"], loaded.KeyValues("Keys"));
        File.Delete(path);
    }

    private IDataView Encode(IDataView data) =>
        _ml.Transforms.Categorical.OneHotSequenceEncoding("OneHot", "Keys").Fit(data).Transform(data);
}
