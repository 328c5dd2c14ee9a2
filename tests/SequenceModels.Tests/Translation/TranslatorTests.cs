using Microsoft.ML;
using Xunit;

namespace SequenceModels.Tests.Translation;

/// <summary>Text in, answers out.</summary>
public class TranslatorTests
{
    private static readonly Lazy<Translator> s_translator = new(() =>
        new MLContext(1).Sequences().Translation.CreateTranslator(TranslationTrainerTests.Model));

    [Fact]
    public void A_text_has_the_translation_that_its_row_has()
    {
        SpelledNumbers.Row[] rows = SpelledNumbers.Create(20, seed: 4);
        IDataView translated = TranslationTrainerTests.Model.Transform(new MLContext().Data.LoadFromEnumerable(rows));
        string[] texts = [.. Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<string>(translated, "Text")];
        float[] scores = [.. Microsoft.ML.Data.ColumnCursorExtensions.GetColumn<float>(translated, "Score")];
        Parallel.For(0, rows.Length, i =>
        {
            TranslationAnswer answer = s_translator.Value.Translate(rows[i].Source).Single();
            Assert.Equal(texts[i], answer.Text);
            Assert.Equal(scores[i], (float)answer.LogProbability);
            Assert.Equal(rows[i].Source.Split(' '), answer.SourceTokens);
            Assert.Equal(answer.Tokens.Count, answer.Attention.Count);
            Assert.All(answer.Attention, weights => Assert.Equal(answer.SourceTokens.Count, weights.Count));
        });
    }

    [Theory, InlineData(1), InlineData(4)]
    public void What_is_streamed_is_the_best_translation(int beam)
    {
        var options = new TranslatingOptions { BeamSize = beam };
        foreach (SpelledNumbers.Row row in SpelledNumbers.Create(20, seed: 5))
        {
            string[] pieces = [.. s_translator.Value.Stream(row.Source, options)];
            TranslationAnswer answer = s_translator.Value.Translate(row.Source, options)[0];
            Assert.Equal(answer.Text, string.Concat(pieces));
            Assert.Equal(answer.Tokens.Count, pieces.Length);
        }
    }

    [Fact]
    public void Several_answers_come_best_first_and_differ()
    {
        IReadOnlyList<TranslationAnswer> answers = s_translator.Value.Translate("one two three",
            new TranslatingOptions { BeamSize = 8, NumberOfAnswers = 5, LengthPenalty = 0 });
        Assert.Equal(5, answers.Count);
        Assert.Equal(5, answers.Select(answer => answer.Text).Distinct().Count());
        Assert.Equal(answers.OrderByDescending(answer => answer.LogProbability), answers);
    }

    [Fact]
    public void Odd_sources_have_a_translation_too()
    {
        Assert.Single(s_translator.Value.Translate(""));
        Assert.Single(s_translator.Value.Translate("eleven ninety"));
        TranslationAnswer cut = s_translator.Value.Translate(string.Join(' ', Enumerable.Repeat("one two", 1_000)),
            new TranslatingOptions { MaximumLength = 12 })[0];
        Assert.True(cut.Tokens.Count <= 12);
        Assert.Equal(s_translator.Value.Translate(new uint[] { 1, 2 })[0].Text,
            s_translator.Value.Translate(
                string.Join(' ', s_translator.Value.Translate(new uint[] { 1, 2 })[0].SourceTokens))[0].Text);
    }

    [Fact]
    public void A_token_stops_a_translation()
    {
        var options = new TranslatingOptions { CancellationToken = new CancellationToken(canceled: true) };
        Assert.Throws<OperationCanceledException>(() => s_translator.Value.Translate("one", options));
        Assert.Throws<OperationCanceledException>(() => s_translator.Value.Stream("one", options).ToArray());
        Assert.Single(s_translator.Value.Translate("one")); // and what was at work is fit for the next text
    }

    [Fact]
    public void A_source_of_ten_thousand_steps_is_translated()
    {
        uint[] source = [.. Enumerable.Range(0, 10_000).Select(i => (uint)(i % 9) + 1)];
        TranslationAnswer answer = s_translator.Value.Translate(source, new TranslatingOptions { MaximumLength = 20 })[0];
        Assert.InRange(answer.Tokens.Count, 0, 20);
        Assert.True(double.IsFinite(answer.LogProbability));
        Assert.All(answer.Attention, weights => Assert.Equal(1, weights.Sum(), 1e-3));
    }

