using SequenceModels.Networks;
using SequenceModels.Parameters;

namespace SequenceModels;

/// <summary>
/// Continues frames of several things at once, such as the notes of a piece of music, with a language model that was trained on
/// frames. Had from <c>mlContext.Sequences().LanguageModeling.CreateFrameGenerator</c>. Safe to share between threads;
/// what it remembers of a sequence is in a <see cref="StepperState"/>, one for each sequence.
/// </summary>
public sealed class FrameGenerator
{
    private readonly SequenceNetwork _network;
    private readonly SequenceStepper _stepper;
    private readonly Func<int> _drawSeed;

    /// <param name="network">Predicts the next frame.</param>
    /// <param name="drawSeed">Gives a seed where the options have none.</param>
    internal FrameGenerator(SequenceNetwork network, Func<int> drawSeed)
    {
        if (NetworkFit.ToContinue(network.Spec, tokens: null) is { } misfit)
            throw new ArgumentException($"The network cannot continue sequences: {misfit}.", nameof(network));
        if (network.TakesTokens)
            throw new ArgumentException("The model reads tokens, not frames: use CreateGenerator.", nameof(network));
        (_network, _drawSeed) = (network, drawSeed);
        _stepper = network.CreateStepper();
    }

    /// <summary>F: how many numbers a frame has.</summary>
    public int FrameSize => _network.InputSize;

    /// <summary>Reads a prompt.</summary>
    /// <param name="prompt">[T, F] numbers, frame after frame, each 0 or 1; at least one frame.</param>
    /// <returns>The state after the prompt. It can be copied, and saved.</returns>
    /// <exception cref="ArgumentException">There is no frame, or the numbers do not divide into frames.</exception>
    public StepperState Start(ReadOnlySpan<float> prompt)
    {
        StepperState state = _stepper.CreateState();
        _stepper.Step(state, prompt);
        return state.NumberOfSteps > 0 ? state : throw NoFrame(nameof(prompt));
    }

    /// <summary>Reads a state that <see cref="StepperState.Save"/> wrote, in this process or another.</summary>
    /// <param name="stream">Where to read; stays open after the state.</param>
    /// <exception cref="InvalidDataException">
    /// The stream holds something else, was cut short or altered, or is a state of another model.
    /// </exception>
    public StepperState LoadState(Stream stream) => _stepper.LoadState(stream);

    /// <summary>Continues a prompt, which is read at once.</summary>
    /// <param name="prompt">As in <see cref="Start"/>.</param>
    /// <param name="options">How to write: MaximumLength, Temperature and Seed. Null: the defaults.</param>
    /// <returns>
    /// The next frames [F], each worked out when it is asked for; each number is 0 or 1, drawn by its own probability.
    /// </returns>
    /// <exception cref="ArgumentException">There is no frame, or the numbers do not divide into frames.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of its range, or has no meaning for frames; the message names it.
    /// </exception>
    public IEnumerable<float[]> Generate(ReadOnlySpan<float> prompt, GenerationOptions? options = null) =>
        Generate(Start(prompt), options);

    /// <summary>
    /// Continues from a state. The state moves on with each frame: two calls give what one call of both lengths would give.
    /// </summary>
    /// <param name="state">Of this model, after at least one frame.</param>
    /// <param name="options">
    /// How to write: MaximumLength, Temperature and Seed. Null: the defaults. Give a seed to repeat what is written.
    /// </param>
    /// <returns>
    /// The next frames [F], each worked out when it is asked for; each number is 0 or 1, drawn by its own probability.
    /// </returns>
    /// <exception cref="ArgumentException">The state has read no frame.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// An option is out of its range, or has no meaning for frames; the message names it.
    /// </exception>
    public IEnumerable<float[]> Generate(StepperState state, GenerationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        options ??= new GenerationOptions();
        options.Validate();
        options.RefuseOptionsOfTokens();
        return state.NumberOfSteps > 0 ? Frames(state, options, options.Seed ?? _drawSeed()) : throw NoFrame(nameof(state));
    }

    private IEnumerable<float[]> Frames(StepperState state, GenerationOptions options, int seed)
    {
        for (int i = 0; i < options.MaximumLength; i++)
        {
            // Depends on the seed and the step alone, so that a sequence may be written in parts.
            var random = RandomStream.For(seed, purpose: (ulong)state.NumberOfSteps);
            float[] frame = new float[FrameSize];
            for (int k = 0; k < frame.Length; k++)
                frame[k] = IsDrawn(state.Scores[k], options.Temperature, random.NextDouble()) ? 1 : 0;
            _stepper.Step(state, frame);
            yield return frame;
        }
    }

    private static bool IsDrawn(double probability, float temperature, double uniform)
    {
        if (temperature == 0)
            return probability > 0.5;
        // The sigmoid of logit / T, which is p^(1/T) / (p^(1/T) + (1 - p)^(1/T)).
        double present = Math.Pow(probability, 1 / (double)temperature),
            absent = Math.Pow(1 - probability, 1 / (double)temperature);
        return uniform < present / (present + absent);
    }

    private static ArgumentException NoFrame(string parameter) =>
        new("There is no frame, and a model needs one to go on from. A frame of zeros is a rest.", parameter);
}
