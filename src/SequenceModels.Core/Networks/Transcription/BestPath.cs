using System.Numerics.Tensors;
using SequenceModels.Files;
using SequenceModels.Heads;

namespace SequenceModels.Networks;

/// <summary>
/// The likeliest output of each step, of equal neighbours one, without blanks: step by step, as they come.
/// </summary>
/// <remarks>Graves et al., ICML 2006, section 3.2.</remarks>
internal sealed class BestPath
{
    private readonly List<uint> _tokens = [];
    private readonly List<TokenTime> _times = [];
    private int _last = CtcOutputLayer.Blank;

    public IReadOnlyList<uint> Tokens => _tokens;

    public IReadOnlyList<TokenTime> Times => _times;

    /// <summary>Steps so far.</summary>
    public int Steps { get; private set; }

    /// <summary>The likeliest output of a step: of equal ones the first.</summary>
    public static int Decide(ReadOnlySpan<float> scores) => TensorPrimitives.IndexOfMax(scores);

    /// <summary>Takes the likeliest output of the next step.</summary>
    /// <returns>Whether a token begins.</returns>
    public bool Add(int output)
    {
        bool begins = output != CtcOutputLayer.Blank && output != _last;
        if (begins)
        {
            _tokens.Add((uint)output);
            _times.Add(new TokenTime(Steps, 1));
        }
        else if (output != CtcOutputLayer.Blank)
            _times[^1] = _times[^1] with { NumberOfSteps = _times[^1].NumberOfSteps + 1 };
        (_last, Steps) = (output, Steps + 1);
        return begins;
    }

    /// <summary>Begins with another sequence.</summary>
    public void Clear()
    {
        _tokens.Clear();
        _times.Clear();
        (_last, Steps) = (CtcOutputLayer.Blank, 0);
    }

    /// <summary>Another one that stands at the same place.</summary>
    public BestPath Copy()
    {
        var copy = new BestPath { _last = _last, Steps = Steps };
        copy._tokens.AddRange(_tokens);
        copy._times.AddRange(_times);
        return copy;
    }

    public void Write(PayloadWriter writer)
    {
        writer.Write(Steps);
        writer.Write(_last != CtcOutputLayer.Blank);
        writer.WriteArray([.. _tokens.Zip(_times)], (PayloadWriter to, (uint First, TokenTime Second) token) =>
        {
            to.Write(token.First);
            to.Write(token.Second.FirstStep);
            to.Write(token.Second.NumberOfSteps);
        });
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <param name="reader">Where it is.</param>
    /// <param name="steps">How many the sequence has had.</param>
    /// <param name="largestKey">Of the tokens.</param>
    public static BestPath Read(PayloadReader reader, long steps, int largestKey)
    {
        var path = new BestPath { Steps = reader.ReadInt32() };
        if (path.Steps != steps)
            throw reader.Invalid(Invariant($"its tokens were heard in {path.Steps} steps, and the network has had {steps}"));
        bool goesOn = reader.ReadBoolean();
        int end = 0;
        foreach ((uint token, TokenTime time) in reader.ReadArray("tokens", 3 * sizeof(int),
            from => (from.ReadUInt32(), new TokenTime(from.ReadInt32(), from.ReadInt32()))))
        {
            if (token < 1 || token > largestKey)
                throw reader.Invalid(Invariant($"it has heard token {token}, where keys are 1 to {largestKey}"));
            if (time.FirstStep < end || time.NumberOfSteps < 1 || time.NumberOfSteps > path.Steps - time.FirstStep)
                throw reader.Invalid(Invariant($"token {token} was heard in {time.NumberOfSteps} steps from step {time.FirstStep}, ") +
                    Invariant($"between steps {end} and {path.Steps}"));
            path._tokens.Add(token);
            path._times.Add(time);
            end = time.FirstStep + time.NumberOfSteps;
        }
        if (goesOn != (path._tokens.Count > 0 && end == path.Steps))
            throw reader.Invalid("its last token goes on, or does not, against its times");
        path._last = goesOn ? (int)path._tokens[^1] : CtcOutputLayer.Blank;
        return path;
    }
}
