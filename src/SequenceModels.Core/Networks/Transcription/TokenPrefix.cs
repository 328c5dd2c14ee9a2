namespace SequenceModels.Networks;

/// <summary>The first tokens of what a sequence may say, and how likely these are what its steps so far spell.</summary>
/// <param name="parent">Without the last token; null: there is no token.</param>
/// <param name="token">The last one.</param>
/// <param name="bonus">What is added to the logarithm of the probability: by the language model and by the length.</param>
internal sealed class TokenPrefix(TokenPrefix? parent, int token, double bonus)
{
    private Dictionary<int, TokenPrefix>? _children;

    public TokenPrefix? Parent => parent;

    public int Token => token;

    public double Bonus => bonus;

    /// <summary>Tokens.</summary>
    public int Length { get; } = parent is null ? 0 : parent.Length + 1;

    /// <summary>log p of all ways that end with a blank, and of those that end with the last token.</summary>
    public double Blank { get; private set; } = double.NegativeInfinity;

    public double NonBlank { get; private set; } = double.NegativeInfinity;

    /// <summary>log p.</summary>
    public double Total { get; private set; } = double.NegativeInfinity;

    /// <summary>That by which prefixes are ranked.</summary>
    public double Score => Total + bonus;

    /// <summary>The same behind the step at hand, so far.</summary>
    public double NextBlank { get; set; } = double.NegativeInfinity;

    public double NextNonBlank { get; set; } = double.NegativeInfinity;

    /// <summary>Whether it is in the beam.</summary>
    public bool IsAlive { get; set; }

    /// <summary>What comes next, says the language model; null: it was not asked.</summary>
    public StepperState? Language { get; set; }

    /// <summary>The prefix with another token; null: it has not been in the beam.</summary>
    public TokenPrefix? Find(int next) => _children?.GetValueOrDefault(next);

    /// <summary>Adds it.</summary>
    public TokenPrefix Add(int next, double bonus) => (_children ??= [])[next] = new TokenPrefix(this, next, bonus);

    /// <summary>The beginning: nothing was said.</summary>
    public void Begin() => (Blank, NonBlank, Total, IsAlive) = (0, double.NegativeInfinity, 0, true);

    /// <summary>Goes behind the step at hand.</summary>
    public void Advance()
    {
        (Blank, NonBlank, Total) = (NextBlank, NextNonBlank, Sum(NextBlank, NextNonBlank));
        NextBlank = NextNonBlank = double.NegativeInfinity;
    }

    public uint[] Tokens()
    {
        uint[] tokens = new uint[Length];
        for (TokenPrefix prefix = this; prefix.Parent is { } before; prefix = before)
            tokens[prefix.Length - 1] = (uint)prefix.Token;
        return tokens;
    }

    /// <summary>log(e^a + e^b).</summary>
    public static double Sum(double a, double b)
    {
        (double larger, double smaller) = a > b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(smaller) ? larger : larger + Math.Log(1 + Math.Exp(smaller - larger));
    }
}
