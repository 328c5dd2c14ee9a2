using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Generation;
using SequenceModels.LanguageModels;
using SequenceModels.Sequences;
using SequenceModels.Text;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>Language models: train, measure and write with them. Had from <c>mlContext.Sequences().LanguageModeling</c>.</summary>
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

    /// <summary>Measures a language model on rows that it has not learned from. A row is read whole, its states carried through all of it.</summary>
    /// <param name="data">The rows, as they were before the first transformer of <paramref name="model"/>.</param>
    /// <param name="model">The fitted transformer, or a chain with it, whose transformers before it then prepare the rows.</param>
    /// <exception cref="ArgumentException">The model is no language model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that does not fit; the message names it.</exception>
    /// <exception cref="InvalidOperationException">No row has two steps.</exception>
    /// <remarks>Works on all processors; the figures do not depend on how many there are.</remarks>
#pragma warning disable CA1822 // A method of a catalog, as ML.NET has them.
    public LanguageModelMetrics Evaluate(IDataView data, ITransformer model)
#pragma warning restore CA1822
    {
        ArgumentNullException.ThrowIfNull(data);
        (LanguageModelTransformer found, IReadOnlyList<ITransformer> before) = Find(model);
        foreach (ITransformer part in before)
            data = part.Transform(data);
        using SequenceDataset rows = LanguageModelRows.Read(data, found.Column(data.Schema), maximumMemoryBytes: 0, "evaluation", () => { });
        using var validation = new Validation(found.Model.Network.Layers, new RowSelection(rows), threads: 0);
        return new LanguageModelMetrics(validation.Measure(() => { }).Loss, rows.NumberOfSteps, UnknownTokens(rows));
    }

    /// <summary>Makes a language model write: continue prompts, and score texts.</summary>
    /// <param name="model">
    /// The fitted transformer, or a chain with it. The TokenizeIntoSequence of the chain that made its column cuts prompts and puts texts
    /// together; without one, prompts are token keys.
    /// </param>
    /// <exception cref="ArgumentException">The model is no language model.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tokenization of the chain gives other keys than the model was trained on.</exception>
    public SequenceGenerator CreateGenerator(ITransformer model)
    {
        (LanguageModelTransformer found, IReadOnlyList<ITransformer> before) = Find(model);
        ModelChain.RequireSameKeys(found, before);
        SequenceTokenizer? tokenizer = before.OfType<SequenceTokenizingTransformer>()
            .LastOrDefault(part => part.OutputColumnName == found.FeatureColumnName)?.Tokenizer;
        if (tokenizer is not null && !tokenizer.Vocabulary.Tokens.SequenceEqual(found.Tokens))
            tokenizer = null; // the column was made anew behind it
        IHost host = _environment.Register(nameof(SequenceGenerator));
        return new SequenceGenerator(found.Model.Network, new GeneratorVocabulary(found.Tokens, tokenizer, found.Detokenization, found.Model.Network.TakesTokens ? found.Model.Network.InputSize : 0), () =>
        {
            lock (host)
                return host.Rand.Next();
        });
    }

    /// <summary>Tokens to be predicted that are of no key.</summary>
    private static long UnknownTokens(SequenceDataset rows)
    {
        long unknown = 0;
        for (int row = 0; rows.Inputs.AreTokens && row < rows.Count; row++)
            unknown += rows.NextTokens(row).Count(0u);
        return unknown;
    }

    private static (LanguageModelTransformer Found, IReadOnlyList<ITransformer> Before) Find(ITransformer model) =>
        ModelChain.FindLast<LanguageModelTransformer>(model, "language model");
}

/// <summary>Trainers of language models.</summary>
public sealed class LanguageModelingTrainers
{
    private readonly IHostEnvironment _environment;

    internal LanguageModelingTrainers(IHostEnvironment environment) => _environment = environment;

    /// <summary>Trains a simple recurrent network to predict each step of a sequence from those before it.</summary>
    /// <param name="featureColumnName">
    /// The sequences: a vector of keys, one-hot steps whose annotations say so, or frames [*, F] whose numbers are 0 or 1.
    /// </param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>Adds Perplexity (Single) and LogProbabilities (VarVector of Single). Mikolov et al., "Recurrent neural network based language
    /// model", INTERSPEECH 2010. Its memory fades within some ten steps: for a longer one take Lstm or Gru.</remarks>
    public LanguageModelTrainer Rnn(string featureColumnName = "Features", LanguageModelOptions? options = null) => Trainer("RNN", featureColumnName, options);

    /// <summary>Trains a long short-term memory network to predict each step of a sequence from those before it.</summary>
    /// <param name="featureColumnName">
    /// The sequences: a vector of keys, one-hot steps whose annotations say so, or frames [*, F] whose numbers are 0 or 1.
    /// </param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>Adds Perplexity (Single) and LogProbabilities (VarVector of Single). Sundermeyer, Schlüter and Ney, "LSTM Neural Networks for
    /// Language Modeling", INTERSPEECH 2012.</remarks>
    public LanguageModelTrainer Lstm(string featureColumnName = "Features", LanguageModelOptions? options = null) => Trainer("LSTM", featureColumnName, options);

    /// <summary>Trains a network of gated recurrent units to predict each step of a sequence from those before it.</summary>
    /// <param name="featureColumnName">
    /// The sequences: a vector of keys, one-hot steps whose annotations say so, or frames [*, F] whose numbers are 0 or 1.
    /// </param>
    /// <param name="options">Shape and training of the network. Null: the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range; the message names it.</exception>
    /// <remarks>Adds Perplexity (Single) and LogProbabilities (VarVector of Single). Cho et al., "Learning Phrase Representations using RNN
    /// Encoder-Decoder", EMNLP 2014; the reset gate is applied after the product with the state, as in cuDNN.</remarks>
    public LanguageModelTrainer Gru(string featureColumnName = "Features", LanguageModelOptions? options = null) => Trainer("GRU", featureColumnName, options);

    private LanguageModelTrainer Trainer(string cell, string featureColumnName, LanguageModelOptions? options) =>
        new(_environment, cell, featureColumnName, options);
}
