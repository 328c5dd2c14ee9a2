using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Tagging;
using SequenceModels.Text;
using SequenceModels.Trainers;
using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// Trains a recurrent network that gives each step of a sequence a label. Made by Rnn, Lstm and Gru of
/// <c>mlContext.Sequences().Tagging.Trainers</c>.
/// </summary>
/// <remarks>Equal options, with a <see cref="TrainingOptions.Seed"/>, and equal rows give equal models, whatever the number of threads.</remarks>
public sealed class TaggingTrainer : IEstimator<TaggingTransformer>
{
    private readonly IHost _host;
    private readonly string _cell, _labelName;
    private readonly string[] _featureNames;
    private readonly TaggingOptions _options;

    internal TaggingTrainer(IHostEnvironment environment, string cell, string labelColumnName, string[] featureColumnNames, TaggingOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentNullException.ThrowIfNull(featureColumnNames);
        if (featureColumnNames.Length == 0 || featureColumnNames.Any(string.IsNullOrEmpty))
            throw new ArgumentException("Tagging needs at least one feature column, and a name for each.", nameof(featureColumnNames));
        if (featureColumnNames.Distinct().Count() < featureColumnNames.Length)
            throw new ArgumentException($"A feature column is named twice: {string.Join(", ", featureColumnNames)}.", nameof(featureColumnNames));
        _host = environment.Register(cell + "Tagging");
        _labelName = labelColumnName;
        _featureNames = [.. featureColumnNames];
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

    /// <summary>Trains a network, measures it after each epoch on rows that it does not learn from, and may go on from a trained one.</summary>
    /// <param name="train">
    /// The rows to learn from. Steps with a missing label (key 0) count nothing, and a warning tells how many; with
    /// <see cref="TagDecoding.Crf"/> they are an error.
    /// </param>
    /// <param name="validation">
    /// The rows to measure on, with the columns that <paramref name="train"/> has, prepared by the same fitted transforms; the option
    /// ValidationFraction then has no effect. Steps without a label count nothing; with <see cref="TagDecoding.Crf"/>, rows with such steps.
    /// Null: none but those that this option sets aside.
    /// </param>
    /// <param name="initial">
    /// A trained model to go on from, in place of random weights: of the same shape, vocabulary and classes. Its scaling of frames is kept.
    /// Null: none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that does not fit; the message names it.</exception>
    /// <exception cref="ArgumentException">
    /// The options give class weights, but not one for each class of the label; or the initial model has another shape, vocabulary or
    /// classes, or rules for the order of tags where the label's keys have no names.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// A row's label does not have as many keys as the sequence has steps, or its feature columns differ in length; a value cannot be learned
    /// from; or the rows cannot: there are none, or their steps have one class only. Or training stops early by the options, but has no
    /// validation rows; or it diverged; or the checkpoint is of another training, or in use.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, by the options' token or by the MLContext, and the options do not ask for the best model so far, or there is
    /// none yet.
    /// </exception>
    public TaggingTransformer Fit(IDataView train, IDataView? validation, SequenceModelParameters? initial = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        GetOutputSchema(SchemaShapes.Of(train.Schema));
        TrainerRun.RequireRowsToStopBy(_options, validation);
        using IChannel channel = _host.Start("Training");
        var binding = new InputColumnsBinder(_featureNames, _options, channel, ThrowIfCanceled);
        InputColumns features = binding.Bind(train, initial);
        DataViewSchema.Column label = train.Schema[_labelName];
        ClassNames? classNames = LabelClasses.NamesOf(label);
        KeyFingerprints names = KeyFingerprints.Of(features.All.Select(feature => feature.Column), classNames);
        TagRules? rules = RulesOf(classNames, channel);
        if (rules is null && _options.TagDecoding == TagDecoding.Crf && initial?.Network.Spec.Output.Constraints is not null)
            throw new ArgumentException($"The initial model has rules for the order of tags, made from their names, but column '{_labelName}' has no names " +
                "of its classes (KeyValues). Map the labels with the transform that was fitted for the initial model.", nameof(initial));
        EncoderNetworkSpec spec = Shape(features, LabelClasses.Count(label), initial is null ? rules?.Constraints : initial.Network.Spec.Output.Constraints);
        if (initial is not null)
        {
            TrainerRun.RequireShape(initial, spec);
            names.RequireSame(initial.Names, [.. features.All.Select(feature => feature.Column)], _labelName);
            names = names.OrThoseOf(initial.Names);
        }

        SequenceColumn.WarnIfPadded(train.Schema, _featureNames, channel);

        SavedColumn[] trained = [.. _featureNames.Select(name => new SavedColumn(name, (VectorDataViewType)train.Schema[name].Type))];
        TokenVectors? vectors = InitialVectors(features, hasInitial: initial is not null, channel);
        TaggedRows measuredRows = Rows(channel, rules, forValidation: true), rows = Rows(channel, rules, forValidation: false);
        using SequenceDataset? measured =
            validation is null ? null : ReadValidation(validation, measuredRows, trained, spec, binding.Characters, names);
        using SequenceDataset data = rows.Read(train, features, spec.Output.NumberOfOutputs, ThrowIfCanceled);
        if (rules is not null)
            spec = spec with { Output = spec.Output with { Constraints = Kept(rules, initial, channel) } };
        return TrainerRun.Run(new TrainingJob
        {
            Spec = spec,
            Data = data,
            Validation = measured,
            Options = _options,
            Seed = _options.Seed ?? _host.Rand.Next(),
            Initial = initial?.Network.Layers,
            Vectors = vectors,
            Subject = $"{_cell}, tags '{_labelName}' of '{string.Join("', '", _featureNames)}'",
        }, _host, channel, result =>
        {
            var words = new InsightNames
            {
                Class = classNames is null ? index => Invariant($"class {index + 1}") : classNames.TextOf,
                Token = features.FirstTokens is { } first ? TokenNames.Of(first.Column) : key => Invariant($"#{key}"),
            };
            var model = new SequenceModelParameters(result.Network, result.History,
                NetworkInsight.OnDemand(result, words, _options.NumberOfThreads), names, binding.Characters)
            {
                WordVectorCoverage = vectors is null ? null : Trainers.InitialVectors.Share(vectors),
            };
            return new TaggingTransformer(_host, model, trained, classNames);
        });
    }

    /// <summary>The columns that the fitted transformer gives, as far as the shape of the input tells.</summary>
    /// <param name="inputSchema">Shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or has a type that does not fit; the message names it.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        foreach (string feature in _featureNames)
            inputSchema.Find(feature, ColumnRule.StepFeature);
        SchemaShape.Column label = inputSchema.Find(_labelName, ColumnRule.StepLabels);
        return inputSchema.With(TagColumns.Of(classes: 2, ClassNames.Like(label), setId: 1));
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
            ? throw new ArgumentOutOfRangeException(nameof(classes), $"Column '{_labelName}': {contradiction}.") : spec;
    }

