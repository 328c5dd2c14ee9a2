using Microsoft.ML;
using Microsoft.ML.Runtime;
using SequenceModels.Columns;
using SequenceModels.Files;
using SequenceModels.Heads;
using SequenceModels.Networks;
using SequenceModels.Reports;
using SequenceModels.Sequences;

namespace SequenceModels.Trainers;

/// <summary>
/// What a kind of trainer supplies to a call of Fit: columns, network and rows. All else is that of <see cref="TrainerRun"/>.
/// </summary>
/// <typeparam name="T">The transformer that comes of it.</typeparam>
internal sealed record TrainerTask<T>
{
    /// <summary>The trainer's options.</summary>
    public required SequenceInputOptions Options { get; init; }

    /// <summary>The feature columns.</summary>
    public required TrainedColumns Features { get; init; }

    /// <summary>The label column; null: the steps are the labels.</summary>
    public LabelClasses? Label { get; init; }

    /// <summary>The network that options and columns ask for.</summary>
    public required EncoderNetworkSpec Spec { get; init; }

    /// <summary>Whether the network may begin with the layers of language models.</summary>
    public bool TakesLanguageModels { get; init; }

    /// <summary>Throws if columns of rows are missing or of another type.</summary>
    public required Action<SchemaShape> CheckColumns { get; init; }

    /// <summary>Makes what reads rows for a purpose.</summary>
    public required Func<RowPurpose, ExampleReader> CreateReader { get; init; }

    /// <summary>Changes the rows that were read to learn from; those to measure on stay as they are.</summary>
    public Action<SequenceDataset> Arrange { get; init; } = _ => { };

    /// <summary>Adds to the network's shape what only the rows tell, once they are read.</summary>
    public Func<EncoderNetworkSpec, EncoderNetworkSpec> CompleteSpec { get; init; } = spec => spec;

    /// <summary>What is trained, in words that tell it from other trainings.</summary>
    public required string Subject { get; init; }

    /// <summary>Makes what counts the spans that the classes of steps make up; null: they make up none.</summary>
    public Func<ISpanCounter>? Spans { get; init; }

    /// <summary>What the class with an index from 0 is called.</summary>
    public Func<int, string> ClassName { get; init; } = index => Invariant($"class {index + 1}");

    /// <summary>
    /// Makes the transformer of the trained model, at home in an environment. Until it is made, a checkpoint stays.
    /// </summary>
    public required Func<IHostEnvironment, SequenceModelParameters, T> CreateTransformer { get; init; }

    /// <summary>The transformer as a checkpoint keeps it.</summary>
    public required Func<T, byte[]> ToBytes { get; init; }

    /// <summary>What classes and tokens are called.</summary>
    public InsightNames Names => new()
    {
        Class = ClassName,
        Token = Features.Input.FirstTokens is { } tokens ? TokenNames.Of(tokens.TokenTexts) : key => Invariant($"#{key}"),
    };

    /// <summary>Reads the rows to learn from.</summary>
    /// <param name="rows">The rows that <see cref="Features"/> are columns of.</param>
    /// <param name="memory">Where they are held.</param>
    /// <param name="throwIfCanceled">Called now and then.</param>
    public SequenceDataset Read(IDataView rows, RowMemory memory, Action throwIfCanceled) =>
        CreateReader(RowPurpose.Training).Read(rows, Features.Input, memory, throwIfCanceled);

    /// <summary>Reads rows to measure on.</summary>
    /// <param name="rows">Other rows, with the same columns.</param>
    /// <param name="keys">What the keys of the training rows stand for.</param>
    /// <param name="memory">Where they are held.</param>
    /// <param name="throwIfCanceled">Called now and then.</param>
    /// <exception cref="ArgumentOutOfRangeException">A column does not fit those of the training rows.</exception>
    /// <exception cref="InvalidOperationException">The rows cannot be measured on.</exception>
    public SequenceDataset ReadValidation(IDataView rows, KeyFingerprints keys, RowMemory memory, Action throwIfCanceled)
    {
        try
        {
            CheckColumns(SchemaShapes.Of(rows.Schema));
            InputColumns columns = Features.In(rows.Schema, Spec.Inputs);
            keys.RequireSame(columns);
            if (Label is { } trained)
            {
                LabelClasses label = LabelClasses.From(rows.Schema, trained.Column);
                label.RequireCountOf(trained);
                keys.RequireSameClasses(label.Column, label.Names);
            }
            return CreateReader(RowPurpose.Validation).Read(rows, columns, memory, throwIfCanceled);
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
}
