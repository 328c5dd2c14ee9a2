using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Text;

namespace SequenceModels.Trainers;

/// <summary>Looks up the word vectors that an embedding starts from, and tells how many there are.</summary>
internal static class InitialVectors
{
    /// <summary>Below this share the file is likely one of another language, or the tokens are no words.</summary>
    private const double LowShare = 0.5;

    /// <param name="options">Name the vectors.</param>
    /// <param name="columns">What the network reads.</param>
    /// <param name="hasInitial">Whether training goes on from a model, whose vectors then stay.</param>
    /// <param name="channel">Told of the share found.</param>
    /// <param name="throwIfCanceled">Asked now and then.</param>
    /// <returns>Null where no vectors are asked for, or needed.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The column has no tokens that could be looked up.</exception>
    /// <exception cref="ArgumentException">All columns are of texts.</exception>
    /// <exception cref="InvalidOperationException">The vectors have another length than the option says.</exception>
    /// <exception cref="InvalidDataException">The file cannot be understood.</exception>
    public static TokenVectors? Find(SequenceInputOptions options, InputColumns columns, bool hasInitial, IChannel channel,
        Action throwIfCanceled)
    {
        if (options.PretrainedVectors is not { } file)
            return null;
        if (columns.FirstTokens is not { } feature)
            throw new ArgumentException($"{options.NameOf(nameof(options.PretrainedVectors))} are of tokens, but " +
                $"'{string.Join("', '", columns.All.Select(column => column.Column.Name))}' hold none. Add a column of " +
                "keys (MapValueToKey makes one).");
        string[] tokens = feature.TokenTexts;
        if (tokens.Length != feature.InputSize)
            throw new ArgumentOutOfRangeException(nameof(columns), $"Column '{feature.Column.Name}' has no texts of its " +
                $"tokens (KeyValues) by which {options.NameOf(nameof(options.PretrainedVectors))} could be looked up in " +
                $"'{file.Path}'. Make the column with TokenizeIntoSequence, or of text with MapValueToKey; or leave the " +
                "option out.");
        if (hasInitial)
            return null;
        Detokenization? joining = feature.Joining;
        string[] readings = [.. tokens.Select((token, i) =>
            joining is { } rule && i >= rule.SpecialTokens ? Detokenizer.ReadingOf(rule, tokens, (uint)i + 1).TrimStart(' ')
                : token)];
        TokenVectors found = file.Find(tokens, readings, options.EmbeddingSize, options.NameOf(nameof(options.EmbeddingSize)),
            throwIfCanceled);
        double share = Share(found);
        string line = Invariant($"'{file.Path}' has vectors of {found.Found} of the {found.Count} tokens of ") +
            Invariant($"'{feature.Column.Name}' ({share:P1})");
        if (share < LowShare)
            channel.Warning(MessageSensitivity.None, "{0}. The others start at random: is it of the texts' language, and are " +
                "the tokens words?", line);
        else
            channel.Info(MessageSensitivity.None, "{0}", line);
        return found;
    }

    /// <summary>How much of the vocabulary has a vector.</summary>
    public static double Share(TokenVectors found) => (double)found.Found / found.Count;
}