    [Fact]
    public void Whether_unknown_words_are_copied_may_be_told_for_each_text()
    {
        var copying = new TranslatingOptions { ReplaceUnknown = true };
        Assert.Single(s_translator.Value.Translate("one two", copying));
        var ml = new MLContext(1);
        IDataView rows = TranslationTrainerTests.Tokens(ml).Fit(TranslationTrainerTests.Rows(20, 1))
            .Transform(TranslationTrainerTests.Rows(20, 1));
        Translator blind = ml.Sequences().Translation.CreateTranslator(TranslationTrainerTests.Trainer(ml, new()
        {
            HiddenSize = 4, EmbeddingSize = 3, NumberOfEpochs = 1, Seed = 1, Attention = AttentionKind.None,
        }).Fit(rows));
        Assert.Contains("TranslatingOptions.ReplaceUnknown", Assert.Throws<ArgumentOutOfRangeException>(() =>
            blind.Translate(new uint[] { 1 }, copying)).Message);
    }

    [Theory]
    [InlineData(0, 1, "BeamSize")]
    [InlineData(4, 5, "NumberOfAnswers")]
    [InlineData(4, 0, "NumberOfAnswers")]
    public void Options_out_of_their_range_are_named(int beam, int answers, string option)
    {
        var options = new TranslatingOptions { BeamSize = beam, NumberOfAnswers = answers };
        Assert.Contains("TranslatingOptions." + option, Assert.Throws<ArgumentOutOfRangeException>(() =>
            s_translator.Value.Translate("one", options)).Message);
        Assert.Contains("TranslatingOptions." + option, Assert.Throws<ArgumentOutOfRangeException>(() =>
            s_translator.Value.Stream("one", options)).Message);
    }

    [Fact]
    public void Words_that_no_one_knows_are_copied_where_they_were_looked_at()
    {
        // Each word is translated by itself in capitals; rare ones are unknown on both sides.
        var ml = new MLContext(1);
        var random = new Random(1);
        string[] common = ["red", "green", "blue", "white"];
        var rows = Enumerable.Range(0, 300).Select(i =>
        {
            string[] words = [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => random.Next(4) == 0
                ? "rare" + random.Next(10_000) : common[random.Next(4)])];
            return new SpelledNumbers.Row
            {
                Source = string.Join(' ', words), Target = string.Join(' ', words)
                .ToUpperInvariant()
            };
        }).ToArray();
        SequenceTokenization cut = SequenceTokenization.Whitespace(minimumCount: 10);
        ITransformer model = ml.Transforms.Text.TokenizeIntoSequence("Features", "Source", cut)
            .Append(ml.Transforms.Text.TokenizeIntoSequence("Label", "Target", cut))
            .Append(ml.Sequences().Translation.Trainers.Gru(options: new TranslationOptions
            {
                HiddenSize = 16, EmbeddingSize = 16, NumberOfEpochs = 25, BatchSize = 16, LearningRate = 1e-2f, Dropout = 0,
                Seed = 1, ReplaceUnknown = true,
            })).Fit(ml.Data.LoadFromEnumerable(rows));
        Translator translator = ml.Sequences().Translation.CreateTranslator(model);
        Assert.Equal("RED Ångström GREEN", translator.Translate("red Ångström green")[0].Text);
    }

    [Fact]
    public void A_model_without_a_tokenizer_takes_keys_alone()
    {
        var ml = new MLContext(1);
        IDataView rows = TranslationTrainerTests.Tokens(ml).Fit(TranslationTrainerTests.Rows(20, 1))
            .Transform(TranslationTrainerTests.Rows(20, 1));
        Translator translator = ml.Sequences().Translation.CreateTranslator(TranslationTrainerTests.Trainer(ml, new()
        {
            HiddenSize = 4, EmbeddingSize = 3, NumberOfEpochs = 1, Seed = 1,
        }).Fit(rows));
        Assert.Single(translator.Translate(new uint[] { 1, 2, 0, 99 }));
        Assert.Contains("CreateTranslator", Assert.Throws<InvalidOperationException>(() => translator.Translate("one")).Message);
        Assert.Contains("translator", Assert.Throws<ArgumentException>(() => ml.Sequences().Translation.CreateTranslator(
            ml.Transforms.CopyColumns("x", "Features").Fit(rows))).Message);
    }

    [Fact]
    public void A_network_is_the_same_after_a_file_and_a_damaged_file_is_refused()
    {
        SequenceTranslator network = ((TranslationTransformer)((IEnumerable<ITransformer>)TranslationTrainerTests.Model)
            .SelectMany(part => part as IEnumerable<ITransformer> ?? [part])
            .First(part => part is TranslationTransformer)).Model.Network;
        using var stream = new MemoryStream();
        network.Save(stream);
        byte[] bytes = stream.ToArray();
        using var read = new MemoryStream(bytes);
        SequenceTranslator again = SequenceTranslator.Load(read);
        Assert.Equal(network.Translate([1, 2, 3])[0].LogProbability, again.Translate([1, 2, 3])[0].LogProbability);
        Assert.Equal((48, 24, AttentionKind.General), (again.DecoderHiddenSize, again.HiddenSize, again.Attention));
        bytes[^100] ^= 1;
        using var damaged = new MemoryStream(bytes);
        Assert.Throws<InvalidDataException>(() => SequenceTranslator.Load(damaged));
    }
}
