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
public sealed class SequenceGenerator
{
    private readonly SequenceNetwork _network;
    private readonly SequenceStepper _stepper;
    private readonly GeneratorVocabulary _vocabulary;
    private readonly Func<int> _drawSeed;

    /// <param name="network">Predicts the next step.</param>
    /// <param name="vocabulary">Its tokens; of frames without any.</param>
    /// <param name="drawSeed">Gives a seed where the options have none.</param>
    internal SequenceGenerator(SequenceNetwork network, GeneratorVocabulary vocabulary, Func<int> drawSeed)
    {
        if (NetworkFit.ToContinue(network.Spec, tokens: null) is { } misfit)
            throw new ArgumentException($"The network cannot continue sequences: {misfit}.", nameof(network));
        (_network, _vocabulary, _drawSeed) = (network, vocabulary, drawSeed);
        _stepper = network.CreateStepper();
    }

    /// <summary>Reads a prompt.</summary>
    /// <param name="prompt">The beginning of the text; cut into tokens as the training texts were. May be empty where these had a start token.</param>
    /// <returns>The state behind it.</returns>
    /// <exception cref="ArgumentException">The prompt has no token.</exception>
    /// <exception cref="InvalidOperationException">The model has no tokenizer, or reads frames.</exception>
    public GeneratorState Start(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        RequireTokens();
        return Start(_vocabulary.Encode(prompt));
    }

    /// <summary>Reads a prompt of token keys.</summary>
    /// <param name="prompt">Keys of the vocabulary from 1, the start token's included where the training texts had one; 0 is unknown. At least one.</param>
    /// <returns>The state behind it.</returns>
    /// <exception cref="ArgumentException">The prompt has no token.</exception>
    /// <exception cref="InvalidOperationException">The model reads frames.</exception>
    public GeneratorState Start(IReadOnlyList<uint> prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        RequireTokens();
        uint[] keys = [.. prompt.Select(key => key <= (uint)_network.InputSize ? key : 0)];
        if (keys.Length == 0)
            throw new ArgumentException("The prompt has no token, and a language model needs one to go on from. Give at least one, or train on texts " +
                "with SequenceTokenization.StartToken, which then begins every prompt.", nameof(prompt));
        StepperState state = _stepper.CreateState();
        _stepper.Step(state, keys);
        return new GeneratorState(state, [.. keys], _vocabulary.StateBehind(keys));
    }

    /// <summary>Reads a prompt of frames, or of one-hot steps where the model was trained on such.</summary>
    /// <param name="prompt">
    /// [T, F] numbers, step after step, each 0 or 1; at least one frame. Of a model of tokens [T, V], with at most one 1 in a step.
    /// </param>
    /// <returns>The state behind it.</returns>
    /// <exception cref="ArgumentException">There is no frame, or the numbers do not divide into frames.</exception>
    /// <exception cref="InvalidOperationException">The model reads tokens, and the frames are no one-hot steps of its vocabulary.</exception>
    public GeneratorState StartFrames(ReadOnlySpan<float> prompt)
    {
        if (_network.TakesTokens && OneHotKeys(prompt) is { } keys)
            return Start(keys);
        StepperState state = _stepper.CreateState();
        _stepper.Step(state, prompt);
        if (state.NumberOfSteps == 0)
            throw new ArgumentException("The prompt has no frame, and a model needs one to go on from. A frame of zeros is a rest.", nameof(prompt));
        return new GeneratorState(state, [], default);
    }

    /// <summary>Reads a state that <see cref="GeneratorState.Save"/> wrote, in this process or another.</summary>
    /// <param name="stream">Where to read; stays open behind the state.</param>
    /// <exception cref="InvalidDataException">The stream holds something else, was cut short or altered, or is a state of another model.</exception>
    public GeneratorState LoadState(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return GeneratorState.Read(stream, _stepper, largestKey: _network.TakesTokens ? (uint)_network.InputSize : 0);
    }