    /// <summary>What may be asked of the order of tags; null: nothing.</summary>
    private TagRules? RulesOf(ClassNames? classNames, IChannel channel)
    {
        if (_options.TagDecoding != TagDecoding.Crf || classNames is null)
            return null;
        var scheme = TagScheme.Of(Enumerable.Range(0, classNames.Count).Select(classNames.TextOf));
        if (scheme.Doubt is { } doubt)
            channel.Warning(MessageSensitivity.None, "Column '{0}': {1}.", _labelName, doubt);
        return new TagRules(_labelName, scheme);
    }

    /// <summary>The constraints that the rows keep to. A CRF can learn tags which break their own scheme, as those of real data may.</summary>
    private static CrfConstraints? Kept(TagRules rules, SequenceModelParameters? initial, IChannel channel)
    {
        if (initial is not null)
        {
            CrfConstraints? constraints = initial.Network.Spec.Output.Constraints;
            return constraints is null || rules.ViolationOf(constraints) is not { } broken ? constraints : throw new ArgumentException(
                $"{broken}. The initial model excludes such sequences of tags: correct the tags, or train a new model.", nameof(initial));
        }
        if (rules.Violation is { } violation)
            channel.Warning(MessageSensitivity.None, "{0}. So tags are learned without the rules of their scheme, and such sequences may be predicted.",
                violation);
        return rules.Constraints;
    }

    private TokenVectors? InitialVectors(InputColumns features, bool hasInitial, IChannel channel) =>
        features.FirstTokens is { } tokens ? Trainers.InitialVectors.Find(_options, tokens, hasInitial, channel, ThrowIfCanceled)
        : _options.PretrainedVectors is null ? null
        : throw new ArgumentException($"{_options.NameOf(nameof(_options.PretrainedVectors))} are of tokens, but '" +
            $"{string.Join("', '", _featureNames)}' hold none. Add a column of keys (MapValueToKey makes one).");

    private TaggedRows Rows(IChannel channel, TagRules? rules, bool forValidation) =>
        new(_labelName, channel, _options.MaximumMemoryBytes, _options.TagDecoding, rules, forValidation);

    private SequenceDataset ReadValidation(IDataView validation, TaggedRows rows, SavedColumn[] trained, EncoderNetworkSpec spec,
        List<CharacterVocabulary> characters, KeyFingerprints names)
    {
        try
        {
            GetOutputSchema(SchemaShapes.Of(validation.Schema));
            InputColumns features = SavedColumn.Bind(validation.Schema, trained, spec.Inputs, characters);
            DataViewSchema.Column label = validation.Schema[_labelName];
            if (LabelClasses.Count(label) != spec.Output.NumberOfOutputs)
                throw new ArgumentOutOfRangeException(nameof(validation), string.Create(CultureInfo.InvariantCulture,
                    $"Column '{_labelName}' has {LabelClasses.Count(label)} classes, where that of the training set has {spec.Output.NumberOfOutputs}. ") +
                    "Prepare both with the same fitted transforms.");
            names.RequireSameKeys([.. features.All.Select(feature => feature.Column)]);
            names.RequireSameClasses(_labelName, LabelClasses.NamesOf(label));
            return rows.Read(validation, features, spec.Output.NumberOfOutputs, ThrowIfCanceled);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentOutOfRangeException(nameof(validation), $"The validation set does not fit the training set. {e.Message}");
        }
    }

    private void ThrowIfCanceled() => TrainerRun.ThrowIfCanceled(_host, _options);
}
