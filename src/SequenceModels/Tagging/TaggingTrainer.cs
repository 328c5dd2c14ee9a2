using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Tagging;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// Trains a recurrent network that gives each step of a sequence a label. Made by Rnn, Lstm and Gru of
/// <c>mlContext.Sequences().Tagging.Trainers</c>.
/// </summary>
/// <remarks>
/// Equal options, with a <see cref="TrainingOptions.Seed"/>, and equal rows give equal models, whatever the number of threads.
/// </remarks>
public sealed class TaggingTrainer : IEstimator<TaggingTransformer>
{
    private readonly IHost _host;
    private readonly string _cell;
    private readonly TaggingColumns _columns;
    private readonly TaggingOptions _options;

    internal TaggingTrainer(IHostEnvironment environment, string cell, string labelColumnName, string[] featureColumnNames,
        TaggingOptions? options, string? exampleWeightColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        _host = environment.Register(cell + "Tagging");
        _columns = new TaggingColumns(labelColumnName, FeatureColumnNames.Require(featureColumnNames),
            exampleWeightColumnName);
        _options = options ?? new TaggingOptions();
        _options.Validate();
        _cell = _options.CellOf(cell);
        if (_options.TagDecoding == TagDecoding.Crf)
            CrfTraining.RequireFitting(_options);
    }

    /// <summary>Trains a network.</summary>
    /// <param name="input">The rows: a label for each step of each sequence.</param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, SequenceModelParameters)" path="/exception"/>
    public TaggingTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, validation: null);
    }

    /// <summary>
    /// Trains a network, measures it after each epoch on rows that it does not learn from, and may go on from a trained one.
    /// </summary>
    /// <param name="train">
    /// The rows to learn from. Steps with a missing label (key 0) count nothing, and a warning tells how many; with
    /// <see cref="TagDecoding.Crf"/> all tags are possible there.
    /// </param>
    /// <param name="validation">
    /// The rows to measure on, with the columns that <paramref name="train"/> has, prepared by the same fitted transforms; the
    /// option ValidationFraction then has no effect. Steps without a label count nothing. Null: none but those that this
    /// option sets aside.
    /// </param>
    /// <param name="initial">
    /// A trained model to go on from, in place of random weights: of the same shape, vocabulary and classes. Its scaling of
    /// frames is kept. Or a language model over the same tokens, of the same cell and sizes: its embedding and recurrent layers
    /// are taken over, and the output layer is new. Null: none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The options ask for <see cref="TagEncoding.Bioes"/>, but the labels are not of BIO; or they give class weights, but not
    /// one for each class of the label; or the initial model has another shape,
    /// vocabulary or classes, or is a language model of other sizes, or has rules for the order of tags where the label's keys
    /// have no names.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A row's label does not have as many keys as the sequence has steps, or breaks BIO where it is to be learned as BIOES, or
    /// its feature columns differ in length; a value
    /// cannot be learned from; or the rows cannot: there are none, or their steps have one class only, or no weight. Or training
    /// stops early by the options, but has no validation rows; or it diverged; or the checkpoint is of another training, or in
    /// use.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, by the options' token or by the MLContext, and the options do not ask for the best model so far,
    /// or there is none yet.
    /// </exception>
    public TaggingTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters? initial = null) =>
        Train(train, validation, initial, backward: null);

    /// <summary>
    /// Trains a bidirectional network of one layer that begins with the layers of two language models over the same tokens.
    /// </summary>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="validation">
    /// The rows to measure on, with the columns that <paramref name="train"/> has, prepared by the same fitted transforms. Null:
    /// none but those that the option ValidationFraction sets aside.
    /// </param>
    /// <param name="forward">
    /// A language model of the same cell and sizes. Its recurrent layer becomes the direction that reads from the first step, and
    /// the embedding is its.
    /// </param>
    /// <param name="backward">
    /// One that was trained with <see cref="LanguageModelOptions.Reversed"/>, for the direction that reads from the last step.
    /// Train it with the same Seed: so the two embeddings begin alike, and this layer understands the other's.
    /// </param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, SequenceModelParameters)" path="/exception"/>
    public TaggingTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters forward,
        SequenceModelParameters backward)
    {
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(backward);
        return Train(train, validation, forward, backward);
    }

    private TaggingTransformer Train(IDataView train, IDataView? validation, SequenceModelParameters? initial,
        SequenceModelParameters? backward)
    {
        ArgumentNullException.ThrowIfNull(train);
        GetOutputSchema(SchemaShapes.Of(train.Schema));
        using var run = new TrainerRun(_host, _options, initial, backward);
        if (InitialLanguageModels.IsOne(initial))
            initial = null; // it has neither characters nor rules for the order of tags
        TrainedColumns features =
            new InputColumnsBinder(_columns.Features, _options, run.Channel, run.ThrowIfCanceled).Bind(train, initial);
        LabelClasses label = LabelClasses.From(train.Schema, _columns.Label);
        LearnedTags tags = LearnedTags.Of(label, _options);
        TagRules? rules = TagRules.For(tags, _options, initial, run.Channel);
        return run.Train(new TrainerTask<TaggingTransformer>
        {
            Options = _options,
            Features = features,
            Label = label,
            Spec = Shape(features.Input, tags.Count, initial is null ? rules?.Constraints
                : initial.Network.Spec.Output.Constraints),
            TakesLanguageModels = true,
            CheckColumns = shape => GetOutputSchema(shape),
            CreateReader = purpose => new TaggedRows(_columns, tags.Bioes, rules, purpose, run.Channel),
            CompleteSpec = spec => rules is null ? spec
                : spec with { Output = spec.Output with { Constraints = rules.ConstraintsFor(initial, run.Channel) } },
            Spans = tags.Names is { } learned ? SpanCounter.For(learned) : null,
            Subject = $"{_cell}, tags '{_columns.Label}' of '{string.Join("', '", _columns.Features)}'",
            ClassName = tags.Names is { } names ? index => names[index] : index => Invariant($"class {index + 1}"),
            ToBytes = transformer => transformer.ToBytes(),
            CreateTransformer = (home, model) => new TaggingTransformer(home, model, features.Saved, label.Names, tags.Bioes),
        }, train, validation);
    }

    /// <summary>The columns that the fitted transformer gives, as far as the shape of the input tells.</summary>
    /// <param name="inputSchema">Shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _columns.OutputOf(inputSchema);
    }

    private EncoderNetworkSpec Shape(InputColumns features, int classes, CrfConstraints? constraints)
    {
        var spec = new EncoderNetworkSpec
        {
            Encoder = new EncoderSpec
            {
                Inputs = features.Inputs,
                Cell = _cell,
                HiddenSize = _options.HiddenSize,
                NumberOfLayers = _options.NumberOfLayers,
                Bidirectional = _options.Bidirectional,
            },
            Output = new OutputSpec
            {
                Head = _options.TagDecoding == TagDecoding.Crf ? HeadKind.Crf : HeadKind.Softmax,
                NumberOfOutputs = classes,
                EveryStep = true,
                Constraints = _options.TagDecoding == TagDecoding.Crf ? constraints : null,
            },
        };
        return spec.Validate() is { } contradiction
            ? throw new ArgumentOutOfRangeException(nameof(classes), $"Column '{_columns.Label}': {contradiction}.") : spec;
    }
}
