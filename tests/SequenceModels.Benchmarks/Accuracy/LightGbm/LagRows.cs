using Microsoft.ML;
using Microsoft.ML.Data;

namespace SequenceModels.Benchmarks.Accuracy;

/// <summary>Rows of a regression that predicts one target a number of steps ahead.</summary>
internal sealed class LagRows
{
    private readonly LagSet _set;
    private readonly int _target, _ahead;
    private readonly LagFeatures _features;
    /// <summary>[F][T] the last known value at each step; NaN before the first.</summary>
    private readonly float[][] _known;

    public LagRows(LagSet set, int target, int ahead, LagFeatures features)
    {
        (_set, _target, _ahead, _features) = (set, target, ahead, features);
        _known = [.. set.Columns.Select(Known)];
    }

    private int Width => _set.Columns.Length * _set.WindowSize + (_features == LagFeatures.DifferencesAndSeason ? 1 : 0);

    /// <summary>The target's value at the step ahead of an origin.</summary>
    public float Actual(int origin) => _set.Columns[_target][origin + _ahead];

    /// <summary>Turns what was predicted for an origin into a value of the target.</summary>
    public float Forecast(int origin, float predicted) => predicted + Base(origin);

    /// <summary>The origins of a stretch whose window and step ahead lie in the data, and where something is known.</summary>
    public IEnumerable<int> Origins(int first, int end) => Enumerable.Range(first, Math.Max(0, end - first))
        .Where(origin => origin >= _set.WindowSize - 1 && origin + _ahead < _set.Columns[0].Length &&
            !float.IsNaN(Actual(origin)) && !float.IsNaN(_known[_target][origin]));

    public IDataView View(MLContext ml, IReadOnlyList<int> origins)
    {
        SchemaDefinition schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Width);
        return ml.Data.LoadFromEnumerable(origins.Select(origin =>
            new Row { Features = FeaturesOf(origin), Label = Actual(origin) - Base(origin) }).ToArray(), schema);
    }

    private float Base(int origin) => _features == LagFeatures.Levels ? 0 : _known[_target][origin];

    private float[] FeaturesOf(int origin)
    {
        float[] features = new float[Width];
        int at = 0;
        for (int column = 0; column < _set.Columns.Length; column++)
            for (int back = 0; back < _set.WindowSize; back++)
            {
                float value = _set.Columns[column][origin - back];
                features[at++] = _features == LagFeatures.Levels ? value
                    : back == 0 ? _known[column][origin] : value - _known[column][origin];
            }
        if (_features == LagFeatures.DifferencesAndSeason)
        {
            int season = origin + _ahead - _set.SeasonLength * ((_ahead + _set.SeasonLength - 1) / _set.SeasonLength);
            features[at] = season < 0 ? float.NaN : _known[_target][season] - _known[_target][origin];
        }
        return features;
    }

    private static float[] Known(float[] values)
    {
        float[] known = [.. values];
        for (int t = 1; t < known.Length; t++)
            known[t] = float.IsNaN(known[t]) ? known[t - 1] : known[t];
        return known;
    }

    internal sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
