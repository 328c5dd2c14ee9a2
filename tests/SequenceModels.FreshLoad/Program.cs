// Loads the model in args[0] in a process that has touched none of our types, scores the texts in args[1..], and prints the
// bits of each score; or, of arguments MODEL --rows FILE COLUMN, transforms the rows of a binary file and prints a column of texts.
// The package is referenced, as in a user's app; nothing registers it.
using Microsoft.ML;
using Microsoft.ML.Data;

var mlContext = new MLContext();
ITransformer model = mlContext.Model.Load(args[0], out _);
if (args is [_, "--rows", var file, var column])
{
    foreach (ReadOnlyMemory<char>[] values in model.Transform(mlContext.Data.LoadFromBinary(file)).GetColumn<ReadOnlyMemory<char>[]>(column))
        Console.WriteLine(string.Join('|', values));
    return;
}
IDataView texts = mlContext.Data.LoadFromEnumerable(args[1..].Select(text => new Example { Text = text }));
foreach (float[] scores in model.Transform(texts).GetColumn<float[]>("Score"))
    Console.WriteLine(string.Join(' ', scores.Select(BitConverter.SingleToInt32Bits)));

internal sealed class Example
{
    public string Text { get; set; } = "";

    public string Topic { get; set; } = "";
}