    /// <summary>Continues a prompt.</summary>
    /// <param name="prompt">As in <see cref="Start(string)"/>.</param>
    /// <param name="options">How to write. Null: the defaults.</param>
    /// <returns>The tokens behind the prompt, each worked out when it is asked for.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <inheritdoc cref="Start(string)" path="/exception"/>
    public IEnumerable<GeneratedToken> Generate(string prompt, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return From(() => Start(prompt), options);
    }

    /// <summary>Continues a prompt of token keys.</summary>
    /// <param name="prompt">As in <see cref="Start(IReadOnlyList{uint})"/>.</param>
    /// <param name="options">How to write. Null: the defaults.</param>
    /// <inheritdoc cref="Generate(string, GenerationOptions?)" path="/returns|/exception"/>
    public IEnumerable<GeneratedToken> Generate(IReadOnlyList<uint> prompt, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return From(() => Start(prompt), options);
    }

    /// <summary>Goes on from a state, which moves on with each token: what is written in two parts is what would be written in one.</summary>
    /// <param name="state">Of this model.</param>
    /// <param name="options">How to write. Null: the defaults. Give a seed to be able to repeat what is written.</param>
    /// <returns>The next tokens, each worked out when it is asked for. A token that ends the text is read by the state, but not given.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <exception cref="ArgumentException">No token reads as one of the stop tokens, or the state is of another model.</exception>
    public IEnumerable<GeneratedToken> Generate(GeneratorState state, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        return From(() => state, options);
    }

    /// <summary>Continues a prompt, each token worked out on a thread of the pool.</summary>
    /// <param name="prompt">As in <see cref="Start(string)"/>.</param>
    /// <param name="options">How to write. Null: the defaults.</param>
    /// <param name="cancellationToken">Ends it between two tokens.</param>
    /// <inheritdoc cref="Generate(string, GenerationOptions?)" path="/exception"/>
    public IAsyncEnumerable<GeneratedToken> GenerateAsync(string prompt, GenerationOptions? options = null,
        CancellationToken cancellationToken = default) => InPool(Generate(prompt, options), cancellationToken);

    /// <summary>Goes on from a state, each token worked out on a thread of the pool.</summary>
    /// <param name="state">Of this model; moves on.</param>
    /// <param name="options">How to write. Null: the defaults.</param>
    /// <param name="cancellationToken">Ends it between two tokens; the state then stands behind the last one.</param>
    /// <inheritdoc cref="Generate(GeneratorState, GenerationOptions?)" path="/exception"/>
    public IAsyncEnumerable<GeneratedToken> GenerateAsync(GeneratorState state, GenerationOptions? options = null,
        CancellationToken cancellationToken = default) => InPool(Generate(state, options), cancellationToken);

    /// <summary>Continues a prompt and gives what was written as one text, without the prompt.</summary>
    /// <inheritdoc cref="Generate(string, GenerationOptions?)"/>
    /// <returns>Whole characters: a part of one that the last token begins is left out.</returns>
    public string GenerateText(string prompt, GenerationOptions? options = null) =>
        string.Concat(Generate(prompt, options).Select(token => token.Text));

    /// <summary>Continues frames of several things at once, such as the notes of a piece of music.</summary>
    /// <param name="state">From <see cref="StartFrames"/>; moves on.</param>
    /// <param name="options">How to write: MaximumLength, Temperature and Seed. Null: the defaults.</param>
    /// <returns>The next frames [F], each number 0 or 1, drawn by its own probability.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range, or has no meaning for frames; the message names it.</exception>
    /// <exception cref="InvalidOperationException">The model reads tokens.</exception>
    public IEnumerable<float[]> GenerateFrames(GeneratorState state, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (_network.TakesTokens)
            throw new InvalidOperationException("This model reads tokens, not frames: use Generate.");
        options ??= new GenerationOptions();
        options.Validate();
        options.RefuseOptionsOfTokens();
        return Frames(state.Network, options, options.Seed ?? _drawSeed());
    }

