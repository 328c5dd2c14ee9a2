using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Forecasting;
using Xunit;

namespace SequenceModels.Tests.Forecasting;

/// <summary>Numbers that are finite, but too large for a network to work with.</summary>
public class ForecastErrorTests
{
    private const int Bad = 150;

    private readonly MLContext _ml = new(1);

    [Fact]
    public void A_row_whose_window_is_too_large_throws_with_its_number_and_all_others_have_their_forecasts()
    {
        ForecastTransformer model = Fit();
        TimeStep[] steps = Steps.Wave(300), spoiled = Steps.Wave(300);
        spoiled[Bad].Other = 3.4e38f;
        float[][] expected = model.Forecasts(_ml.View(steps))[0];
        IDataView forecasts = model.Transform(_ml.View(spoiled));
        DataViewSchema.Column column = forecasts.Schema["Forecast"];
        using DataViewRowCursor cursor = forecasts.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> get = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> value = default;
        for (int row = 0; cursor.MoveNext(); row++)
            if (row is >= Bad and < Bad + 8)
                for (int again = 0; again < 2; again++)
                    Assert.StartsWith(
                        $"Column 'Value', 'Other', row {row} (counted from 0), in the window of 8 steps that ends there: ",
                        Assert.Throws<InvalidOperationException>(() => get(ref value)).Message, StringComparison.Ordinal);
            else
            {
                get(ref value);
                Assert.Equal(expected[row], value.DenseValues());
            }
    }

    /// <summary>
    /// An error that is of no row, as of memory that cannot be had, must not leave rows that look as if they had no window.
    /// </summary>
    [Fact]
    public void A_block_that_failed_is_made_anew()
    {
        ForecastTransformer model = Fit();
        var table = SeriesTable.Read(_ml.View(Steps.Wave(40)), model.Columns, needPositive: false);
        var block = new ForecastBlock(model.ForecastModel, table, model.Columns);
        float expected = block.Get(0, 20)[0];
        (int, int) place = table.Places[21];
        table.Places[21] = (99, 0); // there is no such series
        for (int again = 0; again < 2; again++)
            Assert.Throws<IndexOutOfRangeException>(() => block.Get(0, 21).Length);
        table.Places[21] = place;
        Assert.True(float.IsFinite(block.Get(0, 21)[0]));
        Assert.Equal(expected, block.Get(0, 20)[0]);
    }

    [Fact]
    public void An_engine_names_the_series()
    {
        var engine = Fit(Steps.Glance with { PastColumnNames = ["Other"], SeriesColumnName = "Series" })
            .CreateForecastEngine<TimeStep, Outlook>(_ml);
        ForecastEngineState state = engine.CreateState();
        float[] expected = engine.Predict(state, "a").Forecast;
        TimeStep step = Steps.Wave(1)[0];
        step.Other = 3.4e38f;
        engine.Observe(state, step);
        Assert.StartsWith("Series 'a': no forecast can be made from the last 8 steps. ",
            Assert.Throws<InvalidOperationException>(() => engine.Predict(state, "a")).Message, StringComparison.Ordinal);
        for (int t = 0; t < 8; t++)
            engine.Observe(state, Steps.Wave(60)[52 + t]);
        Assert.Equal(expected, engine.Predict(state, "a").Forecast);
    }

    private ForecastTransformer Fit(ForecastOptions? options = null) =>
        _ml.Forecasting.ForecastByGru("Forecast", ["Value"], 8, 2, options ?? Steps.Glance with { PastColumnNames = ["Other"] })
        .Fit(_ml.View(Steps.Wave(60)));
}
