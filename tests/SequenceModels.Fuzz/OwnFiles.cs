using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Forecasting;

namespace SequenceModels.Fuzz;

/// <summary>The kinds of files that stand by themselves: networks, states and checkpoints.</summary>
internal static class OwnFiles
{
    public static SequenceNetwork Binary(SequenceTrainerOptions options)
    {
        MLContext ml = FuzzData.NewContext();
        return ml.Transforms.ReshapeSequence("Frames", 2, "Numbers")
            .Append(ml.BinaryClassification.Trainers.Lstm(featureColumnName: "Frames", options: options))
            .Fit(FuzzData.Rows(ml)).LastTransformer.Model.Network;
    }

    public static FuzzSubject Network(string name, SequenceNetwork network) => new(name, Saved(network.Save), payload =>
    {
        var loaded = SequenceNetwork.Load(new MemoryStream(payload));
        return () => UseNetwork(loaded);
    });

    private static void UseNetwork(SequenceNetwork network) => FuzzSubject.RequireFinite(network.TakesTokens
        ? network.Score(new uint[] { 1, 0, 2 }, new float[network.RowFeatureSize])
        : network.Score(Enumerable.Range(0, Math.Min(network.InputSize, 1 << 16) * 3).Select(i => (float)(i % 2)).ToArray(),
            new float[network.RowFeatureSize]));

    public static FuzzSubject Stepper(SequenceNetwork network)
    {
        SequenceStepper stepper = network.CreateStepper();
        StepperState state = stepper.CreateState();
        stepper.Step(state, new[] { 1, 0, 0.5f, 1 });
        return new FuzzSubject("stepper", Saved(state.Save), payload =>
        {
            StepperState loaded = stepper.LoadState(new MemoryStream(payload));
            return () =>
            {
                FuzzSubject.RequireFinite(loaded.Scores);
                FuzzSubject.RequireFinite(stepper.Step(loaded.Copy(), new float[] { 1, 0 }));
            };
        });
    }

    public static FuzzSubject Generator()
    {
        MLContext ml = FuzzData.NewContext();
        var model = FuzzData.Keys(ml).Append(ml.Sequences().LanguageModeling.Trainers.Lstm("Tokens", FuzzData.Language))
            .Fit(FuzzData.Rows(ml));
        SequenceGenerator generator = ml.Sequences().LanguageModeling.CreateGenerator(model);
        return new FuzzSubject("generator", Saved(generator.Start("go to").Save), payload =>
        {
            GeneratorState loaded = generator.LoadState(new MemoryStream(payload));
            return () =>
            {
                foreach (GeneratedToken token in generator.Generate(loaded,
                    new() { MaximumLength = 3, Seed = 1, RepetitionPenalty = 1.2f }))
                    FuzzSubject.RequireFinite([token.LogProbability]);
            };
        });
    }

    /// <summary>What a training that was stopped after an epoch has left.</summary>
    public static FuzzSubject Checkpoint()
    {
        MLContext ml = FuzzData.NewContext();
        string path = Path.GetTempFileName();
        File.Delete(path);
        try
        {
            using var stop = new CancellationTokenSource();
            try
            {
                ml.BinaryClassification.Trainers.Gru(featureColumnName: "Numbers", options: FuzzData.Small with
                {
                    NumberOfEpochs = 9,
                    ValidationFraction = 0.3,
                    CheckpointPath = path,
                    CancellationToken = stop.Token,
                    Progress = new StopInEpoch(3, stop),
                }).Fit(FuzzData.Rows(ml));
            }
            catch (OperationCanceledException)
            {
            }
            return new FuzzSubject("checkpoint", File.ReadAllBytes(path), payload =>
            {
                File.WriteAllBytes(path, payload);
                try
                {
                    SequenceModelParameters model = SequenceModelParameters.FromCheckpoint(path);
                    return () => UseNetwork(model.Network);
                }
                finally
                {
                    File.Delete(path);
                }
            });
        }
        finally
        {
            File.Delete(path);
        }
    }

    public static FuzzSubject Tagger()
    {
        MLContext ml = FuzzData.NewContext();
        SequenceTagger tagger = FuzzData.Keys(ml).Append(ml.Transforms.Conversion.MapValueToKey("Label", "Tags"))
            .Append(ml.Sequences().Tagging.Trainers.Lstm("Label", ["Tokens"], FuzzData.Tags))
            .Fit(FuzzData.Rows(ml)).LastTransformer.Tagger;
        return new FuzzSubject("tagger", Saved(tagger.Save), payload =>
        {
            var loaded = SequenceTagger.Load(new MemoryStream(payload));
            return () => FuzzSubject.RequireFinite([.. loaded.Tag(new uint[] { 1, 0, 2 }).Scores]);
        });
    }

