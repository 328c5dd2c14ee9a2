using SequenceModels.Columns;
using SequenceModels.Sequences;
using SequenceModels.Text;

namespace SequenceModels.Scoring;

/// <summary>What the steps of rows are called: the tokens of the first column that has some, else the steps' numbers.</summary>
internal sealed class StepTexts
{
    private readonly int _place;
    private readonly Func<uint, string>? _nameOf;
    private readonly Detokenizer? _detokenizer;

    /// <param name="columns">What a network reads.</param>
    public StepTexts(InputColumns columns)
    {
        _place = columns.Inputs.FirstTokens;
        if (columns.FirstTokens is not { } tokens)
            return;
        _nameOf = TokenNames.Of(tokens.TokenTexts);
        if (tokens.Joining is { } rule)
            _detokenizer = new Detokenizer(rule, tokens.TokenTexts);
    }

    /// <summary>The tokens of a raw text as they stand in it, and each with what stands before it.</summary>
    public static (string[] Names, string[] Pieces) Of(string text, SequenceTokenizer tokenizer)
    {
        var places = new List<TokenOffset>();
        tokenizer.Encode(text, tokenizer.CreateEncoder(), [], places);
        string[] names = new string[places.Count], pieces = new string[places.Count];
        for (int t = 0, end = 0; t < places.Count; end = Math.Max(end, places[t++].End))
        {
            names[t] = text.Substring(places[t].Start, places[t].Length);
            pieces[t] = text[Math.Min(end, places[t].Start)..places[t].End];
        }
        return (names, pieces);
    }

    /// <summary>The names of the steps of the only row of a data set, and how a reader sees them in a text.</summary>
    /// <param name="data">Has the row.</param>
    /// <param name="steps">How many it has; a frame of the data set may be several.</param>
    public (string[] Names, string[] Pieces) Of(SequenceDataset data, int steps)
    {
        string[] names = new string[steps], pieces = new string[steps];
        ReadOnlySpan<uint> keys = _nameOf is null ? [] : data.Channels[_place].Keys(data.Start(0), steps);
        for (int t = 0; t < steps; t++)
        {
            names[t] = _nameOf?.Invoke(keys[t]) ?? InvariantText.Of(t + 1)!;
            pieces[t] = _detokenizer?.Append(keys[t]) ?? (t == 0 ? "" : " ") + names[t];
        }
        _detokenizer?.Finish();
        return (names, pieces);
    }
}
