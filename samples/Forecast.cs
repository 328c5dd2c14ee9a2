// How many sunspots will there be in the next twelve months? An LSTM reads the last five years, month by month.
// dotnet run samples/Forecast.cs
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels;

string file = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "data", "sunspots.csv");
string report = Path.GetFullPath("sunspots.html");

var ml = new MLContext(seed: 1);
IDataView months = ml.Data.LoadFromTextFile(file, new TextLoader.Options
{
    Columns = [new("Month", DataKind.String, 0), new("Sunspots", DataKind.Single, 1)],
    Separators = [','],
    HasHeader = true,
    MissingRealsAsNaNs = true, // an empty number is a gap, and not 0
});

// All twelve months at once, as changes from the last one; the bounds should hold nine of ten values.
var forecast = ml.Forecasting.ForecastByLstm("Forecast", ["Sunspots"], windowSize: 60, horizon: 12, options: new()
{
    TimeColumnName = "Month",
    HiddenSize = 32,
    ForecastFrom = ForecastFrom.LastValue,
    Loss = ForecastLoss.SquaredError,
    ConfidenceLevel = 0.9f,
    ValidationFraction = 0.2,
    EarlyStoppingPatience = 5,
    NumberOfEpochs = 40,
    BatchSize = 16,
    LearningRate = 2e-3f,
});

// What is it worth? The last 47 years in two parts, each forecast by a model of the years before it, beside two forecasts that need no
// model: every month is as the last one, and as the one eleven years ago, for the sun has a cycle of about that length.
Console.WriteLine($"Training twice, to forecast the end of {months.GetColumn<float>("Sunspots").Count():N0} months.");
ForecastBackTest test = ml.Sequences().Forecasting.BackTest(forecast, months, folds: 2, seasonLength: 132);
Console.WriteLine(test);
test.WriteReport(report);
Console.WriteLine($"History, forecasts and what came true: {report}");

// A model of all months, and what it expects next.
var engine = forecast.Fit(months).CreateForecastEngine<Month, Outlook>(ml);
Outlook next = engine.Predict(engine.CreateState());
Console.WriteLine($"In the 12 months after the last: {string.Join(' ', next.Forecast.Select(value => $"{value:F0}"))}");
return Enumerable.Range(1, 12).All(h => test.Of(ForecastMethod.Model, h).RootMeanSquaredError <
    Math.Min(test.Of(ForecastMethod.LastValue, h).RootMeanSquaredError, test.Of(ForecastMethod.SeasonalLastValue, h).RootMeanSquaredError)) ? 0 : 1;

internal sealed class Month
{
    [ColumnName("Month")]
    public string Time { get; set; } = "";

    public float Sunspots { get; set; }
}

internal sealed class Outlook
{
    public float[] Forecast { get; set; } = [];
}
