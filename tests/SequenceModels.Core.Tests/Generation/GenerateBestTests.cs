using SequenceModels.Generation;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Sequences;
using SequenceModels.Tests.Reference;
using SequenceModels.Text;
using Xunit;

namespace SequenceModels.Tests.Generation;

/// <summary>A language model's likeliest text as a whole, beside all texts that there are.</summary>
public class GenerateBestTests
{
    private const int Longest = 4;

    private static readonly string[] s_names = ["<s>", "</s>", "a", "b", "c"];

    private readonly SequenceNetwork _network;
    private readonly SequenceGenerator _generator;

    public GenerateBestTests() : this("LSTM", embedding: 3, layers: 2) { }

    private GenerateBestTests(string cell, int embedding, int layers)
    {
        _network = Network(cell, embedding, layers, seed: 3);
        _generator = Generator(_network);
    }

    public static TheoryData<string, int, int> Networks => new()
    {
        { "RNN", 3, 1 }, { "GRU", 0, 2 }, { "LSTM", 3, 2 }, { "LSTM", 0, 1 },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_beam_as_wide_as_all_texts_finds_the_best_of_all(string cell, int embedding, int layers)
    {
        for (int seed = 1; seed <= 5; seed++)
        {
            SequenceNetwork network = Network(cell, embedding, layers, seed);
            foreach (float penalty in new[] { 0f, 1.5f })
            {
                var options = new GenerationOptions { BeamSize = 200, MaximumLength = Longest, LengthPenalty = penalty };
                GeneratedSequence best = Generator(network).GenerateBest("ab", options)[0];
                (string text, double logProbability, double score) = All(network, [1, 3, 4], penalty).MaxBy(each => each.Score);
                Assert.Equal(text, best.Text);
                Assert.Equal(logProbability, best.LogProbability, 1e-5);
                Assert.Equal(score, best.Score, 1e-5);
                Assert.True(best.IsComplete);
            }
        }
    }

    [Fact]
    public void The_best_are_given_best_first()
    {
        var options = new GenerationOptions { BeamSize = 200, MaximumLength = Longest };
        string[] expected = [.. All(_network, [1, 3], 0).OrderByDescending(each => each.Score).Select(each => each.Text).Take(5)];
        IReadOnlyList<GeneratedSequence> found = _generator.GenerateBest("a", options, count: 5);
        Assert.Equal(expected, found.Select(each => each.Text));
        Assert.All(found, each => Assert.Equal(each.Text, string.Concat(each.Tokens.Select(token => token.Text))));
        Assert.Equal(_generator.GenerateBest("a", options with { BeamSize = 4 })[0].Text, _generator.GenerateBest("a")[0].Text);
    }

    [Fact]
    public void A_beam_of_one_takes_the_likeliest_token_each_time()
    {
        var options = new GenerationOptions { MaximumLength = 30 };
        foreach (string prompt in new[] { "a", "bc", "cab" })
            Assert.Equal(_generator.GenerateText(prompt, options with { Temperature = 0 }),
                _generator.GenerateBest(prompt, options)[0].Text);
    }

    [Fact]
    public void It_is_what_Generate_writes_and_the_state_stands_behind_it()
    {
        var options = new GenerationOptions { BeamSize = 3, MaximumLength = 3, StopTokens = ["c"] };
        GeneratedSequence best = _generator.GenerateBest("ab", options)[0];
        Assert.Equal(best.Text, _generator.GenerateText("ab", options));
        GeneratorState state = _generator.Start("ab"), copy = state.Copy();
        Assert.Equal(best.Tokens, _generator.GenerateBest(state, options)[0].Tokens);
        Assert.Equal(3, state.Length); // a search does not move it
        Assert.Equal(best.Tokens, _generator.Generate(state, options));
        Assert.Equal(3 + best.Tokens.Count + (best.IsComplete ? 1 : 0), state.Length);
        Assert.Equal(best.LogProbability - (best.IsComplete ? LastOf(copy, best) : 0),
            best.Tokens.Sum(token => (double)token.LogProbability), 1e-5);
    }

    [Fact]
    public void A_stop_token_ends_a_text_and_the_start_token_is_never_written()
    {
        var options = new GenerationOptions { BeamSize = 5, MaximumLength = 12, StopTokens = ["b"] };
        foreach (GeneratedSequence found in _generator.GenerateBest("a", options, count: 5))
            Assert.DoesNotContain(found.Tokens, token => token.Token is "<s>" or "</s>" or "b");
    }

    [Fact]
    public void What_a_search_cannot_do_is_refused()
    {
        void Refuses(string name, GenerationOptions options, int count = 1) => Assert.Contains(name,
            Assert.Throws<ArgumentOutOfRangeException>(() => _generator.GenerateBest("a", options, count)).Message);
        Refuses("BeamSize", new() { BeamSize = 0 });
        Refuses("LengthPenalty", new() { LengthPenalty = float.NaN });
        Refuses("Temperature", new() { BeamSize = 2, Temperature = 0.5f });
        Refuses("TopK", new() { BeamSize = 2, TopK = 1 });
        Refuses("TopP", new() { BeamSize = 2, TopP = 0.5f });
        Refuses("RepetitionPenalty", new() { BeamSize = 2, RepetitionPenalty = 2 });
        Refuses("count", new() { BeamSize = 2 }, count: 3);
        Assert.Throws<ArgumentException>(() =>
            _generator.GenerateBest(Generator(Network("GRU", 3, 1, seed: 1)).Start("a")));
    }

    /// <summary>Logarithm of the probability of the token that ended a text.</summary>
    private double LastOf(GeneratorState state, GeneratedSequence found)
    {
        SequenceStepper stepper = _network.CreateStepper();
        foreach (GeneratedToken token in found.Tokens)
            stepper.Step(state.Network, token.Key);
        return Math.Log(Math.Max(state.Network.Scores[2], state.Network.Scores[5]));
    }

    /// <summary>Every text that ends within the longest, with its probability.</summary>
    private static IEnumerable<(string Text, double LogProbability, double Score)> All(SequenceNetwork network,
        uint[] prompt, float penalty)
    {
        SequenceStepper stepper = network.CreateStepper();
        StepperState begin = stepper.CreateState();
        stepper.Step(begin, prompt);
        return Behind("", begin, 0, 0);

        IEnumerable<(string, double, double)> Behind(string text, StepperState state, double sum, int length)
        {
            double ended = sum + Math.Log(state.Scores[2]);
            yield return (text, ended, ended / Math.Pow((5.0 + length + 1) / 6, penalty));
            for (uint key = 3; length < Longest - 1 && key <= 5; key++)
            {
                StepperState next = state.Copy();
                double longer = sum + Math.Log(state.Scores[(int)key]);
                stepper.Step(next, key);
                foreach ((string, double, double) each in Behind(text + s_names[key - 1], next, longer, length + 1))
                    yield return each;
            }
        }
    }

    private static SequenceNetwork Network(string cell, int embedding, int layers, int seed) => new NetworkRun(new()
    {
        Input = StepFeatureKind.Tokens, InputSize = s_names.Length, EmbeddingSize = embedding, Cell = cell, HiddenSize = 19,
        NumberOfLayers = layers, Head = HeadKind.Softmax, NumberOfOutputs = s_names.Length + 1, EveryStep = true,
    }, seed).Network;

    private static SequenceGenerator Generator(SequenceNetwork network)
    {
        var tokenizer = new SequenceTokenizer(SequenceTokenization.Characters() with { StartToken = true, EndToken = true },
            new Vocabulary(hasStart: true, hasEnd: true, s_names[2..]));
        return new(network, new GeneratorVocabulary(s_names, tokenizer, null, s_names.Length), () => 1);
    }
}
