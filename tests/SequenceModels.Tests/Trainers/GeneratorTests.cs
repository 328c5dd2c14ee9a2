using Microsoft.ML;
using Microsoft.ML.Data;
using SequenceModels.Generation;
using Xunit;

namespace SequenceModels.Tests.Trainers;

/// <summary>A language model that writes, and any model fed step by step.</summary>
public class GeneratorTests
{
    private static readonly Lazy<ITransformer> s_letters = new(() => Fit(LanguageModelTests.Cycle(400), null));

    private readonly MLContext _ml = new(1);

    private SequenceGenerator Letters => _ml.Sequences().LanguageModeling.CreateGenerator(s_letters.Value);

    [Fact]
    public void It_writes_what_it_has_learned()
    {
        Assert.Equal("cabcabcabc", Letters.GenerateText("ab", new GenerationOptions { MaximumLength = 10, Temperature = 0 }));
        GeneratedToken[] tokens = [.. Letters.Generate("ab", new GenerationOptions { MaximumLength = 3, TopP = 0.5f })];
        Assert.Equal(["c", "a", "b"], tokens.Select(token => token.Token));
        Assert.Equal(["c", "a", "b"], tokens.Select(token => token.Text));
        Assert.All(tokens, token => Assert.InRange(token.LogProbability, -0.5f, 0));
    }

    /// <summary>
    /// Behind "ac", "b" is the only one that has not occurred; from then on all have, so that none is worse off than another.
    /// </summary>
    [Fact]
    public void Written_tokens_are_penalised_like_those_of_the_prompt() => Assert.Equal("bcab",
        Letters.GenerateText("ac", new GenerationOptions { MaximumLength = 4, Temperature = 0, RepetitionPenalty = 1e4f }));

    [Fact]
    public void Its_probabilities_are_those_of_its_scores()
    {
        var options = new GenerationOptions
        {
            MaximumLength = 20, Temperature = 3, Seed = 5, RepetitionPenalty = 1.2f, TopK = 3,
            TopP = 0.95f
        };
        GeneratedToken[] written = [.. Letters.Generate("ab", options)];
        IReadOnlyList<ScoredToken> scored = Letters.Score("ab" + string.Concat(written.Select(token => token.Text)));
        Assert.True(float.IsNaN(scored[0].LogProbability));
        Assert.Equal(written.Select(token => (token.Key, token.Token)), scored.Skip(2).Select(token => (token.Key, token.Token)));
        for (int i = 0; i < written.Length; i++)
            Assert.Equal(scored[i + 2].LogProbability, written[i].LogProbability, 1e-4f);
    }

    [Fact]
    public void A_seed_decides_the_text_wherever_it_is_written()
    {
        var options = new GenerationOptions { MaximumLength = 60, Temperature = 2.5f, Seed = 7 };
        string text = Letters.GenerateText("ab", options);
        Assert.Equal(text, Letters.GenerateText("ab", options));
        Assert.NotEqual(text, Letters.GenerateText("ab", options with { Seed = 8 }));
        SequenceGenerator shared = Letters;
        string[] texts = new string[16];
        Parallel.For(0, texts.Length, i => texts[i] = shared.GenerateText("ab", options));
        Assert.All(texts, each => Assert.Equal(text, each));
        Assert.Equal(shared.GenerateText("ab", options with { Seed = null }).Length, text.Length);
        Assert.NotEqual(shared.GenerateText("ab", options with { Seed = null }),
            shared.GenerateText("ab", options with { Seed = null }));
        string OfContext(int seed) => new MLContext(seed).Sequences().LanguageModeling.CreateGenerator(s_letters.Value)
            .GenerateText("ab", options with { Seed = null });
        Assert.Equal(OfContext(1), OfContext(1));
        Assert.NotEqual(OfContext(1), OfContext(2));
    }

