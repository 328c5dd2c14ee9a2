using System.Reflection;
using Microsoft.ML;
using SequenceModels.Fuzz;
using SequenceModels.Reports;
using Xunit;

namespace SequenceModels.Tests;

/// <summary>Null where none may be is answered by the parameter's name, whichever public member it is given to.</summary>
public class NullArgumentTests
{
    private static readonly NullabilityInfoContext s_nullability = new();

    [Fact]
    public void Every_public_method_names_the_parameter_that_is_null()
    {
        object[] known = [.. Known()];
        var wrong = new List<string>();
        int tried = 0;
        foreach (MethodInfo method in new[] { typeof(SequenceNetwork), typeof(SequenceTrainer),
            typeof(AudioClip) }.SelectMany(type =>
            type.Assembly.GetExportedTypes())
            .SelectMany(type =>
                type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsSpecialName && !method.IsAbstract && !IsOfRecord(method) &&
                method.DeclaringType!.BaseType != typeof(MulticastDelegate)))
        {
            if (method.ContainsGenericParameters || (!method.IsStatic && !known.Any(method.DeclaringType!.IsInstanceOfType)))
                continue;
            object? target = method.IsStatic ? null : known.First(method.DeclaringType!.IsInstanceOfType);
            ParameterInfo[] parameters = method.GetParameters();
            if (method.ReturnType.IsByRefLike || parameters.Any(parameter => parameter.ParameterType.IsByRefLike))
                continue; // reflection has no spans to give or take
            object?[] sound = [.. parameters.Select(parameter => Sound(parameter, known))];
            for (int i = 0; i < parameters.Length; i++)
            {
                if (parameters[i].ParameterType.IsValueType || parameters[i].ParameterType.IsByRef ||
                    s_nullability.Create(parameters[i]).WriteState == NullabilityState.Nullable)
                    continue;
                object?[] arguments = [.. sound];
                arguments[i] = null;
                Exception? error =
                    Record.Exception(() => method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null));
                tried++;
                if (error is not ArgumentNullException { ParamName: { } name } || name != parameters[i].Name)
                    wrong.Add($"{method.DeclaringType!.Name}.{method.Name}({parameters[i].Name}): {error?.GetType().Name} " +
                        $"{error?.Message}");
            }
        }
        Assert.True(tried > 80, $"{tried}");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    private static bool IsOfRecord(MethodInfo method) =>
        method.Name is "Equals" or "PrintMembers" or "ToString" or "GetHashCode" or "Deconstruct" or "<Clone>$";

    /// <summary>An object of each type that has methods to be called.</summary>
    private static IEnumerable<object> Known()
    {
        var ml = new MLContext(1);
        IDataView data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 8).Select(i => new FuzzRow
        {
            Numbers = [i % 2, 1], Text = "go to sea", Words = ["go", "sea"], Tags = ["O", "O"], Sold = i, Number = i,
            Label = i % 2 == 0,
        }));
        SequencePredictionTransformer model = ml.BinaryClassification.Trainers.Gru(featureColumnName: "Numbers",
            options: new() { HiddenSize = 2, NumberOfEpochs = 1 }).Fit(data);
        SequenceStepper stepper = model.Model.Network.CreateStepper();
        var tokens = ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text");
        SequenceTokenizingTransformer tokenizer = tokens.Fit(data);
        var writer = ml.Sequences().LanguageModeling.Trainers.Gru("Tokens",
            new() { HiddenSize = 2, EmbeddingSize = 2, NumberOfEpochs = 1 });
        LanguageModelTransformer language = writer.Fit(tokenizer.Transform(data));
        SequenceGenerator generator = ml.Sequences().LanguageModeling.CreateGenerator(tokenizer.Append(language));
        FrameGenerator frames = ml.Sequences().LanguageModeling.CreateFrameGenerator(
            ml.Sequences().LanguageModeling.Trainers.Gru("Numbers", new() { HiddenSize = 2, NumberOfEpochs = 1 }).Fit(data));
        return
        [
            data, data.Schema, ml, ml.Transforms, ml.Transforms.Text, ml.Transforms.Conversion, ml.Transforms.Categorical,
                ml.Forecasting, ml.BinaryClassification,
            ml.BinaryClassification.Trainers, ml.MulticlassClassification.Trainers, ml.Regression.Trainers, ml.Sequences(),
            ml.Sequences().Tagging,
            ml.Sequences().Tagging.Trainers, ml.Sequences().LanguageModeling, ml.Sequences().LanguageModeling.Trainers,
            ml.Sequences().Forecasting,
            model, model.Model, model.Model.Network, stepper, stepper.CreateState(), tokens, tokenizer, writer, language,
            generator, generator.Start("go"), frames,
            ml.Transforms.ReshapeSequence("Frames", 1, "Numbers"), ml.Transforms.PadSequence("Padded", 2, "Numbers"),
            ml.BinaryClassification.Trainers.Gru(featureColumnName: "Numbers"),
            ml.Sequences().Tagging.Trainers.Gru("Label", ["Tokens"]),
            ml.Forecasting.ForecastByGru("Forecast", ["Sold"], 2, 1), ml.Transforms.StackFrames("Stacked", 2, "Numbers"),
            new MemoryStream(),
            new AudioClip([0], 8000), ml.Transforms.LoadAudio("Samples", null, "Text"),
            ml.Transforms.LogMelFrames("Mel", "Numbers", new() { SampleRate = 8000 }), new LogMelOptions(),
        ];
    }

    private static object? Sound(ParameterInfo parameter, object[] known)
    {
        Type type = parameter.ParameterType;
        return type == typeof(string) ? "x"
            : type == typeof(string[]) ? new[] { "x" }
            : known.FirstOrDefault(type.IsInstanceOfType)
                ?? (type.IsByRefLike || !type.IsValueType ? null : Activator.CreateInstance(type));
    }
}
