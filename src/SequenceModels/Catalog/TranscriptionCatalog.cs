using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Transcription;

namespace SequenceModels;

/// <summary>
/// Transcription: what is said in a sequence of frames, where nobody knows at which steps; had from
/// <c>mlContext.Sequences().Transcription</c>.
/// </summary>
public sealed class TranscriptionCatalog
{
    private readonly IHostEnvironment _environment;

    internal TranscriptionCatalog(IHostEnvironment environment)
    {
        _environment = environment;
        Trainers = new TranscriptionTrainers(environment);
    }

    /// <summary>The trainers.</summary>
    public TranscriptionTrainers Trainers { get; }

    /// <summary>Compares what was heard with what was said: token, word and sequence error rate.</summary>
    /// <param name="data">Rows with both columns; read once.</param>
    /// <param name="labelColumnName">
    /// What is said: a vector of keys (byte, ushort or uint) with KeyValues, a vector of text with a token each, or the text
    /// itself. In a row without any nothing is said. An unknown token (key 0) counts as wrong, whatever is predicted; of texts
    /// none is unknown.
    /// </param>
    /// <param name="predictedLabelColumnName">
    /// What was heard, likewise. Tokens are compared by their texts: its keys may be others.
    /// </param>
    /// <returns>
    /// Figures of all rows together. Words are what stands between white space in the texts that DetokenizeSequence would make:
    /// by the tokenization of a column where it, or else the other column, tells; else each token is a word. Start and end
    /// tokens count nowhere. Where one of the columns is a text, tokens are the characters of both texts if the other column's
    /// tokens are characters, else their words.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds no tokens with texts.</exception>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    public TranscriptionMetrics Evaluate(IDataView data, string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel")
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        using IChannel channel = _environment.Register(nameof(TranscriptionCatalog)).Start(nameof(Evaluate));
        return TranscriptionEvaluation.Evaluate(data, labelColumnName, predictedLabelColumnName, channel);
    }
}
