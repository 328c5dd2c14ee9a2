using Microsoft.ML;
using SequenceModels.Tests.Conformance;
using SequenceModels.Tests.Forecasting;

namespace SequenceModels.Tests.Trainers;

/// <summary>Each type of options with small data on which each of its options shows.</summary>
internal static class OptionCasesOfTasks
{
    public static IReadOnlyDictionary<string, OptionCases> All { get; } =
        new OptionCases[]
        {
            Prediction, Texts, Tagging, LanguageModel, Forecast, OptionCasesOfTranslation.Create(),
            OptionCasesOfTranscription.Create(),
        }.ToDictionary(cases => cases.Type.Name);

    private static OptionCases Prediction
    {
        get
        {
            SequenceTrainerOptions b = Examples.Glance;
            return new OptionCases<SequenceTrainerOptions>(b, (ml, options, option) =>
            {
                IDataView data = ml.View(60);
                ITransformer model = option is nameof(b.FrameScaling) or nameof(b.FrameStacking)
                    ? ml.SumTrainer(options).Fit(data)
                    : IsOfWords(option)
                    ? ml.Tokens().Append(ml.Transforms.Text.TokenizeIntoWords("Words", nameof(Example.Text)))
                        .Append(ml.BinaryClassification.Trainers.Lstm(nameof(Example.Positive), ["Features", "Words"],
                            options: options)).Fit(data)
                    : option == nameof(b.FrozenEpochs)
                        ? ml.SumTrainer(options).Fit(data, null, ml.SumTrainer(b with { NumberOfEpochs = 1 }).Fit(data).Model)
                    : ml.BinaryPipeline(options).Fit(data);
                return Rows.Of(model.Transform(data), "Score");
            }, new()
            {
                [nameof(b.Bidirectional)] = (b, b with { Bidirectional = true }),
                [nameof(b.Pooling)] = (b, b with { Pooling = SequencePooling.Mean }),
                [nameof(b.EmbeddingSize)] = (b, b with { EmbeddingSize = 0 }),
                [nameof(b.PretrainedVectors)] = (b, b with { PretrainedVectors = Vectors(b, "up", "down") }),
                [nameof(b.WordDropout)] = (b, b with { WordDropout = 0.2f }),
                [nameof(b.EmbeddingDeviation)] = (b, b with { EmbeddingDeviation = 0.5f }),
                [nameof(b.FrameScaling)] = (b, b with { FrameScaling = FrameScaling.Standard }),
                [nameof(b.FrameStacking)] = (b, b with { FrameStacking = 2 }),
                [nameof(b.LabelSmoothing)] = (b, b with { LabelSmoothing = 0.1f }),
                [nameof(b.ClassWeights)] = (b, b with { ClassWeights = ClassWeights.Of(1, 3) }),
                [nameof(b.CharacterHiddenSize)] = (b, b with { CharacterHiddenSize = 9 }),
                [nameof(b.CharacterEmbeddingSize)] = (b, b with { CharacterEmbeddingSize = 9 }),
                [nameof(b.SubwordEmbeddingSize)] = (b, b with { SubwordEmbeddingSize = 3 }),
                [nameof(b.NumberOfSubwordBuckets)] =
                    (b with { SubwordEmbeddingSize = 3 }, b with { SubwordEmbeddingSize = 3, NumberOfSubwordBuckets = 9 }),
                [nameof(b.RowFeatureColumnName)] = (b, b with { RowFeatureColumnName = nameof(Example.Frames) }),
                [nameof(b.FrozenEpochs)] = (b, b with { FrozenEpochs = 1 }),
                [nameof(b.LayerRateDecay)] = (b, b with { LayerRateDecay = 0.5f }),
            });
        }
    }