    /// <summary>How likely the model finds each token of a text, given those before it.</summary>
    /// <param name="text">Cut into tokens as the training texts were; the end token, where these had one, is left out.</param>
    /// <returns>One for each token, in their order, special tokens included.</returns>
    /// <exception cref="InvalidOperationException">The model has no tokenizer, or reads frames.</exception>
    /// <exception cref="ArithmeticException">A probability is NaN, by weights that are too large.</exception>
    public IReadOnlyList<ScoredToken> Score(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        RequireTokens();
        uint[] keys = _vocabulary.Encode(text);
        float[] logProbabilities = new SequenceLikelihood(_network.Layers).LogProbabilities(keys);
        var scored = new ScoredToken[keys.Length];
        for (int i = 0; i < keys.Length; i++)
            scored[i] = new ScoredToken(keys[i], _vocabulary.NameOf(keys[i]), logProbabilities[i]);
        return scored;
    }

    private IEnumerable<GeneratedToken> From(Func<GeneratorState> start, GenerationOptions? options)
    {
        RequireTokens();
        options ??= new GenerationOptions();
        options.Validate();
        StopTokens stops = _vocabulary.Stops(options.StopTokens);
        return Tokens(start, options, stops, options.Seed ?? _drawSeed());
    }

    /// <summary>A draw depends on the seed and the place in the text alone, so that a text may be interrupted.</summary>
    private static RandomStream DrawsAt(int seed, StepperState state) => RandomStream.For(seed, purpose: (ulong)state.NumberOfSteps);

    private IEnumerable<GeneratedToken> Tokens(Func<GeneratorState> start, GenerationOptions options, StopTokens stops, int seed)
    {
        GeneratorState state = start();
        var sampler = new TokenSampler(_network.NumberOfOutputs, _vocabulary.StartKey);
        Detokenizer detokenizer = _vocabulary.CreateDetokenizer();
        for (int i = 0; i < options.MaximumLength; i++)
        {
            uint key = sampler.Draw(state.Network.Scores, state.Seen, options, DrawsAt(seed, state.Network).NextDouble());
            float logProbability = (float)Math.Log(state.Network.Scores[(int)key]);
            _stepper.Step(state.Network, key);
            state.Seen.Add(key);
            detokenizer.State = state.Text;
            string text = detokenizer.Append(key);
            state.Text = detokenizer.State;
            if (stops.Stop(key, text))
                yield break;
            yield return new GeneratedToken(key, _vocabulary.NameOf(key), text, logProbability);
        }
    }

    private IEnumerable<float[]> Frames(StepperState state, GenerationOptions options, int seed)
    {
        for (int i = 0; i < options.MaximumLength; i++)
        {
            RandomStream draws = DrawsAt(seed, state);
            float[] frame = new float[_network.InputSize];
            for (int k = 0; k < frame.Length; k++)
                frame[k] = IsDrawn(state.Scores[k], options.Temperature, draws.NextDouble()) ? 1 : 0;
            _stepper.Step(state, frame);
            yield return frame;
        }
    }

    private static bool IsDrawn(double probability, float temperature, double uniform)
    {
        if (temperature == 0)
            return probability > 0.5;
        // The logit divided by the temperature: p^(1/T) beside (1 - p)^(1/T).
        double there = Math.Pow(probability, 1 / (double)temperature), absent = Math.Pow(1 - probability, 1 / (double)temperature);
        return uniform < there / (there + absent);
    }

    private static async IAsyncEnumerable<T> InPool<T>(IEnumerable<T> items, [EnumeratorCancellation] CancellationToken cancellationToken)
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

    /// <summary>The keys of one-hot steps [T, V]; null: they are none.</summary>
    private uint[]? OneHotKeys(ReadOnlySpan<float> steps)
    {
        int size = _network.InputSize;
        if (steps.Length % size != 0)
            return null;
        uint[] keys = new uint[steps.Length / size];
        for (int i = 0; i < steps.Length; i++)
        {
            if (steps[i] == 0)
                continue;
            if (steps[i] != 1 || keys[i / size] != 0)
                return null;
            keys[i / size] = (uint)(i % size) + 1;
        }
        return keys;
    }

    private void RequireTokens()
    {
        if (!_network.TakesTokens)
            throw new InvalidOperationException("This model reads frames, not tokens: use StartFrames and GenerateFrames.");
    }
}
