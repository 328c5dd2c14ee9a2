// A trained model behind HTTP: a pool of prediction engines in an ASP.NET Core minimal API, tried with real requests.
// dotnet run samples/Serve.cs            trains, serves, sends itself requests, and ends
// dotnet run samples/Serve.cs -- --stay  goes on serving on port 5080
#:sdk Microsoft.NET.Sdk.Web
#:project ../src/SequenceModels/SequenceModels.csproj
#:property PublishAot=false
using System.Collections.Concurrent;
using System.Net.Http.Json;
using Microsoft.ML;
using SequenceModels;

bool stays = args.Contains("--stay");
string modelFile = Path.Combine(Directory.CreateTempSubdirectory().FullName, "languages.zip");
Train(modelFile);

WebApplicationBuilder builder = WebApplication.CreateBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.WebHost.UseUrls(stays ? "http://127.0.0.1:5080" : "http://127.0.0.1:0");
builder.Services.AddSingleton(new EnginePool<Name, Language>(modelFile));
WebApplication app = builder.Build();
app.MapPost("/language", (Name name, EnginePool<Name, Language> pool) => string.IsNullOrWhiteSpace(name.Text)
    ? Results.BadRequest("Text is empty.")
    : Results.Ok(new Answer(pool.Predict(name).PredictedLabel)));
await app.StartAsync();
if (stays)
{
    Console.WriteLine($"Serving on {app.Urls.First()}/language");
    await app.WaitForShutdownAsync();
    return 0;
}

// Many requests at once: each takes an engine from the pool, for an engine is not safe to share.
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
string[] names = ["Nakamura", "Kowalczyk", "Papadopoulos", "O'Sullivan"];
string?[] answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(async i =>
{
    HttpResponseMessage response = await client.PostAsJsonAsync("/language", new Name { Text = names[i % names.Length] });
    return (await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<Answer>())?.Language;
}));
for (int i = 0; i < names.Length; i++)
    Console.WriteLine($"{names[i],-14} {answers[i]}");
HttpResponseMessage refused = await client.PostAsJsonAsync("/language", new Name());
Console.WriteLine($"an empty name: {(int)refused.StatusCode}");
await app.StopAsync();
bool same = Enumerable.Range(0, answers.Length).All(i => answers[i] == answers[i % names.Length]);
return same && answers[0] == "Japanese" && (int)refused.StatusCode == 400 ? 0 : 1;

static void Train(string modelFile)
{
    var ml = new MLContext(seed: 1);
    string file = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "data", "names.tsv");
    IDataView data = ml.Data.LoadFromTextFile<Name>(file, separatorChar: '\t', hasHeader: true);
    var pipeline = ml.Transforms.Conversion.MapValueToKey("Label", nameof(Name.Origin))
        .Append(ml.Transforms.Text.TokenizeIntoSequence("Features", nameof(Name.Text), SequenceTokenization.Characters()))
        .Append(ml.MulticlassClassification.Trainers.Gru(options: new() { HiddenSize = 64, NumberOfEpochs = 4, LearningRate = 3e-3f }))
        .Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
    ml.Model.Save(pipeline.Fit(data), data.Schema, modelFile);
}

/// <summary>Engines of one model, each used by one request at a time. There are as many as there were requests at once.</summary>
internal sealed class EnginePool<TIn, TOut> where TIn : class where TOut : class, new()
{
    private readonly MLContext _ml = new();
    private readonly ConcurrentBag<PredictionEngine<TIn, TOut>> _idle = [];
    private readonly ITransformer _model;

    public EnginePool(string modelFile) => _model = _ml.Model.Load(modelFile, out _);

    public TOut Predict(TIn input)
    {
        if (!_idle.TryTake(out PredictionEngine<TIn, TOut>? engine))
            engine = _ml.Model.CreatePredictionEngine<TIn, TOut>(_model);
        try
        {
            return engine.Predict(input);
        }
        finally
        {
            _idle.Add(engine);
        }
    }
}

internal sealed class Name
{
    [Microsoft.ML.Data.LoadColumn(2)]
    public string Text { get; set; } = "";

    [Microsoft.ML.Data.LoadColumn(1)]
    public string Origin { get; set; } = "";
}

internal sealed class Language
{
    public string PredictedLabel { get; set; } = "";
}

internal sealed record Answer(string Language);