    public static FuzzSubject Translator()
    {
        MLContext ml = FuzzData.NewContext();
        var chain = (TransformerChain<TranslationTransformer>)FuzzData.Translating(ml).Fit(FuzzData.Rows(ml));
        SequenceTranslator translator = chain.LastTransformer.Model.Network;
        return new FuzzSubject("translator", Saved(translator.Save), payload =>
        {
            var loaded = SequenceTranslator.Load(new MemoryStream(payload));
            // A setting, told before it is paid for.
            var options = new TranslatingOptions { MaximumLength = loaded.MaximumLength > 1_000 ? 10 : null };
            return () => FuzzSubject.RequireFinite([(float)loaded.Translate([1, 0, 2], options)[0].LogProbability]);
        });
    }

    public static FuzzSubject Transcriber() => new("transcriber", Saved(Transcribing(FuzzData.Ctc).Save), payload =>
    {
        var loaded = SequenceTranscriber.Load(new MemoryStream(payload));
        return () => FuzzSubject.RequireFinite(
            [(float)loaded.Transcribe(new float[Math.Min(loaded.Network.InputSize, 1 << 16) * 4])[0].LogProbability]);
    });

    public static FuzzSubject TranscriptionState()
    {
        TranscriptionStepper stepper = Transcribing(FuzzData.Ctc with { Bidirectional = false, BeamSize = 1 }).CreateStepper();
        TranscriptionState state = stepper.CreateState();
        stepper.Step(state, [1f, 0, 2, 1, 0]);
        return new FuzzSubject("transcription-state", Saved(state.Save), payload =>
        {
            TranscriptionState loaded = stepper.LoadState(new MemoryStream(payload));
            return () => stepper.Step(loaded, [1f, 0, 2]);
        });
    }

    private static SequenceTranscriber Transcribing(TranscriptionOptions options)
    {
        MLContext ml = FuzzData.NewContext();
        return ml.Transforms.Conversion.MapValueToKey("Label", "Tags")
            .Append(ml.Sequences().Transcription.Trainers.Lstm("Label", "Numbers", options)).Fit(FuzzData.Rows(ml))
            .LastTransformer.Transcriber;
    }

    public static FuzzSubject ForecastModel() =>
        new("forecast-model", Saved(Forecaster(FuzzData.NewContext()).ForecastModel.Save), payload =>
    {
        var loaded = SequenceModels.ForecastModel.Load(new MemoryStream(payload));
        return () =>
        {
            ForecastState state = loaded.CreateState();
            for (int i = 0; i < 9; i++)
                loaded.Observe(state, Enumerable.Range(1, loaded.NumbersPerStep)
                    .Select(number => (float)number + i % 3).ToArray());
            SeriesForecast forecast = loaded.Forecast(state, new float[loaded.Horizon * loaded.NumbersKnownAhead]);
            FuzzSubject.RequireFinite([.. forecast.Values], orMissing: true);
        };
    });

    public static FuzzSubject ForecastState()
    {
        ForecastTransformer forecaster = Forecaster(FuzzData.NewContext());
        return new FuzzSubject("forecast-state", Saved(forecaster.CreateState().Save), payload =>
        {
            ForecastState loaded = forecaster.ForecastModel.LoadState(new MemoryStream(payload));
            return () => FuzzSubject.RequireFinite([.. forecaster.ForecastModel.Forecast(loaded).Values], orMissing: true);
        });
    }

    public static FuzzSubject EngineState()
    {
        MLContext ml = FuzzData.NewContext();
        ForecastEngine<FuzzRow, FuzzForecast> engine = Forecaster(ml).CreateForecastEngine<FuzzRow, FuzzForecast>(ml);
        return new FuzzSubject("engine-state", Saved(engine.CreateState().Save), payload =>
        {
            ForecastEngineState loaded = engine.LoadState(new MemoryStream(payload));
            return () => FuzzSubject.RequireFinite(engine.Predict(loaded).Forecast, orMissing: true);
        });
    }

    private static ForecastTransformer Forecaster(MLContext ml) =>
        ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 4, 2, FuzzData.Forecast).Fit(FuzzData.Rows(ml));

    private static byte[] Saved(Action<Stream> save)
    {
        using var stream = new MemoryStream();
        save(stream);
        return stream.ToArray();
    }

    private sealed class StopInEpoch(int epoch, CancellationTokenSource stop) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Epoch == epoch)
                stop.Cancel();
        }
    }
}
