// Loads the model in args[0] in a process that has touched none of our types, scores the texts in args[1..], and prints the
// bits of each score; of a language model what it finds of the texts, and what it writes behind the first; of arguments
// MODEL --forecast NUMBER... the forecasts behind the numbers; or, of arguments MODEL --rows FILE COLUMN, transforms the rows of
// a binary file and prints a column of texts. The package is referenced, as in a user's app; nothing registers it.
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(args[0], out _);
if (args is [_, "--rows", var file, var column])
{
    foreach (ReadOnlyMemory<char>[] values in model.Transform(
        mlContext.Data.LoadFromBinary(file)).GetColumn<ReadOnlyMemory<char>[]>(column))
        Console.WriteLine(string.Join('|', values));
    return;
}
if (args is [_, "--forecast", .. var numbers])
{
    IDataView steps =
        mlContext.Data.LoadFromEnumerable(
            numbers.Select(value => new Step { Value = float.Parse(value, CultureInfo.InvariantCulture) }));
    foreach (float[] forecast in model.Transform(steps).GetColumn<float[]>("Forecast"))
        Console.WriteLine(string.Join(' ', forecast.Select(BitConverter.SingleToInt32Bits)));
    return;
}
IDataView texts = mlContext.Data.LoadFromEnumerable(args[1..].Select(text => new Example { Text = text }));
IDataView scored = model.Transform(texts);
bool isLanguageModel = scored.Schema.GetColumnOrNull("LogProbabilities") is not null;
foreach (float[] scores in scored.GetColumn<float[]>(isLanguageModel ? "LogProbabilities" : "Score"))
    Console.WriteLine(string.Join(' ', scores.Select(BitConverter.SingleToInt32Bits)));
if (isLanguageModel)
    Writing.Write(mlContext, model, args[1]);

/// <summary>Apart, so that our types are not touched where they are not needed.</summary>
internal static class Writing
{
    public static void Write(MLContext mlContext, ITransformer model, string prompt)
    {
        var options = new GenerationOptions { Seed = 7, Temperature = 2.5f, MaximumLength = 60 };
        Console.WriteLine(mlContext.Sequences().LanguageModeling.CreateGenerator(model).GenerateText(prompt, options));
    }
}

internal sealed class Step
{
    public float Value { get; set; }
}

internal sealed class Example
{
    public string Text { get; set; } = "";

    public string Topic { get; set; } = "";
}