    [Fact]
    public async Task A_text_may_be_interrupted_branched_and_saved()
    {
        var options = new GenerationOptions { MaximumLength = 40, Temperature = 2.5f, Seed = 7, RepetitionPenalty = 1.5f };
        string text = Letters.GenerateText("ab", options);
        SequenceGenerator generator = Letters;
        GeneratorState state = generator.Start("ab");
        string first = string.Concat(generator.Generate(state, options).Take(15).Select(token => token.Text));
        Assert.Equal(17, state.Length);
        GeneratorState copy = state.Copy();
        using var stream = new MemoryStream();
        state.Save(stream);
        Assert.Equal(text[15..],
            string.Concat(generator.Generate(state, options with { MaximumLength = 25 }).Select(token => token.Text)));
        Assert.Equal(text[15..],
            string.Concat(generator.Generate(copy, options with { MaximumLength = 25 }).Select(token => token.Text)));
        stream.Position = 0;
        GeneratorState loaded = Letters.LoadState(stream);
        string rest = "";
        await foreach (GeneratedToken token in generator.GenerateAsync(loaded, options with { MaximumLength = 25 },
            TestContext.Current.CancellationToken))
            rest += token.Text;
        Assert.Equal(text, first + rest);
        using var cancelled = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (GeneratedToken token in generator.GenerateAsync("ab", options, cancelled.Token))
                await cancelled.CancelAsync();
        });
    }

    [Fact]
    public void Stop_tokens_and_the_end_token_end_it()
    {
        var greedy = new GenerationOptions { Temperature = 0, MaximumLength = 50 };
        Assert.Equal("ca", Letters.GenerateText("ab", greedy with { StopTokens = ["b"] }));
        ITransformer names =
            Fit("one two three",
                SequenceTokenization.Words() with { StartToken = true, EndToken = true, MaximumLength = 4 }, copies: 30);
        SequenceGenerator generator = _ml.Sequences().LanguageModeling.CreateGenerator(names);
        Assert.Equal("one two", generator.GenerateText("", greedy)); // cut to four tokens in training: <s> one two </s>
        Assert.Equal(" two", generator.GenerateText("One", greedy));
        Assert.Equal(["<s>", "one", "two"], generator.Score("one two").Select(token => token.Token));
    }

    [Fact]
    public void A_line_end_stops_subwords_with_and_without_the_chain()
    {
        ITransformer model = Fit("tea at one\nthen cake\n", SequenceTokenization.Subwords(280), copies: 12);
        var greedy = new GenerationOptions { Temperature = 0, MaximumLength = 30, StopTokens = ["\n"] };
        SequenceGenerator generator = _ml.Sequences().LanguageModeling.CreateGenerator(model);
        string text = generator.GenerateText("tea", greedy);
        Assert.True(text.Length is > 0 and < 20 && !text.Contains('\n'), text);
        Refuses<ArgumentException>(() => generator.Generate("tea", greedy with { StopTokens = ["\u010a\u010a"] }),
            "which is no token");
        uint[] prompt = [.. generator.Score("tea").Select(token => token.Key)];
        SequenceGenerator alone =
            _ml.Sequences().LanguageModeling.CreateGenerator(Reloaded(((TransformerChain<ITransformer>)model).LastTransformer));
        Assert.Equal(text, string.Concat(alone.Generate(prompt, greedy).Select(token => token.Text)));
    }

    [Fact]
    public void A_token_that_is_the_replacement_character_is_given_whole()
    {
        ITransformer model = Fit("x\ufffd", SequenceTokenization.Characters() with { EndToken = true }, copies: 60);
        SequenceGenerator generator = _ml.Sequences().LanguageModeling.CreateGenerator(model);
        Assert.All(generator.Generate("x", new() { Seed = 1, MaximumLength = 5 }), token =>
            Assert.Equal(token.Token, token.Text));
        Assert.Contains(generator.Generate("x", new() { Seed = 1, MaximumLength = 5 }), token => token.Text == "\ufffd");
    }

    [Fact]
    public void Without_a_tokenizer_prompts_are_keys()
    {
        ITransformer last = ((TransformerChain<ITransformer>)s_letters.Value).LastTransformer;
        SequenceGenerator generator = _ml.Sequences().LanguageModeling.CreateGenerator(last);
        uint a = Letters.Score("a")[0].Key, b = Letters.Score("b")[0].Key;
        Assert.Equal("cabc",
            string.Concat(generator.Generate([a, b], new GenerationOptions { Temperature = 0, MaximumLength = 4 })
                .Select(token => token.Text)));
        // unknown keys
        Assert.Equal(3,
            generator.Generate([a, 999, 0], new GenerationOptions { MaximumLength = 3, RepetitionPenalty = 2 }).Count());
        Refuses<InvalidOperationException>(() => generator.GenerateText("ab"), "no tokenizer");
    }

    [Fact]
    public void Frames_are_written_note_by_note()
    {
        // Two notes that take turns, and a third with every other of the first.
        float[] Piece(int steps) =>
            [.. Enumerable.Range(0, steps).SelectMany(t => new float[] { t % 2 == 0 ? 1 : 0, t % 2, t % 4 == 0 ? 1 : 0 })];
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Music { Notes = Piece(200) } },
            Examples.Dimensions<Music>(nameof(Music.Notes), 0, 3));
        LanguageModelTransformer model = _ml.Sequences().LanguageModeling.Trainers.Lstm(nameof(Music.Notes),
            LanguageModelTests.Quick with { NumberOfEpochs = 40 }).Fit(data);
        Assert.InRange(_ml.Sequences().LanguageModeling.Evaluate(data, model).NllPerStep, 0, 0.2);
        FrameGenerator generator = _ml.Sequences().LanguageModeling.CreateFrameGenerator(model);
        Assert.Equal(3, generator.FrameSize);
        var likeliest = new GenerationOptions { Temperature = 0, MaximumLength = 12 };
        Assert.Equal(Piece(21)[27..], generator.Generate(Piece(9), likeliest).SelectMany(frame => frame));
        float[][] Draw(int seed) =>
            [.. generator.Generate(Piece(1), new GenerationOptions { Temperature = 4, Seed = seed, MaximumLength = 30 })];
        Assert.Equal(Draw(1), Draw(1));
        Assert.NotEqual(Draw(1), Draw(2));
        Assert.All(Draw(3).SelectMany(frame => frame), note => Assert.True(note is 0 or 1));
        Refuses<ArgumentException>(() => generator.Generate(Piece(9), new GenerationOptions { TopK = 3 }),
            "GenerationOptions.TopK must be 0");
        Refuses<ArgumentException>(() => generator.Start([]), "no frame");
        Refuses<ArgumentException>(() => generator.Generate(model.Model.Network.CreateStepper().CreateState()), "no frame");
        Refuses<ArgumentException>(() => _ml.Sequences().LanguageModeling.CreateGenerator(model),
            "reads frames, not tokens: use CreateFrameGenerator");
        Refuses<ArgumentException>(() => _ml.Sequences().LanguageModeling.CreateFrameGenerator(s_letters.Value),
            "reads tokens, not frames: use CreateGenerator");
    }

    [Fact]
    public void Frames_written_in_parts_with_a_saved_state_are_those_written_at_once()
    {
        float[] piece = [1, 0, 0, 1, 1, 1, 0, 0];
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Music { Notes = piece } },
            Examples.Dimensions<Music>(nameof(Music.Notes), 0, 2));
        LanguageModelTransformer model = _ml.Sequences().LanguageModeling.Trainers
            .Gru(nameof(Music.Notes), LanguageModelTests.Quick with { NumberOfEpochs = 1 }).Fit(data);
        FrameGenerator generator = _ml.Sequences().LanguageModeling.CreateFrameGenerator(model);
        var options = new GenerationOptions { Seed = 4, MaximumLength = 5 };
        float[][] whole = [.. generator.Generate(piece, options with { MaximumLength = 10 })];
        StepperState state = generator.Start(piece);
        float[][] first = [.. generator.Generate(state, options)];
        using var stream = new MemoryStream();
        state.Save(stream);
        stream.Position = 0;
        Assert.Equal(whole, [.. first, .. generator.Generate(generator.LoadState(stream), options)]);
    }

    /// <summary>One note at a time, of five: a piece of frames, not a text of five words.</summary>
    [Fact]
    public void Frames_of_one_note_each_are_frames()
    {
        float[] Tune(int steps) =>
            [.. Enumerable.Range(0, steps).SelectMany(t => Enumerable.Range(0, 5).Select(note => note == t % 5 ? 1f : 0f))];
        IDataView data = _ml.Data.LoadFromEnumerable(new[] { new Music { Notes = Tune(20) } },
            Examples.Dimensions<Music>(nameof(Music.Notes), 0, 5));
        LanguageModelTransformer model = _ml.Sequences().LanguageModeling.Trainers.Gru(nameof(Music.Notes),
            LanguageModelTests.Quick with { NumberOfEpochs = 1 }).Fit(data);
        FrameGenerator generator = _ml.Sequences().LanguageModeling.CreateFrameGenerator(model);
        Assert.Equal(3, generator.Generate(Tune(4), new GenerationOptions { MaximumLength = 3 }).Count());
    }

    [Fact]
    public void One_hot_steps_are_tokens()
    {
        IDataView keys = new TestView(TestColumn.Keys("Keys", 3, [1, 2, 3, 1, 2, 3]));
        IDataView data = _ml.Transforms.Categorical.OneHotSequenceEncoding("Hot", "Keys").Fit(keys).Transform(keys);
        LanguageModelTransformer model =
            _ml.Sequences().LanguageModeling.Trainers.Gru("Hot", LanguageModelTests.Quick with { NumberOfEpochs = 1 }).Fit(data);
        SequenceGenerator generator = _ml.Sequences().LanguageModeling.CreateGenerator(model);
        var options = new GenerationOptions { MaximumLength = 4, Seed = 1 };
        string[] Written(GeneratorState state) => [.. generator.Generate(state, options).Select(token => token.Text)];
        Assert.Equal(4, Written(generator.Start([2, 0, 3])).Length);
        Assert.All(Written(generator.Start([1])), token => Assert.Contains(token.Trim(), new[] { "k1", "k2", "k3" }));
    }

    [Fact]
    public void Options_out_of_range_and_empty_prompts_are_refused()
    {
        foreach ((GenerationOptions options, string message) in new (GenerationOptions, string)[]
        {
            (new() { MaximumLength = 0 }, "GenerationOptions.MaximumLength must be at least 1"),
            (new() { Temperature = -1 }, "GenerationOptions.Temperature must be"),
            (new() { Temperature = float.NaN }, "GenerationOptions.Temperature must be"),
            (new() { TopK = -1 }, "GenerationOptions.TopK must be"),
            (new() { TopP = 0 }, "GenerationOptions.TopP must be"),
            (new() { TopP = 1.1f }, "GenerationOptions.TopP must be"),
            (new() { RepetitionPenalty = 0.9f }, "GenerationOptions.RepetitionPenalty must be"),
            (new() { StopTokens = null! }, "GenerationOptions.StopTokens must be"),
            (new() { StopTokens = ["zz"] }, "has 'zz', which is no token"),
        })
            Refuses<ArgumentException>(() => Letters.Generate("ab", options), message);
        Refuses<ArgumentException>(() => Letters.Start(""), "The prompt has no token");
        Refuses<ArgumentException>(() => Letters.Start(Array.Empty<uint>()), "The prompt has no token");
        Refuses<ArgumentException>(() => _ml.Sequences().LanguageModeling.CreateGenerator(LanguageModelTests.Tokens(_ml)
            .Fit(LanguageModelTests.Lines(_ml, "a"))), "no language model");
        using var stream = new MemoryStream();
        Letters.Start("ab").Save(stream);
        stream.Position = 0;
        ITransformer other = Fit(LanguageModelTests.Cycle(50), null);
        Refuses<InvalidDataException>(() => _ml.Sequences().LanguageModeling.CreateGenerator(other).LoadState(stream),
            "another network");
    }

    [Fact]
    public void Every_task_can_be_fed_step_by_step()
    {
        IDataView data = _ml.View(40);
        ITransformer topics = _ml.TopicPipeline(Examples.Glance with { Pooling = SequencePooling.Mean }).Fit(data);
        SequenceStepper stepper = _ml.Sequences().CreateStepper(topics);
        IDataView scored = topics.Transform(data);
        float[][] scores = [.. scored.GetColumn<float[]>("Score")];
        foreach ((uint[] keys, float[] expected) in KeysOf(scored).Zip(scores))
        {
            StepperState state = stepper.CreateState();
            foreach (uint key in keys)
                stepper.Step(state, key);
            Assert.Equal(expected, state.Scores.ToArray());
        }
        ITransformer sums = _ml.SumTrainer(Examples.Glance with { Pooling = SequencePooling.Max }).Fit(data);
        SequenceStepper numbers = _ml.Sequences().CreateStepper(sums);
        foreach ((float[] readings, float expected) in data.GetColumn<float[]>(nameof(Example.Readings)).Zip(sums.Scores(data)))
        {
            StepperState state = numbers.CreateState();
            foreach (float reading in readings)
                numbers.Step(state, new ReadOnlySpan<float>(in reading));
            Assert.Equal(expected, state.Scores[0]);
        }
        SequenceStepper letters = _ml.Sequences().CreateStepper(s_letters.Value);
        Assert.Equal(1, letters.Step(letters.CreateState(), 1).ToArray().Sum(), 1e-5f);
        Refuses<ArgumentException>(() => _ml.Sequences()
            .CreateStepper(LanguageModelTests.Tokens(_ml).Fit(LanguageModelTests.Lines(_ml, "a"))), "no trained network");
        Refuses<NotSupportedException>(() => _ml.Sequences()
            .CreateStepper(_ml.SumTrainer(Examples.Glance with { Bidirectional = true }).Fit(data)), "bidirectional");
    }

    private sealed class Music
    {
        public float[] Notes { get; set; } = [];
    }

    private static IEnumerable<uint[]> KeysOf(IDataView data)
    {
        using DataViewRowCursor cursor = data.GetRowCursor([data.Schema["Features"]]);
        ValueGetter<VBuffer<uint>> get = cursor.GetGetter<VBuffer<uint>>(data.Schema["Features"]);
        VBuffer<uint> keys = default;
        while (cursor.MoveNext())
        {
            get(ref keys);
            yield return [.. keys.DenseValues()];
        }
    }

    private ITransformer Reloaded(ITransformer model)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, null, file);
        file.Position = 0;
        return _ml.Model.Load(file, out _);
    }

    private static TransformerChain<ITransformer> Fit(string text, SequenceTokenization? tokenization, int copies = 1)
    {
        var ml = new MLContext(1);
        IEstimator<ITransformer> trainer = ml.Sequences().LanguageModeling.Trainers.Lstm(options: LanguageModelTests.Quick);
        return LanguageModelTests.Tokens(ml, tokenization).Append(trainer)
            .Fit(LanguageModelTests.Lines(ml, [.. Enumerable.Repeat(text, copies)]));
    }

    private static void Refuses<TException>(Func<object> action, string message) where TException : Exception =>
        Assert.Contains(message, Assert.ThrowsAny<TException>(action).Message, StringComparison.Ordinal);
}
