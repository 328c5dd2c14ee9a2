using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;
using SequenceModels.Trainers;
using SequenceModels.Training;
using SequenceModels.Translation;

namespace SequenceModels;

/// <summary>
/// Trains a network that turns each sequence into another one, of another length. Made by Rnn, Lstm and Gru of
/// <c>mlContext.Sequences().Translation.Trainers</c>.
/// </summary>
/// <remarks>
/// Equal options, with a <see cref="TrainingOptions.Seed"/>, and equal rows give equal models, whatever the number of threads.
/// </remarks>
public sealed class TranslationTrainer : IEstimator<TranslationTransformer>
{
    private readonly IHost _host;
    private readonly string _cell;
    private readonly TranslationColumns _columns;
    private readonly TranslationOptions _options;

    internal TranslationTrainer(IHostEnvironment environment, string cell, string labelColumnName, string featureColumnName,
        TranslationOptions? options, string? exampleWeightColumnName)
    {
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(featureColumnName);
        _host = environment.Register(cell + "Translation");
        _columns = new TranslationColumns(labelColumnName, featureColumnName, exampleWeightColumnName);
        _options = options ?? new TranslationOptions();
        _options.Validate();
        _cell = _options.CellOf(cell);
    }

    /// <summary>Trains a network.</summary>
    /// <param name="input">The rows: pairs of sequences.</param>
    /// <inheritdoc cref="Fit(IDataView, IDataView, TranslationModelParameters)" path="/exception"/>
    public TranslationTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Fit(input, validation: null);
    }

    /// <summary>
    /// Trains a network, measures it after each epoch on rows that it does not learn from, and may go on from a trained one.
    /// </summary>
    /// <param name="train">
    /// The rows to learn from. A key 0 of the label is an unknown token, which is learned as any other; an empty label is a
    /// translation without tokens.
    /// </param>
    /// <param name="validation">
    /// The rows to measure on, with the columns that <paramref name="train"/> has, prepared by the same fitted transforms; the
    /// option ValidationFraction then has no effect. Each epoch translates them all, the likeliest token being taken each time.
    /// Null: none but those that this option sets aside.
    /// </param>
    /// <param name="initial">
    /// A trained model to go on from, in place of random weights: of the same shape and vocabularies. Null: none.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    /// <exception cref="ArgumentException">The initial model has another shape or vocabulary.</exception>
    /// <exception cref="InvalidOperationException">
    /// A value cannot be learned from, or the rows cannot: there are none, or they have no weight. Or training stops early by the
    /// options, but has no validation rows; or it diverged; or the checkpoint is of another training, or in use.
    /// </exception>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <exception cref="OperationCanceledException">
    /// Training was cancelled, by the options' token or by the MLContext, and the options do not ask for the best model so far,
    /// or there is none yet.
    /// </exception>
    public TranslationTransformer Fit(IDataView train, IDataView? validation, TranslationModelParameters? initial = null)
    {
        ArgumentNullException.ThrowIfNull(train);
        GetOutputSchema(SchemaShapes.Of(train.Schema));
        using var run = new TrainerRun(_host, _options);
        run.RequireRowsToStopBy(validation);
        run.RequireLayersToHold(initial is not null);
        TranslationSides sides = TranslationSides.Of(train.Schema, _columns, _options);
        TranslationSpec spec = sides.ShapeOf(_cell, _options);
        KeyFingerprints keys = sides.Continue(initial, spec, _columns);
        SequenceColumn.WarnIfPadded(train.Schema, [_columns.Feature, _columns.Label], run.Channel);
        Text.TokenVectors? vectors = InitialVectors.Find(_options, sides.Source, initial is not null, run.Channel,
            run.ThrowIfCanceled);
        using SequenceDataset? measured = validation is null ? null : ReadValidation(validation, sides, keys, run);
        var rows = new TranslationRows(_columns, RowPurpose.Training);
        using SequenceDataset data = rows.Read(train, sides.Source, sides.TargetSize, _options.RowMemory,
            run.ThrowIfCanceled);
        UnknownTokens.Note(run.Channel, sides.Source, data, _options);
        TranslationSearch search = SearchOf(rows.LargestRatio);
        string subject = $"{_cell}, translation of '{_columns.Feature}' into '{_columns.Label}'";
        TrainingJob job = run.CreateJob(spec, data, measured, subject) with
        {
            Vectors = vectors,
            Initial = initial?.Network.Network,
        };
        return run.Train(job, (home, result) =>
        {
            var translator = new SequenceTranslator((TranslationNetwork)result.Trained, search);
            var model = new TranslationModelParameters(translator, result.History, keys,
                TranslationInsight.OnDemand(translator, result.Examples, sides.TokenNames, _options.NumberOfThreads));
            return new TranslationTransformer(home, model, sides.Saved, sides.Names, sides.Joining, _options.OutputAttention);
        }, transformer => transformer.ToBytes());
    }

    /// <summary>The columns that the fitted transformer gives, as far as the shape of the input tells.</summary>
    /// <param name="inputSchema">Shape of the input.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A column is missing or has a type that does not fit; the message names it.
    /// </exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        return _columns.OutputOf(inputSchema, _options.OutputAttention);
    }

    private SequenceDataset ReadValidation(IDataView rows, TranslationSides sides, KeyFingerprints keys, TrainerRun run)
    {
        try
        {
            GetOutputSchema(SchemaShapes.Of(rows.Schema));
            InputColumns source = sides.SourceIn(rows.Schema, keys, _columns);
            return new TranslationRows(_columns, RowPurpose.Validation).Read(rows, source, sides.TargetSize,
                _options.RowMemory, run.ThrowIfCanceled);
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new ArgumentOutOfRangeException($"The validation set does not fit the training set. {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"The validation set cannot be measured on. {e.Message}", e);
        }
    }

    private TranslationSearch SearchOf(float largestRatio) => new()
    {
        BeamSize = _options.BeamSize,
        LengthPenalty = _options.LengthPenalty,
        CoveragePenalty = _options.CoveragePenalty,
        MaximumLength = _options.MaximumLength,
        ReplaceUnknown = _options.ReplaceUnknown,
        LargestRatio = largestRatio,
    };
}
