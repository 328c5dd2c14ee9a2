using Microsoft.ML.Data;

namespace SequenceModels.Fuzz;

internal sealed class FuzzRow
{
    [VectorType]
    public float[] Numbers { get; set; } = [];

    public string Text { get; set; } = "";

    public string[] Words { get; set; } = [];

    public string[] Tags { get; set; } = [];

    public string Class { get; set; } = "";

    public float Number { get; set; }

    public float Sold { get; set; }

    public bool Label { get; set; }
}

internal sealed class FuzzForecast
{
    public float[] Forecast { get; set; } = [];
}
