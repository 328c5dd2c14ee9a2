using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Forecasting;
using SequenceModels.Tests.Trainers;
using SequenceModels.Tests.Transforms;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>A fitted pipeline in the hands of the rest of ML.NET.</summary>
public class ScoringTests
{
    private readonly MLContext _ml = new(1);
    private readonly IDataView _data;
    private readonly TransformerChain<SequencePredictionTransformer> _model;

    public ScoringTests()
    {
        _data = _ml.View(200);
        _model = _ml.BinaryPipeline(Examples.Glance).Fit(_data);
    }

    [Fact]
    public void The_last_transformer_is_typed_and_holds_the_model()
    {
        SequenceModelParameters model = _model.LastTransformer.Model;
        Assert.Equal(_model.Scores(_data)[0], Assert.Single(model.Network.Score(FirstTokens())));

        uint[] FirstTokens() => _model.Transform(_data).GetColumn<uint[]>("Features").First();
    }

    [Fact]
    public void A_prediction_engine_gives_what_a_transform_gives()
    {
        using var engine = _ml.Model.CreatePredictionEngine<Example, BinaryPrediction>(_model);
        Assert.Equal(_model.Scores(_data), Examples.Make(200).Select(row => engine.Predict(row).Score));
    }

    /// <summary>Of texts in words, characters and subwords, with capitals; and of frames.</summary>
    [Fact]
    public void A_call_of_an_engine_takes_no_memory()
    {
        SequenceTokenization[] tokenizations =
            [SequenceTokenization.Words(), SequenceTokenization.Characters(), SequenceTokenization.Subwords(300)];
        IEstimator<ITransformer>[] pipelines =
        [
            .. tokenizations.Select(each => _ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Example.Text), each)
                .Append(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: Examples.Glance))),
            _ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), nameof(Example.Text),
                options: new() { NumberOfEpochs = 1 }),
            _ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), nameof(Example.Readings), options: Examples.Glance),
        ];
        Example[] rows = [.. Examples.Make(50)];
        foreach (Example row in rows)
            row.Text = "The " + row.Text;
        foreach (IEstimator<ITransformer> pipeline in pipelines)
        {
            using var engine = _ml.Model.CreatePredictionEngine<Example, ScoreOnly>(pipeline.Fit(_data));
            var score = new ScoreOnly();
            // Methods that have just been compiled, without care, do take memory: until they are compiled again.
            Assert.True(SpinWait.SpinUntil(() => Allocated() < rows.Length, TimeSpan.FromMinutes(1)));

            long Allocated()
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                foreach (Example row in rows)
                    engine.Predict(row, ref score);
                return GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }
    }

    [Fact]
    public void Eight_engines_on_four_threads_share_one_loaded_model()
    {
        using var file = new MemoryStream();
        _ml.Model.Save(_model, _data.Schema, file);
        var ml = new MLContext();
        ITransformer shared = ml.Model.Load(file, out _);
        List<Example> rows = Examples.Make(40, seed: 5);
        float[] expected = _model.Scores(ml.Data.LoadFromEnumerable(rows));
        var scores = new ConcurrentDictionary<int, float[]>();

        Parallel.For(0, 8, new ParallelOptions { MaxDegreeOfParallelism = 4 }, number =>
        {
            using var engine = ml.Model.CreatePredictionEngine<Example, BinaryPrediction>(shared);
            scores[number] = [.. rows.Select(row => engine.Predict(row).Score)];
        });

        Assert.Equal(8, scores.Count);
        Assert.All(scores.Values, each => Assert.Equal(expected, each));
        Assert.Equal(expected, shared.Scores(ml.Data.LoadFromEnumerable(rows))); // the engines' Dispose left it whole
    }

    [Fact]
    public void Parallel_cursors_give_the_scores_of_one()
    {
        IDataView scored = _model.Transform(_ml.Data.Cache(_data));
        var expected = scored.GetColumn<float>("RowNumber").Zip(_model.Scores(_data)).ToDictionary();
        DataViewSchema.Column row = scored.Schema["RowNumber"], score = scored.Schema["Score"];
        var found = new ConcurrentDictionary<float, float>();

        DataViewRowCursor[] cursors = scored.GetRowCursorSet([row, score], 4);
        Assert.Equal(4, cursors.Length);
        Parallel.ForEach(cursors, cursor =>
        {
            using (cursor)
            {
                ValueGetter<float> getRow = cursor.GetGetter<float>(row), getScore = cursor.GetGetter<float>(score);
                float number = 0, value = 0;
                while (cursor.MoveNext())
                {
                    getRow(ref number);
                    getScore(ref value);
                    found[number] = value;
                }
            }
        });

        Assert.Equal(expected.OrderBy(pair => pair.Key), found.OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Columns_may_be_read_in_any_order_and_more_than_once()
    {
        IDataView scored = _model.Transform(_data);
        using DataViewRowCursor cursor = scored.GetRowCursor(scored.Schema);
        var getLabel = cursor.GetGetter<bool>(scored.Schema["PredictedLabel"]);
        var getProbability = cursor.GetGetter<float>(scored.Schema["Probability"]);
        var getScore = cursor.GetGetter<float>(scored.Schema["Score"]);
        bool label = false;
        float probability = 0, score = 0, again = 0;
        foreach (float expected in _model.Scores(_data))
        {
            Assert.True(cursor.MoveNext());
            getProbability(ref probability);
            getScore(ref score);
            getLabel(ref label);
            getScore(ref again);
            Assert.Equal((expected, expected, expected > 0, probability > 0.5f), (score, again, label, label));
        }
    }

    [Fact]
    public void Nothing_is_computed_for_columns_that_nobody_reads()
    {
        List<Example> rows = Examples.Make(3);
        rows[1].Readings = [float.NaN];
        SequencePredictionTransformer model = _ml.SumTrainer(Examples.Glance).Fit(_data);
        IDataView scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        Assert.Equal([0, 1, 2], scored.GetColumn<float>("RowNumber"));
        Assert.Throws<InvalidOperationException>(() => scored.GetColumn<float>("Score").ToArray());
    }

    [Fact]
    public void Preview_shows_the_scores()
    {
        var row = _model.Transform(_data).Preview(5).RowView[3].Values;
        Assert.Equal(_model.Scores(_data)[3], row.Single(pair => pair.Key == "Score").Value);
    }

    [Fact]
    public void Scored_rows_are_saved_as_binary_and_as_text()
    {
        string file = Path.GetTempFileName();
        try
        {
            using (FileStream stream = File.Create(file))
                _ml.Data.SaveAsBinary(_model.Transform(_data), stream);
            IDataView back = _ml.Data.LoadFromBinary(file);
            Assert.Equal(_model.Scores(_data), back.GetColumn<float>("Score"));
            Assert.True(_ml.BinaryClassification.Evaluate(back, nameof(Example.Positive)).Accuracy > 0);

            using var text = new MemoryStream();
            _ml.Data.SaveAsText(_ml.Transforms.SelectColumns("Score").Fit(_model.Transform(_data))
                .Transform(_model.Transform(_data)), text);
            Assert.NotEqual(0, text.Length);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_cache_checkpoint_changes_nothing()
    {
        var cached = _ml.Tokens().AppendCacheCheckpoint(_ml)
            .Append(_ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), options: Examples.Glance)).Fit(_data);
        Assert.Equal(_model.LastTransformer.Model.Network.Bytes(), cached.LastTransformer.Model.Network.Bytes());
    }

    [Fact]
    public void Scored_rows_can_be_shuffled_filtered_and_split()
    {
        IDataView scored = _model.Transform(_data);
        Assert.Equal(_model.Scores(_data).Order(), _ml.Data.ShuffleRows(scored, seed: 2).GetColumn<float>("Score").Order());
        Assert.Equal(_model.Scores(_data).Count(score => score > 0),
            _ml.Data.FilterRowsByColumn(scored, "Score", float.Epsilon).GetColumn<float>("Score").Count());
        Assert.NotEmpty(_ml.Data.TrainTestSplit(scored, 0.25).TestSet.GetColumn<float>("Score"));
    }

    [Fact]
    public void Permutation_importance_finds_the_number_that_decides()
    {
        IDataView data = _ml.Data.LoadFromEnumerable(Examples.Make(200), Examples.Framed);
        SequencePredictionTransformer model =
            _ml.Regression.Trainers.Gru(nameof(Example.LastOfFrames), nameof(Example.Frames), options: Examples.Quick).Fit(data);

        var importance = _ml.Regression.PermutationFeatureImportance<SequenceModelParameters>(
            model, data, nameof(Example.LastOfFrames), permutationCount: 2);

        Assert.Equal(6, importance.Length);
        Assert.Equal(5, importance.Select(slot => -slot.RSquared.Mean).ToList()
            .IndexOf(importance.Max(slot => -slot.RSquared.Mean)));
    }

    private sealed class ScoreOnly
    {
        public float Score { get; set; }
    }
}