    private static OptionCases Texts
    {
        get
        {
            TextTrainerOptions b = new()
            {
                HiddenSize = 8, EmbeddingSize = 8, Dropout = 0, WordDropout = 0, NumberOfEpochs = 2, BatchSize = 16,
                LearningRate = 0.02f, LearningRateSchedule = LearningRateSchedule.Constant, Seed = 1, NumberOfThreads = 1,
            };
            return new OptionCases<TextTrainerOptions>(b, (ml, options, option) =>
            {
                IDataView data = ml.View(60);
                SequenceTrainer trainer = ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: options);
                SequenceModelParameters? initial = option != nameof(b.FrozenEpochs) ? null
                    : ml.BinaryClassification.Trainers.TextLstm(nameof(Example.Positive), options: b).Fit(data).Model;
                return Rows.Of(trainer.Fit(data, null, initial).Transform(data), "Score");
            }, new()
            {
                [nameof(b.Bidirectional)] = (b, b with { Bidirectional = false }),
                [nameof(b.Pooling)] = (b, b with { Pooling = SequencePooling.Mean }),
                [nameof(b.EmbeddingSize)] = (b, b with { EmbeddingSize = 0 }),
                [nameof(b.PretrainedVectors)] = (b, b with { PretrainedVectors = Vectors(b, "up", "down") }),
                [nameof(b.WordDropout)] = (b, b with { WordDropout = 0.2f }),
                [nameof(b.EmbeddingDeviation)] = (b, b with { EmbeddingDeviation = 0.5f }),
                [nameof(b.LabelSmoothing)] = (b, b with { LabelSmoothing = 0.1f }),
                [nameof(b.ClassWeights)] = (b, b with { ClassWeights = ClassWeights.Of(1, 3) }),
                [nameof(b.RowFeatureColumnName)] = (b, b with { RowFeatureColumnName = nameof(Example.Frames) }),
                [nameof(b.FrozenEpochs)] = (b, b with { FrozenEpochs = 1 }),
                [nameof(b.LayerRateDecay)] = (b, b with { LayerRateDecay = 0.5f }),
                [nameof(b.Tokenization)] = (b, b with { Tokenization = SequenceTokenization.Characters() }),
                [nameof(b.MaximumNGrams)] = (b, b with { MaximumNGrams = 3 }),
                [nameof(b.AuxiliaryLossWeight)] = (b, b with { AuxiliaryLossWeight = 0 }),
            });
        }
    }

    private static OptionCases Tagging
    {
        get
        {
            TaggingOptions b = TaggedExamples.Glance with { Bidirectional = false };
            return new OptionCases<TaggingOptions>(b, (ml, options, option) =>
            {
                bool ofFrames = option == nameof(b.FrameScaling);
                IDataView data = option == nameof(b.TagEncoding)
                    ? new TestView(TestColumn.Keys("Tokens", 4, [1, 2], [2, 3]),
                        TestColumn.Tags("Label", "B-x I-x O", "B-x I-x", "O B-x"))
                    : ofFrames
                    ? new TestView(TestColumn.Numbers("Frames", [0, 2], [1, 5, 2, 4], [3, 2]),
                        TestColumn.Keys("Label", 2, [1, 2], [2]))
                    : ml.Prepared(60);
                string[] features = ofFrames ? ["Frames"]
                    : IsOfWords(option) ? ["Tokens", "Words"]
                    : ["Tokens"];
                SequenceModelParameters? initial = option != nameof(b.FrozenEpochs) ? null
                    : ml.Tagger(b with { NumberOfEpochs = 1 }, features).Fit(data).Model;
                return TaggingTests.Bits(ml.Tagger(options, features).Fit(data, null, initial), data);
            }, new()
            {
                [nameof(b.Bidirectional)] = (b, b with { Bidirectional = true }),
                [nameof(b.EmbeddingSize)] = (b, b with { EmbeddingSize = 0 }),
                [nameof(b.PretrainedVectors)] = (b, b with { PretrainedVectors = Vectors(b, "a") }),
                [nameof(b.WordDropout)] = (b, b with { WordDropout = 0.2f }),
                [nameof(b.EmbeddingDeviation)] = (b, b with { EmbeddingDeviation = 0.5f }),
                [nameof(b.FrameScaling)] = (b, b with { FrameScaling = FrameScaling.Standard }),
                [nameof(b.LabelSmoothing)] = (b, b with { LabelSmoothing = 0.1f }),
                [nameof(b.ClassWeights)] = (b, b with { ClassWeights = ClassWeights.Of(1, 3, 1, 1) }),
                [nameof(b.FrozenEpochs)] = (b, b with { FrozenEpochs = 1 }),
                [nameof(b.LayerRateDecay)] = (b, b with { LayerRateDecay = 0.5f }),
                [nameof(b.TagDecoding)] = (b, b with { TagDecoding = TagDecoding.Crf }),
                [nameof(b.WordShapes)] = (b, b with { WordShapes = true }),
                [nameof(b.TagEncoding)] = (b, b with { TagEncoding = TagEncoding.Bioes }),
                [nameof(b.CharacterHiddenSize)] = (b, b with { CharacterHiddenSize = 9 }),
                [nameof(b.CharacterEmbeddingSize)] = (b, b with { CharacterEmbeddingSize = 9 }),
                [nameof(b.SubwordEmbeddingSize)] = (b, b with { SubwordEmbeddingSize = 3 }),
                [nameof(b.NumberOfSubwordBuckets)] =
                    (b with { SubwordEmbeddingSize = 3 }, b with { SubwordEmbeddingSize = 3, NumberOfSubwordBuckets = 9 }),
            });
        }
    }

    private static OptionCases LanguageModel
    {
        get
        {
            LanguageModelOptions b = LanguageModelTests.Quick with { HiddenSize = 6, NumberOfEpochs = 2 };
            return new OptionCases<LanguageModelOptions>(b, (ml, options, option) =>
            {
                IEstimator<ITransformer> trainer = ml.Sequences().LanguageModeling.Trainers.Lstm(options: options);
                bool ofFrames = option == nameof(b.FrameScaling);
                IDataView data = ofFrames
                    ? new TestView(TestColumn.Numbers("Features", [0, 2], [1, 0, 1, 1, 0, 1], [0, 1, 1, 0]))
                    : LanguageModelTests.Lines(ml,
                        [.. Enumerable.Range(0, 12).Select(i => LanguageModelTests.Cycle(9 + i, i) + "cab")]);
                if (option == nameof(b.FrozenEpochs))
                {
                    data = LanguageModelTests.Tokens(ml).Fit(data).Transform(data);
                    SequenceModelParameters initial = ml.Sequences().LanguageModeling.Trainers.Lstm(options: b).Fit(data).Model;
                    return Rows.Of(ml.Sequences().LanguageModeling.Trainers.Lstm(options: options).Fit(data, null, initial)
                        .Transform(data), "LogProbabilities");
                }
                ITransformer model = (ofFrames ? trainer : LanguageModelTests.Tokens(ml).Append(trainer)).Fit(data);
                return Rows.Of(model.Transform(data), "LogProbabilities");
            }, new()
            {
                [nameof(b.EmbeddingSize)] = (b, b with { EmbeddingSize = 0 }),
                [nameof(b.PretrainedVectors)] = (b, b with { PretrainedVectors = Vectors(b, "a") }),
                [nameof(b.WordDropout)] = (b, b with { WordDropout = 0.2f }),
                [nameof(b.EmbeddingDeviation)] = (b, b with { EmbeddingDeviation = 0.5f }),
                [nameof(b.FrameScaling)] = (b, b with { FrameScaling = FrameScaling.Standard }),
                [nameof(b.LabelSmoothing)] = (b, b with { LabelSmoothing = 0.1f }),
                [nameof(b.FrozenEpochs)] = (b, b with { FrozenEpochs = 1 }),
                [nameof(b.LayerRateDecay)] = (b, b with { LayerRateDecay = 0.5f }),
                [nameof(b.Reversed)] = (b, b with { Reversed = true }),
                [nameof(b.RowsFollowEachOther)] = (b, b with { RowsFollowEachOther = true }),
                [nameof(b.TiedEmbeddings)] = (b, b with { TiedEmbeddings = true }),
            });
        }
    }

    private static OptionCases Forecast
    {
        get
        {
            ForecastOptions b = Steps.Glance with { BatchSize = 16 };
            // Times are those of the rows read backwards.
            TimeStep[] steps = [.. Steps.Wave(40), .. Steps.Wave(40, "b", level: 20)];
            for (int i = 0; i < steps.Length; i++)
                (steps[i].Time, steps[i].Size, steps[i].Date) = (steps.Length - i, 3, new DateTime(2026, 1, 1).AddDays(i));
            return new OptionCases<ForecastOptions>(b, (ml, options, option) =>
            {
                IDataView data = ml.View(steps);
                IDataView forecasts = ml.Forecasting.ForecastByLstm("Forecast",
                    option == nameof(options.ChannelIndependent) ? ["Value", "Other"] : ["Value"], 8, 2, options).Fit(data)
                    .Transform(data);
                string[] made =
                    [.. forecasts.Schema.Select(column => column.Name).Except(data.Schema.Select(column => column.Name))];
                return [.. made, .. Rows.Of(forecasts, made)];
            }, new()
            {
                [nameof(b.Bidirectional)] = (b, b with { Bidirectional = true }),
                [nameof(b.Pooling)] = (b, b with { Pooling = SequencePooling.Max }),
                [nameof(b.TimeColumnName)] = (b, b with { TimeColumnName = "Time" }),
                [nameof(b.SeriesColumnName)] = (b, b with { SeriesColumnName = "Series" }),
                [nameof(b.PastColumnNames)] = (b, b with { PastColumnNames = ["Weather"] }),
                [nameof(b.FutureColumnNames)] = (b, b with { FutureColumnNames = ["Price"] }),
                [nameof(b.StaticColumnNames)] = (b, b with { StaticColumnNames = ["Size"] }),
                [nameof(b.Scaling)] = (b, b with { Scaling = ForecastScaling.Mean }),
                [nameof(b.Transform)] = (b, b with { Transform = ForecastTransform.Log }),
                [nameof(b.ForecastFrom)] = (b, b with { ForecastFrom = ForecastFrom.LastValue }),
                [nameof(b.SeasonLength)] = (b with { ForecastFrom = ForecastFrom.SeasonAgo, SeasonLength = 3 },
                    b with { ForecastFrom = ForecastFrom.SeasonAgo, SeasonLength = 4 }),
                [nameof(b.SeasonalInputs)] = (b with { SeasonLength = 4 }, b with { SeasonLength = 4, SeasonalInputs = true }),
                [nameof(b.DifferenceInputs)] = (b, b with { DifferenceInputs = true }),
                [nameof(b.LinearPath)] = (b, b with { LinearPath = false }),
                [nameof(b.ChannelIndependent)] = (b, b with { ChannelIndependent = false }),
                [nameof(b.CalendarFeatures)] = (b with { TimeColumnName = "Date" },
                    b with { TimeColumnName = "Date", CalendarFeatures = CalendarFeatures.DayOfWeek }),
                [nameof(b.WindowStride)] = (b, b with { WindowStride = 2 }),
                [nameof(b.WindowsPerEpoch)] = (b, b with { WindowsPerEpoch = 20 }),
                [nameof(b.Loss)] = (b, b with { Loss = ForecastLoss.SquaredError }),
                [nameof(b.ConfidenceLevel)] = (b, b with { ConfidenceLevel = 0.5f }),
                [nameof(b.LowestValue)] = (b, b with { LowestValue = 15 }),
                [nameof(b.HighestValue)] = (b, b with { HighestValue = 15 }),
                [nameof(b.ConfidenceLowerBoundColumn)] = (b, b with { ConfidenceLowerBoundColumn = "Low" }),
                [nameof(b.ConfidenceUpperBoundColumn)] = (b, b with { ConfidenceUpperBoundColumn = "High" }),
            });
        }
    }

    private static bool IsOfWords(string option) =>
        option.StartsWith("Character", StringComparison.Ordinal) || option.Contains("Subword", StringComparison.Ordinal) ||
        option == nameof(TaggingOptions.WordShapes);

    public static WordVectors Vectors(SequenceInputOptions options, params string[] words) =>
        WordVectors.FromFile(WordVectorTests.FileOf(options.EmbeddingSize, words));
}
