using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Generation;
using SequenceModels.Text;
using SequenceModels.Trainers;
using SequenceModels.Translation;

namespace SequenceModels;

/// <summary>Translation: from a sequence of tokens another one, of any length; had from <c>mlContext.Sequences().Translation</c>.
/// </summary>
public sealed class TranslationCatalog
{
    private readonly IHostEnvironment _environment;

    internal TranslationCatalog(IHostEnvironment environment)
    {
        _environment = environment;
        Trainers = new TranslationTrainers(environment);
    }

    /// <summary>The trainers.</summary>
    public TranslationTrainers Trainers { get; }

    /// <summary>Makes a trained model translate texts.</summary>
    /// <param name="model">
    /// The fitted transformer, or a chain with it. The TokenizeIntoSequence of the chain that made its column of sources cuts
    /// texts; without one, sources are keys. Translations are joined as the target's texts were cut.
    /// </param>
    /// <exception cref="ArgumentException">The model is none that translates.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The tokenization of the chain gives other keys than the model was trained on.
    /// </exception>
    public Translator CreateTranslator(ITransformer model)
    {
        (TranslationTransformer found, IReadOnlyList<ITransformer> before) =
            ModelChain.FindLast<TranslationTransformer>(model, "translator");
        ModelChain.RequireSameKeys(found.FeatureColumnName, found.Model.Network.Network.Spec.Inputs[0],
            found.Model.Names, before);
        SequenceTokenizer? tokenizer = before.OfType<SequenceTokenizingTransformer>()
            .LastOrDefault(part => part.OutputColumnName == found.FeatureColumnName)?.Tokenizer;
        if (tokenizer?.Vocabulary.Tokens.Count != found.Model.Network.SourceSize)
            tokenizer = null; // the column was made anew behind it
        return new Translator(found.Model.Network, new TranslatorVocabulary(tokenizer, found.TargetTexts,
            found.Model.Network.TargetSize, found.Joining));
    }

    /// <summary>
    /// Compares predicted sequences with the labels: BLEU and chrF as sacreBLEU computes them, token and sequence error rate.
    /// </summary>
    /// <param name="data">Rows with both columns; read once.</param>
    /// <param name="labelColumnName">
    /// What would have been right: a vector of keys (byte, ushort or uint) with KeyValues, a vector of text with a token each, or
    /// the text itself. Rows without a token are skipped, and a warning tells how many. An unknown token (key 0) counts as wrong,
    /// whatever is predicted; of texts none is unknown.
    /// </param>
    /// <param name="predictedLabelColumnName">
    /// What was predicted, likewise. Tokens are compared by their texts: its keys may be others.
    /// </param>
    /// <param name="bleuTokenization">
    /// How BLEU cuts the texts. Default: sacreBLEU's, 13a, for texts as people write them. Where the tokens are those of a
    /// published tokenization and white space stands between them, as in Multi30k, published figures mostly are of <see
    /// cref="BleuTokenization.None"/>.
    /// </param>
    /// <returns>
    /// Figures of all rows together. BLEU and chrF are of the texts that DetokenizeSequence would make: by the tokenization of a
    /// column where it, or else the other column, tells; else tokens with spaces between. Start and end tokens count nowhere.
    /// Where one of the columns is a text, error rates are of the characters of both texts if the other column's tokens are
    /// characters, else of what stands between white space, whatever the tokens were.
    /// </returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing, or holds no tokens with texts.</exception>
    /// <exception cref="InvalidOperationException">No row has a label.</exception>
    public TranslationMetrics Evaluate(IDataView data, string labelColumnName = "Label",
        string predictedLabelColumnName = "PredictedLabel", BleuTokenization bleuTokenization = BleuTokenization.Mteval13a)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(predictedLabelColumnName);
        using IChannel channel = _environment.Register(nameof(TranslationCatalog)).Start(nameof(Evaluate));
        return TranslationEvaluation.Evaluate(data, labelColumnName, predictedLabelColumnName, bleuTokenization, channel);
    }
}
