using Microsoft.ML;
using SequenceModels.Columns;
using Xunit;

namespace SequenceModels.Tests.Conformance;

public partial class ConformanceTests
{
    [Theory, MemberData(nameof(Names))]
    public void A_model_with_8_bit_weights_gives_its_columns_row_by_row_in_blocks_and_loaded(string name)
    {
        (Subject subject, TestView view, ITransformer transformer) = Fitted(name);
        var ml = new MLContext(1);
        if (transformer is not INetworkTransformer)
        {
            Assert.Contains(transformer.GetType().Name,
                Assert.Throws<ArgumentException>(() => ml.Sequences().WithEightBitWeights(transformer)).Message);
            return;
        }
        string[] before = Rows.Of(transformer.Transform(view), subject.Outputs);
        ITransformer rounded = ml.Sequences().WithEightBitWeights(transformer);
        Assert.Equal(transformer.GetType(), rounded.GetType());
        Assert.Equal(before, Rows.Of(transformer.Transform(view), subject.Outputs));
        string[] rows = Rows.Of(rounded.Transform(view), subject.Outputs);
        if (subject.IsRowToRow)
            Assert.Equal(rows, Rows.OfMapped(view, rounded.GetRowToRowMapper(view.Schema), subject.Outputs));
        using var file = new MemoryStream();
        ml.Model.Save(rounded, view.Schema, file);
        ITransformer loaded = new MLContext().Model.Load(file, out _);
        Assert.Equal(rows, Rows.Of(loaded.Transform(view), subject.Outputs));
        Assert.Equal(rows, Rows.Of(ml.Sequences().WithEightBitWeights(loaded).Transform(view), subject.Outputs));
    }
}
