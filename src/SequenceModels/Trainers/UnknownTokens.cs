using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Sequences;

namespace SequenceModels.Trainers;

/// <summary>Tells of trainings from which a network cannot learn what to make of tokens that it does not know.</summary>
internal static class UnknownTokens
{
    /// <summary>Notes the columns of tokens without any unknown one, where training makes none either.</summary>
    /// <param name="channel">Told.</param>
    /// <param name="columns">What is read.</param>
    /// <param name="data">The rows to learn from.</param>
    /// <param name="options">Of the training.</param>
    public static void Note(IChannel channel, InputColumns columns, SequenceDataset data, SequenceInputOptions options)
    {
        if (options.WordDropout > 0)
            return;
        for (int i = 0; i < data.Inputs.Count; i++)
            if (data.Inputs[i].Kind == StepFeatureKind.Tokens && columns.All[i].TokenTexts.Length > 0 && !HasUnknown(data, i))
                channel.Info(MessageSensitivity.None, "{0}", $"Column '{columns.All[i].Column.Name}': no training row has an " +
                    $"unknown token, and {options.NameOf(nameof(options.WordDropout))} is 0, so that nothing is learned about " +
                    "tokens that are not in the vocabulary. If later rows will have some, set WordDropout to 0.05, or give the " +
                    "tokenization a minimumCount of 2.");
    }

    private static bool HasUnknown(SequenceDataset data, int feature)
    {
        uint most = (uint)data.Inputs[feature].Size;
        for (int row = 0; row < data.Count; row++)
        {
            ReadOnlySpan<uint> keys = data.Channels[feature].Keys(data.Start(row), data.Length(row));
            if (keys.Contains(0u) || keys.ContainsAnyExceptInRange(1u, most))
                return true;
        }
        return false;
    }
}
