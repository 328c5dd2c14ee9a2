using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Tests.Trainers;
using Xunit;

namespace SequenceModels.Tests.LanguageModels;

/// <summary>Pipelines and language models over code points of decomposed texts.</summary>
public class DecomposedTests
{
    private static readonly SequenceTokenization s_decomposed = SequenceTokenization.Characters() with { Decomposed = true };

    private readonly MLContext _ml = new(1);

    [Fact]
    public void Texts_come_back_composed_also_from_a_saved_model()
    {
        IDataView rows = LanguageModelTests.Lines(_ml, "한글 e\u0301t\u00e9", "글");
        ITransformer model = _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", s_decomposed, "Offsets")
            .Append(_ml.Transforms.Text.DetokenizeSequence("Again", "Tokens")).Fit(rows);
        using var file = new MemoryStream();
        _ml.Model.Save(model, rows.Schema, file);
        foreach (ITransformer each in new[] { model, new MLContext().Model.Load(file, out _) })
        {
            IDataView data = each.Transform(rows);
            Assert.Equal(["한글 été", "글"], data.GetColumn<string>("Again"));
            Assert.Equal([0, 1, 0, 1, 0, 1], data.GetColumn<int[]>("Offsets").Last());
        }
    }

    /// <summary>한글한글... is learned letter by letter; what is written is whole syllables.</summary>
    [Fact]
    public void A_language_model_writes_letters_and_its_text_is_composed()
    {
        ITransformer model = LanguageModelTests.Tokens(_ml, s_decomposed)
            .Append(_ml.Sequences().LanguageModeling.Trainers.Lstm(options: LanguageModelTests.Quick))
            .Fit(LanguageModelTests.Lines(_ml, string.Concat(Enumerable.Repeat("한글", 100))));
        SequenceGenerator generator = _ml.Sequences().LanguageModeling.CreateGenerator(model);
        var options = new GenerationOptions { MaximumLength = 7, Temperature = 0 };
        Assert.Equal("글한ᄀ", generator.GenerateText("한", options)); // the last letter begins a syllable
        Assert.Equal(["\u1100", "\u1173", "\u11af", "\u1112", "\u1161", "\u11ab", "\u1100"],
            generator.Generate("한", options).Select(token => token.Text));
        Assert.Equal("\u11ab글", generator.GenerateText("하", options with { MaximumLength = 4 }));
        SequenceStepper stepper = _ml.Sequences().CreateStepper(model);
        StepperState state = stepper.CreateState();
        stepper.Step(state, [.. generator.Score("한글").Select(token => token.Key)]);
        Assert.Equal(6, state.NumberOfSteps);
    }

    [Fact]
    public void Words_are_not_cut_so() => Assert.Contains("Decomposed", Assert.Throws<ArgumentOutOfRangeException>(() =>
        _ml.Transforms.Text.TokenizeIntoSequence("Tokens", "Text", SequenceTokenization.Words() with { Decomposed = true }))
        .Message, StringComparison.Ordinal);
}
