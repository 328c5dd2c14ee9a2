using Microsoft.ML.Data;

namespace SequenceModels.Cultures;

internal sealed class Row
{
    [VectorType]
    public float[] Features { get; set; } = [];

    public float Value { get; set; }

    public bool Flag { get; set; }

    public float Weight { get; set; } = 1;

    public float Sold { get; set; }

    public DateTime Day { get; set; }

    public string Text { get; set; } = "";

    public string[] Tags { get; set; } = [];
}

internal sealed class Outlook
{
    public float[] Forecast { get; set; } = [];
}
