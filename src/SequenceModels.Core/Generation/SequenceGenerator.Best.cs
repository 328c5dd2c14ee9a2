using SequenceModels.Generation;
using SequenceModels.Networks;

namespace SequenceModels;

/// <content>The likeliest texts as a whole, found by a search.</content>
public sealed partial class SequenceGenerator
{
    private const int DefaultBeamSize = 4;

    /// <summary>
    /// Looks for the likeliest texts behind a prompt, by a search of <see cref="GenerationOptions.BeamSize"/> hypotheses.
    /// </summary>
    /// <param name="prompt">As in <see cref="Start(string)"/>.</param>
    /// <param name="options">How to search. Null: the defaults with a beam of 4.</param>
    /// <param name="count">How many texts are wanted, 1 to the size of the beam.</param>
    /// <returns>The best first; as many as are wanted, or fewer where fewer were found.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option, or <paramref name="count"/>, is out of its range; the message names it.
    /// </exception>
    /// <inheritdoc cref="Start(string)" path="/exception"/>
    public IReadOnlyList<GeneratedSequence> GenerateBest(string prompt, GenerationOptions? options = null, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        return GenerateBest(Start(prompt), options, count);
    }

    /// <summary>Looks for the likeliest texts that go on from a state, which does not move.</summary>
    /// <param name="state">Of this model.</param>
    /// <param name="options">How to search. Null: the defaults with a beam of 4.</param>
    /// <param name="count">How many texts are wanted, 1 to the size of the beam.</param>
    /// <inheritdoc cref="GenerateBest(string, GenerationOptions?, int)" path="/returns|/exception"/>
    public IReadOnlyList<GeneratedSequence> GenerateBest(GeneratorState state, GenerationOptions? options = null, int count = 1)
    {
        ArgumentNullException.ThrowIfNull(state);
        options ??= new GenerationOptions { BeamSize = DefaultBeamSize };
        options.Validate();
        if (count < 1 || count > options.BeamSize)
            throw new ArgumentOutOfRangeException(nameof(count), InvariantText.Of(count), Invariant(
                $"As many texts as are wanted must be between 1 and the size of the beam, {options.BeamSize}."));
        StopTokens stops = StopsOf(options);
        return [.. Search(state, options, stops, count).Select(found =>
        {
            GeneratedToken[] tokens = [.. Write(state.Copy(), found.Tokens, stops)];
            string text = _vocabulary.CreateDetokenizer().TextOf(tokens.Select(token => token.Text));
            return new GeneratedSequence(text, tokens, found.LogProbability, found.Score, found.IsFinished);
        })];
    }

    private IEnumerable<GeneratedToken> Best(Func<GeneratorState> start, GenerationOptions options, StopTokens stops)
    {
        GeneratorState state = start();
        FoundSequence found = Search(state, options, stops, count: 1)[0];
        foreach (GeneratedToken token in Write(state, found.End is { } end ? [.. found.Tokens, end] : found.Tokens, stops))
            yield return token;
    }

    private FoundSequence[] Search(GeneratorState state, GenerationOptions options, StopTokens stops, int count)
    {
        _stepper.Step(state.Network, ReadOnlySpan<uint>.Empty); // refuses the state of another model
        var texts = new ContinuingHypotheses(_network.Layers, state.Network, stops.Keys, _vocabulary.StartKey);
        var settings = new SearchSettings(options.BeamSize, options.LengthPenalty, Answers: count);
        return new BeamSearch(texts, settings, keepsAttention: false).Run(sources: 1, begin: 0, _ => options.MaximumLength)[0];
    }
}
