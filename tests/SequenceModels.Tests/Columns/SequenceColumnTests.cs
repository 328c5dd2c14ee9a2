using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Columns;
using SequenceModels.Sequences;
using Xunit;

namespace SequenceModels.Tests.Columns;

public class SequenceColumnTests
{
    private static readonly MLContext Ml = new(1);

    [Fact]
    public void Keys_of_every_width_are_tokens()
    {
        foreach (TestColumn column in new[]
        {
            TestColumn.Of("x", KeyVector(typeof(byte)), TestColumn.Dense<byte>([[3, 0, 1], []])),
            TestColumn.Of("x", KeyVector(typeof(ushort)), TestColumn.Dense<ushort>([[3, 0, 1], []])),
            TestColumn.Of("x", KeyVector(typeof(uint)), TestColumn.Dense<uint>([[3, 0, 1], []])),
        })
        {
            var view = new TestView(column);
            SequenceColumn bound = SequenceColumn.Bind(view.Schema, "x");
            Assert.Equal((StepFeatureKind.Tokens, 7), (bound.Input, bound.InputSize));
            Assert.Equal<uint[]>([[3, 0, 1], []], Tokens(view, bound));
        }
    }

    [Fact]
    public void Sparse_keys_read_as_dense_ones()
    {
        TestColumn column = TestColumn.Keys("x", 9, [0, 0, 4], [1, 0, 0], [0, 0], [2, 3]);
        Assert.Equal<uint[]>([[0, 0, 4], [1, 0, 0], [0, 0], [2, 3]], Tokens(new(column), "x"));
        Assert.Equal<uint[]>([[0, 0, 4], [1, 0, 0], [0, 0], [2, 3]], Tokens(new(column.AsSparse()), "x"));
    }

