using System.Runtime.CompilerServices;
using SequenceModels.Generation;
using SequenceModels.Networks;
using SequenceModels.Parameters;
using SequenceModels.Text;

namespace SequenceModels;

/// <summary>
/// Writes with a language model: continues a prompt, token by token, and tells how likely it finds a text. Had from
/// <c>mlContext.Sequences().LanguageModeling.CreateGenerator</c>. Safe to share between threads; what is remembered is in a
/// <see cref="GeneratorState"/>, one for each text.
/// </summary>
public sealed partial class SequenceGenerator
{
    private readonly SequenceNetwork _network;
    private readonly SequenceStepper _stepper;
    private readonly GeneratorVocabulary _vocabulary;
    private readonly Func<int> _drawSeed;

    /// <param name="network">Predicts the next step.</param>
    /// <param name="vocabulary">Its tokens.</param>
    /// <param name="drawSeed">Gives a seed where the options have none.</param>
    internal SequenceGenerator(SequenceNetwork network, GeneratorVocabulary vocabulary, Func<int> drawSeed)
    {
        if (NetworkFit.ToContinue(network.Spec, tokens: null) is { } misfit)
            throw new ArgumentException($"The network cannot continue sequences: {misfit}.", nameof(network));
        if (!network.TakesTokens)
            throw new ArgumentException("The model reads frames, not tokens: use CreateFrameGenerator.", nameof(network));
        (_network, _vocabulary, _drawSeed) = (network, vocabulary, drawSeed);
        _stepper = network.CreateStepper();
    }

    /// <summary>
    /// The same generator with 8-bit weights: a quarter of the file, faster, and scores that differ a little
    /// (<see cref="SequenceNetwork.WithEightBitWeights"/>).
    /// </summary>
    /// <returns>A new one; this one is left as it is. It takes no states of this one.</returns>
    public SequenceGenerator WithEightBitWeights() => new(_network.WithEightBitWeights(), _vocabulary, _drawSeed);

