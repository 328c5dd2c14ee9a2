using System.Numerics.Tensors;
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
}
