using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Generation;
using SequenceModels.LanguageModels;
using SequenceModels.Text;
using SequenceModels.Trainers;

namespace SequenceModels;

/// <summary>
/// Language models: train, measure and write with them. Had from <c>mlContext.Sequences().LanguageModeling</c>.
/// </summary>
public sealed class LanguageModelingCatalog
{
    private readonly IHostEnvironment _environment;

    internal LanguageModelingCatalog(IHostEnvironment environment)
    {
        _environment = environment;
        Trainers = new LanguageModelingTrainers(environment);
    }

    /// <summary>The trainers.</summary>
    public LanguageModelingTrainers Trainers { get; }

    /// <summary>
    /// Measures a language model on rows that it has not learned from. A row is read whole, its states carried through all of
    /// it; of a model whose rows follow each other (<see cref="LanguageModelOptions.RowsFollowEachOther"/>), through all rows in
    /// their order.
    /// </summary>
    /// <param name="data">The rows, as they were before the first transformer of <paramref name="model"/>.</param>
    /// <param name="model">
    /// The fitted transformer, or a chain with it, whose transformers before it then prepare the rows.
    /// </param>
    /// <exception cref="ArgumentException">The model is no language model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="InvalidOperationException">No row has two steps.</exception>
    /// <remarks>Works on all processors; the figures do not depend on how many there are.</remarks>
    public LanguageModelMetrics Evaluate(IDataView data, ITransformer model)
    {
        ArgumentNullException.ThrowIfNull(data);
        (LanguageModelTransformer found, IReadOnlyList<ITransformer> before) = Find(model);
        foreach (ITransformer part in before)
            data = part.Transform(data);
        return LanguageModelEvaluation.Evaluate(data, found);
    }

    /// <summary>Makes a language model write: continue prompts, and score texts.</summary>
    /// <param name="model">
    /// The fitted transformer, or a chain with it. The TokenizeIntoSequence of the chain that made its column cuts prompts and
    /// puts texts together; without one, prompts are token keys.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The model is no language model, or reads frames, or reads rows from their end.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The tokenization of the chain gives other keys than the model was trained on.
    /// </exception>
    public SequenceGenerator CreateGenerator(ITransformer model)
    {
        (LanguageModelTransformer found, IReadOnlyList<ITransformer> before) = FindForward(model);
        ModelChain.RequireSameKeys(found, before);
        SequenceTokenizer? tokenizer = before.OfType<SequenceTokenizingTransformer>()
            .LastOrDefault(part => part.OutputColumnName == found.FeatureColumnName)?.Tokenizer;
        if (tokenizer is not null && !tokenizer.Vocabulary.Tokens.SequenceEqual(found.Tokens))
            tokenizer = null; // the column was made anew behind it
        var vocabulary = new GeneratorVocabulary(found.Tokens, tokenizer, found.Detokenization, found.Model.Network.InputSize);
        return new SequenceGenerator(found.Model.Network, vocabulary, Seeds(nameof(SequenceGenerator)));
    }

    /// <summary>
    /// Makes a language model of frames write: continue a sequence of frames, such as the notes of a piece of music.
    /// </summary>
    /// <param name="model">The fitted transformer, or a chain with it.</param>
    /// <exception cref="ArgumentException">
    /// The model is no language model, or reads tokens, or reads rows from their end.
    /// </exception>
    public FrameGenerator CreateFrameGenerator(ITransformer model) =>
        new(FindForward(model).Found.Model.Network, Seeds(nameof(FrameGenerator)));

    /// <summary>Draws seeds, on any thread.</summary>
    private Func<int> Seeds(string name)
    {
        IHost host = _environment.Register(name);
        return () =>
        {
            lock (host)
                return host.Rand.Next();
        };
    }

    private static (LanguageModelTransformer Found, IReadOnlyList<ITransformer> Before) Find(ITransformer model) =>
        ModelChain.FindLast<LanguageModelTransformer>(model, "language model");

    /// <exception cref="ArgumentException">The model cannot go on from the beginning of a sequence.</exception>
    private static (LanguageModelTransformer Found, IReadOnlyList<ITransformer> Before) FindForward(ITransformer model) =>
        Find(model) is { Found.Model.Network.Reversed: false } found ? found : throw new ArgumentException(
            $"The language model reads rows from their end ({nameof(LanguageModelOptions)}." +
            $"{nameof(LanguageModelOptions.Reversed)} is true), and tells what comes before, not what comes next. Train one " +
            $"with {nameof(LanguageModelOptions.Reversed)} = false to write with it.", nameof(model));
}
