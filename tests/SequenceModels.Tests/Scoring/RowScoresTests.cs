using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Networks;
using SequenceModels.Prediction;
using SequenceModels.Scoring;
using Xunit;

namespace SequenceModels.Tests.Trainers;

public class RowScoresTests
{
    private readonly IDataView _data = new MLContext(1).View(3);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void All_columns_of_a_row_come_from_one_computation(int task)
    {
        using DataViewRowCursor cursor = _data.GetRowCursor([]);
        var scores = new CountedScores(cursor);
        Delegate[] getters = SequenceTask.All[task].MakeGetters(scores, threshold: 0);
        for (int row = 1; cursor.MoveNext(); row++)
        {
            foreach (Delegate getter in getters)
            {
                Read(getter);
                Read(getter);
            }
            Assert.Equal(row, scores.Computed);
        }
    }

    [Fact]
    public void After_an_error_no_column_gets_the_row_before()
    {
        using DataViewRowCursor cursor = _data.GetRowCursor([]);
        int done = 0;
        var work = new OncePerRow(cursor, () => done += cursor.Position == 1 ? throw new InvalidOperationException() : 1);
        Assert.True(cursor.MoveNext());
        work.Do();
        work.Do();
        Assert.Equal(1, done);
        Assert.True(cursor.MoveNext());
        Assert.Throws<InvalidOperationException>(work.Do);
        Assert.Throws<InvalidOperationException>(work.Do);
        Assert.True(cursor.MoveNext());
        work.Do();
        Assert.Equal(2, done);
    }

    /// <summary>Two scores, which say how many rows were scored.</summary>
    private sealed class CountedScores : IRowScores
    {
        private readonly OncePerRow _scored;

        public CountedScores(DataViewRow row) => _scored = new OncePerRow(row, () => Computed++);

        public int Computed { get; private set; }

        public ReadOnlySpan<float> Scores
        {
            get
            {
                _scored.Do();
                return new float[] { Computed, Computed };
            }
        }

        public ReadOnlySpan<int> Tags => [];

        public FoundSequence Sequence => throw new NotSupportedException();
    }

    private static void Read(Delegate getter)
    {
        switch (getter)
        {
            case ValueGetter<bool> get:
                bool flag = false;
                get(ref flag);
                break;
            case ValueGetter<uint> get:
                uint key = 0;
                get(ref key);
                break;
            case ValueGetter<float> get:
                float number = 0;
                get(ref number);
                break;
            case ValueGetter<VBuffer<float>> get:
                VBuffer<float> vector = default;
                get(ref vector);
                break;
            default:
                throw new NotSupportedException($"{getter.GetType()}");
        }
    }
}