    /// <summary>Reads a prompt.</summary>
    /// <param name="prompt">
    /// The beginning of the text; cut into tokens as the training texts were. May be empty where these had a start token.
    /// </param>
    /// <returns>The state after it.</returns>
    /// <exception cref="ArgumentException">The prompt has no token.</exception>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    public GeneratorState Start(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return Start(_vocabulary.Encode(prompt));
    }

    /// <summary>Reads a prompt of token keys.</summary>
    /// <param name="prompt">
    /// Keys of the vocabulary from 1, the start token's included where the training texts had one; 0 is unknown. At least one.
    /// </param>
    /// <returns>The state after it.</returns>
    /// <exception cref="ArgumentException">The prompt has no token.</exception>
    public GeneratorState Start(IReadOnlyList<uint> prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        uint[] keys = [.. prompt.Select(key => key <= (uint)_network.InputSize ? key : 0)];
        if (keys.Length == 0)
            throw new ArgumentException(
                "The prompt has no token, and a language model needs one to go on from. Give at least one, or train on texts " +
                "with SequenceTokenization.StartToken, which then begins every prompt.", nameof(prompt));
        StepperState state = _stepper.CreateState();
        _stepper.Step(state, keys);
        return new GeneratorState(state, [.. keys], _vocabulary.StateAfter(keys));
    }

    /// <summary>Reads a state that <see cref="GeneratorState.Save"/> wrote, in this process or another.</summary>
    /// <param name="stream">Where to read; stays open after the state.</param>
    /// <exception cref="InvalidDataException">
    /// The stream holds something else, was cut short or altered, or is a state of another model.
    /// </exception>
    public GeneratorState LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return GeneratorState.Read(stream, _stepper, largestKey: (uint)_network.InputSize);
    }

    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">As in <see cref="Start(string)"/>.</param>
    /// <param name="options">How to write. Null: the defaults.</param>
    /// <returns>The tokens after the prompt, each worked out when it is asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <inheritdoc cref="Start(string)" path="/exception"/>
    public IEnumerable<GeneratedToken> Generate(string prompt, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return CreateTokens(() => Start(prompt), options);
    }

    /// <summary>Continues a prompt of token keys.</summary>
    /// <param name="prompt">As in <see cref="Start(IReadOnlyList{uint})"/>.</param>
    /// <param name="options">How to write. Null: the defaults.</param>
    /// <inheritdoc cref="Generate(string, GenerationOptions?)" path="/returns|/exception"/>
    public IEnumerable<GeneratedToken> Generate(IReadOnlyList<uint> prompt, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return CreateTokens(() => Start(prompt), options);
    }

    /// <summary>
    /// Continues from a state. The state moves on with each token: two calls write what one call of both lengths would write.
    /// </summary>
    /// <param name="state">Of this model.</param>
    /// <param name="options">How to write. Null: the defaults. Give a seed to be able to repeat what is written.</param>
    /// <returns>
    /// The next tokens, each worked out when it is asked for. A token that ends the text is read by the state, but not given.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ArgumentException">
    /// No token reads as one of the stop tokens, or the state is of another model.
    /// </exception>
    public IEnumerable<GeneratedToken> Generate(GeneratorState state, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        return CreateTokens(() => state, options);
    }

    /// <summary>Continues a prompt, each token worked out on a thread of the pool.</summary>
    /// <param name="prompt">As in <see cref="Start(string)"/>.</param>
    /// <param name="options">How to write. Null: the defaults.</param>
    /// <param name="cancellationToken">Ends it between two tokens.</param>
    /// <inheritdoc cref="Generate(string, GenerationOptions?)" path="/exception"/>
    public IAsyncEnumerable<GeneratedToken> GenerateAsync(string prompt, GenerationOptions? options = null,
        CancellationToken cancellationToken = default) => OnThreadPool(Generate(prompt, options), cancellationToken);

    /// <summary>Goes on from a state, each token worked out on a thread of the pool.</summary>
    /// <param name="state">Of this model; moves on.</param>
    /// <param name="options">How to write. Null: the defaults.</param>
    /// <param name="cancellationToken">Ends it between two tokens; the state then stands after the last one.</param>
    /// <inheritdoc cref="Generate(GeneratorState, GenerationOptions?)" path="/exception"/>
    public IAsyncEnumerable<GeneratedToken> GenerateAsync(GeneratorState state, GenerationOptions? options = null,
        CancellationToken cancellationToken = default) => OnThreadPool(Generate(state, options), cancellationToken);

    /// <summary>Continues a prompt and gives what was written as one text, without the prompt.</summary>
    /// <inheritdoc cref="Generate(string, GenerationOptions?)"/>
    /// <returns>Whole characters: a part of one that the last token begins is left out.</returns>
    public string GenerateText(string prompt, GenerationOptions? options = null) =>
        _vocabulary.CreateDetokenizer().TextOf(Generate(prompt, options).Select(token => token.Text));

    /// <summary>How likely the model finds each token of a text, given those before it.</summary>
    /// <param name="text">Cut into tokens as the training texts were; the end token, where these had one, is left out.</param>
    /// <returns>One for each token, in their order, special tokens included.</returns>
    /// <exception cref="InvalidOperationException">The model has no tokenizer.</exception>
    /// <exception cref="ArithmeticException">A probability is NaN, by weights that are too large.</exception>
    public IReadOnlyList<ScoredToken> Score(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        uint[] keys = _vocabulary.Encode(text);
        float[] logProbabilities = new SequenceLikelihood(_network.Layers).LogProbabilities(keys);
        var scored = new ScoredToken[keys.Length];
        for (int i = 0; i < keys.Length; i++)
            scored[i] = new ScoredToken(keys[i], _vocabulary.NameOf(keys[i]), logProbabilities[i]);
        return scored;
    }

    private IEnumerable<GeneratedToken> CreateTokens(Func<GeneratorState> start, GenerationOptions? options)
    {
        options ??= new GenerationOptions();
        options.Validate();
        StopTokens stops = StopsOf(options);
        return options.BeamSize > 1 ? Best(start, options, stops) : Drawn(start, options, stops, options.Seed ?? _drawSeed());
    }

    private StopTokens StopsOf(GenerationOptions options) => options.BeamSize == 1
        ? _vocabulary.Stops(options.StopTokens) : _vocabulary.StopsOfOneToken(options.StopTokens);

    private IEnumerable<GeneratedToken> Drawn(Func<GeneratorState> start, GenerationOptions options, StopTokens stops, int seed)
    {
        GeneratorState state = start();
        var sampler = new TokenSampler(_network.NumberOfOutputs, _vocabulary.StartKey);
        foreach (GeneratedToken token in Write(state, Keys(), stops))
            yield return token;

        IEnumerable<uint> Keys()
        {
            for (int i = 0; i < options.MaximumLength; i++)
            {
                // Depends on the seed and the step alone, so that a text may be written in parts.
                double uniform = RandomStream.For(seed, purpose: (ulong)state.Network.NumberOfSteps).NextDouble();
                yield return sampler.Draw(state.Network.Scores, state.Seen, options, uniform);
            }
        }
    }

    /// <summary>Writes tokens, each when it is asked for; the state moves on with them.</summary>
    private IEnumerable<GeneratedToken> Write(GeneratorState state, IEnumerable<uint> keys, StopTokens stops)
    {
        Detokenizer detokenizer = _vocabulary.CreateDetokenizer();
        foreach (uint key in keys)
        {
            float logProbability = (float)Math.Log(state.Network.Scores[(int)key]);
            _stepper.Step(state.Network, key);
            state.Seen.Add(key);
            detokenizer.State = state.Text;
            string text = detokenizer.Append(key);
            state.Text = detokenizer.State;
            if (stops.Ends(key, text))
                yield break;
            yield return new GeneratedToken(key, _vocabulary.NameOf(key), text, logProbability);
        }
    }

    private static async IAsyncEnumerable<T> OnThreadPool<T>(IEnumerable<T> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using IEnumerator<T> enumerator = items.GetEnumerator();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!await Task.Run(enumerator.MoveNext, cancellationToken).ConfigureAwait(false))
                yield break;
            yield return enumerator.Current;
        }
    }
}
