using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Conformance;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>Rows that are scored in blocks, against the same rows scored one by one.</summary>
public class BlockTests
{
    public static TheoryData<string> Kinds => [.. RaggedRows.Kinds];

    [Theory, MemberData(nameof(Kinds))]
    public void Scores_are_those_of_each_row_alone_and_other_columns_are_as_they_were(string kind)
    {
        (SequencePredictionTransformer model, TestView view) = RaggedRows.Make(kind);
        string[] outputs = model.Outputs(view);
        IDataView scored = model.Transform(view);
        string[] expected = Rows.OfMapped(view, model.GetRowToRowMapper(view.Schema), outputs);
        Assert.Equal(expected, Rows.Of(scored, outputs));
        Assert.True(expected.Distinct().Count() > RaggedRows.Count / 2, "the scores are alike: nothing is tested");
        Assert.Equal(Rows.Of(view, [.. RaggedRows.Others, "Features"]).Zip(expected, (others, scores) => $"{others} | {scores}"),
            Rows.Of(scored, [.. RaggedRows.Others, "Features", .. outputs]));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Every_cursor_of_a_set_gives_the_scores_of_its_rows(string kind)
    {
        (SequencePredictionTransformer model, TestView view) = RaggedRows.Make(kind);
        string[] outputs = [.. model.Outputs(view), "Number"];
        Assert.Equal(Rows.OfMapped(view, model.GetRowToRowMapper(view.Schema), outputs), Rows.OfParallel(model.Transform(view), 3,
            outputs));
    }

    [Fact]
    public void Many_threads_read_one_view_at_once()
    {
        (SequencePredictionTransformer model, TestView view) = RaggedRows.Make(RaggedRows.Kinds[0]);
        IDataView scored = model.Transform(view);
        string[] expected = Rows.Of(scored, "Score", "Number");
        string[][] found = new string[16][];
        Parallel.For(0, found.Length, new ParallelOptions { MaxDegreeOfParallelism = 16 },
            i => found[i] = Rows.Of(scored, "Score", "Number"));
        Assert.All(found, rows => Assert.Equal(expected, rows));
    }

    [Fact]
    public void A_shuffled_cursor_gives_each_row_its_own_score_and_keeps_the_order_of_the_input()
    {
        (SequencePredictionTransformer model, TestView view) = RaggedRows.Make(RaggedRows.Kinds[0]);
        IDataView cached = new MLContext(1).Data.Cache(view);
        Dictionary<float, float> expected = ByNumber(model.Transform(view), null);
        Dictionary<float, float> shuffled = ByNumber(model.Transform(cached), new Random(3));
        Assert.Equal(expected.OrderBy(row => row.Key), shuffled.OrderBy(row => row.Key));
        Assert.NotEqual(expected.Keys, shuffled.Keys);
        var input = new List<float>();
        using DataViewRowCursor cursor = cached.GetRowCursor([view.Schema["Number"], view.Schema["Features"]], new Random(3));
        ValueGetter<float> get = cursor.GetGetter<float>(view.Schema["Number"]);
        for (float number = 0; cursor.MoveNext(); input.Add(number))
            get(ref number);
        Assert.Equal(input, shuffled.Keys);
    }

    [Fact]
    public void Position_batch_and_id_are_those_of_the_input()
    {
        (SequencePredictionTransformer model, TestView view) = RaggedRows.Make(RaggedRows.Kinds[0]);
        IDataView scored = model.Transform(view);
        // Of a set, so that position, batch and id differ.
        DataViewRowCursor[] expected = view.GetRowCursorSet([], 2), found = scored.GetRowCursorSet([scored.Schema["Score"]], 2);
        for (int i = 0; i < 2; i++)
        {
            using DataViewRowCursor input = expected[i], cursor = found[i];
            ValueGetter<DataViewRowId> getExpected = input.GetIdGetter(), getId = cursor.GetIdGetter();
            ValueGetter<float> getScore = cursor.GetGetter<float>(scored.Schema["Score"]);
            DataViewRowId expectedId = default, id = default;
            float score = 0;
            Assert.Equal(-1, cursor.Position);
            while (input.MoveNext())
            {
                Assert.True(cursor.MoveNext());
                getScore(ref score);
                getExpected(ref expectedId);
                getId(ref id);
                Assert.Equal((input.Position, input.Batch, expectedId.Low), (cursor.Position, cursor.Batch, id.Low));
            }
            Assert.False(cursor.MoveNext());
            Assert.False(cursor.MoveNext());
            Assert.Equal(-1, cursor.Position);
        }
    }

    [Fact]
    public void Rows_without_ids_are_scored_too()
    {
        (SequencePredictionTransformer model, TestView view) = RaggedRows.Make(RaggedRows.Kinds[0], count: 30);
        IDataView scored = model.Transform(new WatchedView(view) { HasIds = false });
        Assert.Equal(model.Transform(view).GetColumn<float>("Score"), scored.GetColumn<float>("Score"));
        using DataViewRowCursor cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        ValueGetter<DataViewRowId> getId = cursor.GetIdGetter();
        DataViewRowId id = default;
        Assert.True(cursor.MoveNext());
        Assert.Equal("no ids", Assert.Throws<NotSupportedException>(() => getId(ref id)).Message);
    }

    [Fact]
    public void A_cursor_that_stands_on_no_row_has_no_values()
    {
        (SequencePredictionTransformer model, TestView view) = RaggedRows.Make(RaggedRows.Kinds[0], count: 3);
        IDataView scored = model.Transform(view);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        ValueGetter<float> getScore = cursor.GetGetter<float>(scored.Schema["Score"]),
            getNumber = cursor.GetGetter<float>(scored.Schema["Number"]);
        float value = 0;
        NoValues();
        for (int row = 0; cursor.MoveNext(); row++)
        {
            getNumber(ref value);
            Assert.Equal(row, value);
        }
        NoValues();
        string wrong = Assert.Throws<InvalidOperationException>(() => cursor.GetGetter<int>(scored.Schema["Number"])).Message;
        Assert.Equal("Column 'Number' holds System.Single, not System.Int32.", wrong);

        void NoValues()
        {
            Assert.Contains("stands on no row", Assert.Throws<InvalidOperationException>(() => getScore(ref value)).Message);
            Assert.Contains("stands on no row", Assert.Throws<InvalidOperationException>(() => getNumber(ref value)).Message);
        }
    }

    private static Dictionary<float, float> ByNumber(IDataView scored, Random? order)
    {
        var rows = new Dictionary<float, float>();
        DataViewSchema.Column number = scored.Schema["Number"], score = scored.Schema["Score"];
        using DataViewRowCursor cursor = scored.GetRowCursor([number, score], order);
        ValueGetter<float> getNumber = cursor.GetGetter<float>(number), getScore = cursor.GetGetter<float>(score);
        float row = 0, value = 0;
        while (cursor.MoveNext())
        {
            getNumber(ref row);
            getScore(ref value);
            rows.Add(row, value);
        }
        return rows;
    }
}
