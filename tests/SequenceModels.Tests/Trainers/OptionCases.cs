using Microsoft.ML;

namespace SequenceModels.Tests.Trainers;

/// <summary>Changes of each option of one type, and what is learned with it.</summary>
internal abstract class OptionCases(Type type)
{
    /// <summary>Whose options they are.</summary>
    public Type Type { get; } = type;

    /// <summary>The options that are changed.</summary>
    public abstract IEnumerable<string> Options { get; }

    /// <summary>The options before the change and after it.</summary>
    public abstract (TrainingOptions Before, TrainingOptions After) Change(string option);

    /// <summary>Options for a quick training with such surroundings.</summary>
    public abstract TrainingOptions In(Surroundings surroundings);

    /// <summary>What the fitted model gives, as text: floats by their bits.</summary>
    /// <param name="options">Of <see cref="Type"/>.</param>
    /// <param name="option">The option that is changed; some show on data of their own.</param>
    public abstract string[] Learn(TrainingOptions options, string option = "");
}

/// <inheritdoc/>
/// <param name="basis">The options that changes begin from.</param>
/// <param name="learn">What the model gives that is fitted with such options.</param>
/// <param name="changes">Of the options that not every training has: those before and after.</param>
internal sealed class OptionCases<T>(
    T basis, Func<MLContext, T, string, string[]> learn, Dictionary<string, (T Before, T After)> changes)
    : OptionCases(typeof(T)) where T : TrainingOptions
{
    private readonly Dictionary<string, (T Before, T After)> _changes = Common(basis)
        .Where(change => !changes.ContainsKey(change.Key) && (basis is not TranslationOptions ||
            change.Key != nameof(basis.TruncatedBackpropagationSteps))).Concat(changes).ToDictionary();

    public override IEnumerable<string> Options => _changes.Keys;

    public override (TrainingOptions Before, TrainingOptions After) Change(string option) => _changes[option];

    public override TrainingOptions In(Surroundings surroundings) => basis with
    {
        NumberOfEpochs = surroundings.Epochs,
        NumberOfThreads = surroundings.Threads,
        MaximumMemoryBytes = surroundings.Memory,
        CheckpointPath = surroundings.Checkpoint,
        Progress = surroundings.Stop,
        CancellationToken = surroundings.Stop?.Token ?? default,
        OnCancel = surroundings.OnCancel,
        TimeBudget = surroundings.Budget,
    };

    public override string[] Learn(TrainingOptions options, string option) => learn(new MLContext(1), (T)options, option);

    private static Dictionary<string, (T, T)> Common(T basis)
    {
        T dropped = basis with { Dropout = 0.2f, NumberOfLayers = 2 }; // between layers all that is learned has steps
        T restless = basis with { ValidationFraction = 0.2, LearningRate = 1, NumberOfEpochs = 8 };
        T watched = basis with
        {
            ValidationFraction = 0.2,
            NumberOfEpochs = 20,
            EarlyStoppingPatience = 20,
            LearningRate = 0.1f,
            LearningRateSchedule = LearningRateSchedule.ReduceOnPlateau(0.1f, patience: 0),
        };
        return new Dictionary<string, (T, T)>
        {
            [nameof(basis.HiddenSize)] = (basis, basis with { HiddenSize = 9 }),
            [nameof(basis.NumberOfLayers)] = (basis, basis with { NumberOfLayers = 2 }),
            [nameof(basis.CellKind)] = (basis, basis with { CellKind = RecurrentCellKind.Peephole }),
            [nameof(basis.Dropout)] = (basis, basis with { Dropout = 0.2f }),
            [nameof(basis.VariationalDropout)] = (dropped, dropped with { VariationalDropout = !dropped.VariationalDropout }),
            [nameof(basis.RecurrentDropout)] = (basis, basis with { RecurrentDropout = 0.2f }),
            [nameof(basis.NumberOfEpochs)] = (basis, basis with { NumberOfEpochs = 3 }),
            [nameof(basis.BatchSize)] = (basis, basis with { BatchSize = 17 }),
            [nameof(basis.Optimizer)] = (basis, basis with { Optimizer = SequenceOptimizer.Sgd() }),
            [nameof(basis.LearningRate)] = (basis, basis with { LearningRate = 0.021f }),
            [nameof(basis.LearningRateSchedule)] = (basis, basis with { LearningRateSchedule = LearningRateSchedule.Cosine() }),
            [nameof(basis.GradientClipNorm)] = (basis, basis with { GradientClipNorm = 0.01f }),
            [nameof(basis.AverageWeights)] = (basis, basis with { AverageWeights = 0.9f }),
            [nameof(basis.TruncatedBackpropagationSteps)] = (basis, basis with { TruncatedBackpropagationSteps = 2 }),
            [nameof(basis.ValidationFraction)] = (basis, basis with { ValidationFraction = 0.2 }),
            [nameof(basis.EarlyStoppingPatience)] = (restless, restless with { EarlyStoppingPatience = 1 }),
            [nameof(basis.SelectBy)] = (watched, watched with
            {
                SelectBy = basis is ForecastOptions ? TrainingSelection.RootMeanSquaredError : TrainingSelection.Accuracy,
            }),
            [nameof(basis.Seed)] = (basis, basis with { Seed = 4 }),
        };
    }
}