    [Fact]
    public void Plain_numbers_are_frames_of_one_feature()
    {
        foreach (int[] dimensions in new int[][] { [], [3] })
        {
            var view = new TestView(TestColumn.Numbers("x", dimensions, [1, 0, 1]));
            SequenceColumn bound = SequenceColumn.Bind(view.Schema, "x");
            Assert.Equal((StepFeatureKind.Frames, 1), (bound.Input, bound.InputSize));
            Assert.Equal<float[]>([[1, 0, 1]], Frames(view, bound));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Two_dimensions_are_frames(int steps)
    {
        var view = new TestView(TestColumn.Numbers("x", [steps, 3], [1, 2, 3, 0, 0, 6]));
        foreach (TestView form in new[] { view, new TestView(view.Columns[0].AsSparse()) })
        {
            SequenceColumn bound = SequenceColumn.Bind(form.Schema, "x");
            Assert.Equal((StepFeatureKind.Frames, 3), (bound.Input, bound.InputSize));
            Assert.Equal<float[]>([[1, 2, 3, 0, 0, 6]], Frames(form, bound));
        }
    }

    [Fact]
    public void Steps_that_the_schema_calls_one_hot_are_tokens()
    {
        var dense = new TestView(TestColumn.Numbers("x", [0, 3], [0, 1, 0, 0, 0, 0], [], [0, 0, 1]).AsOneHot());
        foreach (TestView view in new[] { dense, new TestView(dense.Columns[0].AsSparse()) })
        {
            SequenceColumn bound = SequenceColumn.Bind(view.Schema, "x");
            Assert.Equal((StepFeatureKind.Tokens, 3), (bound.Input, bound.InputSize));
            Assert.Equal<uint[]>([[2, 0], [], [3]], Tokens(view, bound));
        }
    }

    [Fact]
    public void The_same_values_without_that_are_frames()
    {
        var view = new TestView(TestColumn.Numbers("x", [0, 3], [0, 1, 0, 0, 0, 0], [], [0, 0, 1]));
        SequenceColumn bound = SequenceColumn.Bind(view.Schema, "x");
        Assert.Equal((StepFeatureKind.Frames, 3), (bound.Input, bound.InputSize));
        Assert.Equal<float[]>([[0, 1, 0, 0, 0, 0], [], [0, 0, 1]], Frames(view, bound));
    }

    [Fact]
    public void The_encoding_of_ML_NET_itself_is_one_hot()
    {
        IDataView data = new TestView(TestColumn.Keys("Keys", 4, [4, 0, 2], [1]));
        data = Ml.Transforms.Conversion.MapKeyToVector("x", "Keys").Fit(data).Transform(data);
        SequenceColumn bound = SequenceColumn.Bind(data.Schema, "x");
        Assert.Equal((StepFeatureKind.Tokens, 4), (bound.Input, bound.InputSize));
        Assert.Equal<uint[]>([[4, 0, 2], [1]], Tokens(data, bound));
    }

    [Theory]
    [InlineData(0, 2, 0, 1)]
    [InlineData(1, 1, 0, 1)]
    [InlineData(0.5f, 0, 0, 0)]
    [InlineData(0, 0, -1, 2)]
    [InlineData(float.NaN, 0, 0, 0)]
    public void A_one_hot_column_whose_steps_are_not_is_refused_with_row_and_step(float a, float b, float c, int slot)
    {
        TestColumn column = TestColumn.Numbers("x", [0, 3], [0, 1, 0], [0, 0, 1, a, b, c]).AsOneHot();
        foreach (TestView view in new[] { new TestView(column), new TestView(column.AsSparse()) })
        {
            var error = Assert.Throws<InvalidOperationException>(() => Tokens(view, "x"));
            Assert.StartsWith($"Column 'x', row 1 (counted from 0): step 1 has more than one active value, or one that is not 1 (slot {slot}).", error.Message);
        }
    }

    [Fact]
    public void A_model_of_tokens_refuses_frames_although_they_look_one_hot()
    {
        var view = new TestView(TestColumn.Numbers("x", [0, 3], [0, 1, 0]));
        Assert.Contains("Column 'x' holds frames of 3 numbers, but the model was trained on tokens of a vocabulary of 3",
            Assert.Throws<ArgumentOutOfRangeException>(() => SequenceColumn.Bind(view.Schema, "x", StepFeatureKind.Tokens, 3)).Message);
    }

    [Fact]
    public void A_model_of_tokens_reads_keys_and_one_hot_steps_alike()
    {
        var view = new TestView(TestColumn.Keys("keys", 3, [2, 0, 3]), TestColumn.Numbers("hot", [0, 3], [0, 1, 0, 0, 0, 0, 0, 0, 1]).AsOneHot());
        foreach (string name in new[] { "keys", "hot" })
            Assert.Equal<uint[]>([[2, 0, 3]], Tokens(view, SequenceColumn.Bind(view.Schema, name, StepFeatureKind.Tokens, 3)));
    }

    [Fact]
    public void Another_kind_or_size_than_trained_on_is_refused()
    {
        var view = new TestView(TestColumn.Keys("keys", 3, [2]), TestColumn.Numbers("frames", [0, 3], [0.5f, 1, 0]));
        Assert.Contains("Column 'keys' holds tokens of a vocabulary of 3, but the model was trained on tokens of a vocabulary of 4",
            Assert.Throws<ArgumentOutOfRangeException>(() => SequenceColumn.Bind(view.Schema, "keys", StepFeatureKind.Tokens, 4)).Message);
        Assert.Contains("but the model was trained on frames of 2 numbers",
            Assert.Throws<ArgumentOutOfRangeException>(() => SequenceColumn.Bind(view.Schema, "frames", StepFeatureKind.Frames, 2)).Message);
        Assert.Contains("but the model was trained on frames of 3 numbers",
            Assert.Throws<ArgumentOutOfRangeException>(() => SequenceColumn.Bind(view.Schema, "keys", StepFeatureKind.Frames, 3)).Message);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_frame_that_is_no_number_is_named(float value, string text)
    {
        var view = new TestView(TestColumn.Numbers("x", [0, 2], [1, 2], [1, 2, 3, value]));
        var error = Assert.Throws<InvalidOperationException>(() => Frames(view, SequenceColumn.Bind(view.Schema, "x")));
        Assert.StartsWith($"Column 'x', row 1 (counted from 0): step 1, feature 1 is {text}.", error.Message);
    }

    [Fact]
    public void A_row_that_ends_within_a_step_is_named()
    {
        var view = new TestView(TestColumn.Numbers("x", [0, 3], [1, 2, 3], [1, 2, 3, 4]));
        var error = Assert.Throws<InvalidOperationException>(() => Frames(view, SequenceColumn.Bind(view.Schema, "x")));
        Assert.StartsWith("Column 'x', row 1 (counted from 0): 4 values cannot be cut into steps of 3.", error.Message);
    }

    [Fact]
    public void Dimensions_that_say_nothing_of_a_step_are_refused()
    {
        foreach (int[] dimensions in new int[][] { [2, 0], [2, 2, 2] })
        {
            var view = new TestView(TestColumn.Numbers("x", dimensions, new float[8]));
            Assert.Contains("ReshapeSequence", Assert.Throws<ArgumentOutOfRangeException>(() => SequenceColumn.Bind(view.Schema, "x")).Message);
        }
    }

    [Fact]
    public void Errors_name_the_column_its_type_and_what_would_fit()
    {
        var view = new TestView(TestColumn.Texts("text", "a"), TestColumn.Numbers("a", [], [1]), TestColumn.Keys("b", 2, [1]));
        var missing = Assert.Throws<ArgumentOutOfRangeException>(() => SequenceColumn.Bind(view.Schema, "x"));
        Assert.StartsWith("There is no column 'x'. Columns that would fit: 'a', 'b'.", missing.Message);
        var wrong = Assert.Throws<ArgumentOutOfRangeException>(() => SequenceColumn.Bind(view.Schema, "text"));
        Assert.StartsWith("Column 'text' is String, but must be a vector of keys (byte, ushort or uint) or a vector of Single. " +
            "Columns that would fit: 'a', 'b'.", wrong.Message);
    }

    private static VectorDataViewType KeyVector(Type type) => new(new KeyDataViewType(type, 7));

    private static uint[][] Tokens(TestView view, string name) => Tokens(view, SequenceColumn.Bind(view.Schema, name));

    private static uint[][] Tokens(IDataView view, SequenceColumn column) => Read(view, column, reader => reader.Tokens.ToArray());

    private static float[][] Frames(IDataView view, SequenceColumn column) => Read(view, column, reader => reader.Frames.ToArray());

    private static T[] Read<T>(IDataView view, SequenceColumn column, Func<SequenceReader, T> take)
    {
        using DataViewRowCursor cursor = view.GetRowCursor([column.Column]);
        SequenceReader reader = column.CreateReader(cursor);
        var rows = new List<T>();
        while (cursor.MoveNext())
        {
            reader.Read();
            rows.Add(take(reader));
        }

        return [.. rows];
    }
}
