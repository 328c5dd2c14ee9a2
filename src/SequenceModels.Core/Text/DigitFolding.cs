namespace SequenceModels.Text;

/// <summary>Makes all decimal digits of a token one, where that is asked for.</summary>
/// <param name="folds">Whether it is.</param>
internal sealed class DigitFolding(bool folds)
{
    private char[] _folded = [];

    /// <summary>The token with 0 for each digit. Good until the next call.</summary>
    public ReadOnlySpan<char> Fold(ReadOnlySpan<char> token)
    {
        int first = 0;
        while (first < token.Length && !char.IsDigit(token[first]))
            first++;
        if (!folds || first == token.Length)
            return token;
        if (_folded.Length < token.Length)
            _folded = new char[2 * token.Length];
        for (int i = 0; i < token.Length; i++)
            _folded[i] = char.IsDigit(token[i]) ? '0' : token[i];
        return _folded.AsSpan(0, token.Length);
    }
}
