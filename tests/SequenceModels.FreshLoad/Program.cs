// Loads the model in args[0] in a process that has touched none of our types, scores the texts in args[1..], and prints the
// bits of each score; or behind --forecast forecasts the numbers that follow. The package is referenced, as in a user's app; nothing registers it.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(args[0], out _);
if (args[1] == "--forecast")
{
    IDataView steps = mlContext.Data.LoadFromEnumerable(args[2..].Select(value => new Step { Value = float.Parse(value, CultureInfo.InvariantCulture) }));
    foreach (float[] forecast in model.Transform(steps).GetColumn<float[]>("Forecast"))
        Console.WriteLine(string.Join(' ', forecast.Select(BitConverter.SingleToInt32Bits)));
    return;
}
IDataView texts = mlContext.Data.LoadFromEnumerable(args[1..].Select(text => new Example { Text = text }));
foreach (float[] scores in model.Transform(texts).GetColumn<float[]>("Score"))
    Console.WriteLine(string.Join(' ', scores.Select(BitConverter.SingleToInt32Bits)));

internal sealed class Step
{
    public float Value { get; set; }
}

internal sealed class Example
{
    public string Text { get; set; } = "";

    public string Topic { get; set; } = "";
}
