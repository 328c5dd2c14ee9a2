using SequenceModels.Training;

namespace SequenceModels;

/// <summary>
/// What every training of a recurrent network has: its size, and how it is trained. Immutable; change a copy with <c>with</c>.
/// </summary>
/// <remarks>
/// Options that only some trainings have are properties of their types. Values are checked when a trainer is made from the
/// options; the exception names type and option.
/// </remarks>
public abstract partial record TrainingOptions
{
    /// <summary>As <see cref="NumberOfEpochs"/>: so many as there should be by the number of rows.</summary>
    public const int AutomaticEpochs = int.MaxValue;

    private protected TrainingOptions() { }

    /// <summary>Units in each recurrent layer and direction, 1 to 65,536. Default 128; of forecasts 32.</summary>
    public int HiddenSize { get; init; } = 128;

    /// <summary>Recurrent layers, one reading the states of the one below, 1 to 64. Default 1.</summary>
    public int NumberOfLayers { get; init; } = 1;

    /// <summary>
    /// Which variant of the trainer's cell the network is made of. Only LSTM has others than
    /// <see cref="RecurrentCellKind.Standard"/>, which is the default.
    /// </summary>
    public RecurrentCellKind CellKind { get; init; } = RecurrentCellKind.Standard;

    /// <summary>
    /// Share of values set to zero in training (the rest is scaled up to keep the mean), at least 0 and less than 1, on the
    /// embeddings, between layers and before the output layer; each step of a sequence is drawn by itself. Default 0; of
    /// <see cref="SequenceTrainerOptions"/> what is said there.
    /// </summary>
    /// <remarks>Srivastava et al., JMLR 15, 2014; in recurrent networks: Zaremba et al., arXiv:1409.2329, 2014.</remarks>
    public float Dropout { get => _dropout ?? Defaults.Dropout; init => _dropout = value; }

    /// <summary>Whether <see cref="Dropout"/> takes the same units from a sequence at each of its steps. Default no.</summary>
    /// <remarks>
    /// Gal and Ghahramani, "A Theoretically Grounded Application of Dropout in Recurrent Neural Networks", NIPS 2016.
    /// </remarks>
    public bool VariationalDropout { get; init; }

    /// <summary>
    /// Share of the hidden state's units that the recurrent products do not see in training, at least 0 and less than 1, the same
    /// at each step; the rest is scaled up. Only the products lose them: the cell state of an LSTM, and what a GRU carries over
    /// from the state before, stay whole. Default 0. Source: as of <see cref="VariationalDropout"/>.
    /// </summary>
    public float RecurrentDropout { get; init; }

    /// <summary>
    /// Passes over the training data; or <see cref="AutomaticEpochs"/>: as many as it takes to update the weights often enough,
    /// which is more where there are few rows. With 0 nothing is learned, and the model is the initial one, which Fit must then
    /// be given. Default 10; of <see cref="SequenceTrainerOptions"/> automatic.
    /// </summary>
    /// <remarks>
    /// Automatic are so many epochs that there are 1,000 updates, but at least 10 epochs and at most 50. What an update learns
    /// from is a batch; of a language model as many steps of it as TruncatedBackpropagationSteps says.
    /// </remarks>
    public int NumberOfEpochs { get; init; } = 10;

    /// <summary>
    /// Sequences per update of the weights, at least 1, or 0: 16 where there are fewer than 1,000 training rows, else 32. Default
    /// 32; of <see cref="SequenceTrainerOptions"/> 0.
    /// </summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>The update rule. Default Adam.</summary>
    public SequenceOptimizer Optimizer { get; init; } = SequenceOptimizer.Adam();

    /// <summary>Size of the optimizer's steps; positive. Default 0.001, <see cref="SequenceTrainerOptions"/>: others.</summary>
    public float LearningRate { get => _learningRate ?? Defaults.LearningRate; init => _learningRate = value; }

    /// <summary>
    /// How the learning rate changes in the course of training. Default: it does not; of <see cref="SequenceTrainerOptions"/> it
    /// rises over a tenth of all updates and then falls along half a cosine, <c>Cosine(0.1)</c>.
    /// </summary>
    public LearningRateSchedule LearningRateSchedule { get; init; } = LearningRateSchedule.Constant;

    /// <summary>
    /// Gradients whose norm over all weights is larger are scaled down to this norm; positive. Default 5.
    /// <see cref="float.PositiveInfinity"/> switches clipping off.
    /// </summary>
    /// <remarks>Pascanu et al., "On the difficulty of training recurrent neural networks", ICML 2013, algorithm 1.</remarks>
    public float GradientClipNorm { get; init; } = 5;

    /// <summary>
    /// Share of the weights' average that each update keeps, at least 0 and less than 1: 0.99 to 0.9999 averages over the last
    /// hundred to ten thousand updates, but never over more than about the last tenth of them. The averages are what validation
    /// measures, what is selected, and what the model has; training itself goes on from the weights, of which the training loss
    /// tells. Default 0: no averaging.
    /// </summary>
    /// <remarks>
    /// After update t the average is d times what it was plus 1 - d times the weights, with d the smaller of this share and
    /// (1 + t) / (10 + t), so that the first weights are soon forgotten. Polyak and Juditsky, "Acceleration of Stochastic
    /// Approximation by Averaging", SIAM Journal on Control and Optimization 30, 1992.
    /// </remarks>
    public float AverageWeights { get; init; }

    /// <summary>
    /// How many steps back from its last step, at most, a sequence's gradient reaches; 0: to its first. States are carried
    /// through all steps either way. The sequence is cut into chunks of so many steps, counted from its end, and no gradient
    /// crosses a cut. Default 0.
    /// </summary>
    /// <remarks>
    /// Williams and Peng, "An Efficient Gradient-Based Algorithm for On-Line Training of Recurrent Network Trajectories", Neural
    /// Computation 2, 1990.
    /// </remarks>
    public int TruncatedBackpropagationSteps { get; init; }

    /// <summary>
    /// Share of the rows that are set aside to measure the model on after each epoch, at least 0 and less than 1: drawn by the
    /// seed, for classification the same share of each class. No effect where Fit is given a validation set. Default 0: none.
    /// </summary>
    public double ValidationFraction { get; init; }

    /// <summary>
    /// Training ends when the validation rows' figure (<see cref="SelectBy"/>) has not become better for so many epochs, and the
    /// model has the weights of the epoch where it was best, also if training runs to its last epoch. Needs validation rows.
    /// Default 0: no early stopping; the model has the last epoch's weights.
    /// </summary>
    /// <remarks>Prechelt, "Early Stopping - But When?", in Neural Networks: Tricks of the Trade, 1998.</remarks>
    public int EarlyStoppingPatience { get; init; }

    /// <summary>
    /// Which figure of the validation rows is watched: by <see cref="EarlyStoppingPatience"/>, by
    /// <see cref="LearningRateSchedule.ReduceOnPlateau"/>, and for the best model so far of a training that was stopped. A figure
    /// that the task does not have is refused by Fit; another than the loss needs validation rows. Default
    /// <see cref="TrainingSelection.Loss"/>.
    /// </summary>
    /// <remarks>
    /// The loss says something about every row and has few ties; where another figure is what a model is judged by, and the loss
    /// rises while that still gets better, as in tagging, select by it.
    /// </remarks>
    public TrainingSelection SelectBy { get; init; } = TrainingSelection.Loss;

    /// <summary>
    /// Seed of the initial weights, the order of rows, the rows set aside for validation, and dropout. The same seed, options and
    /// rows in the same order give the same weights, to the bit, on any number of threads (with one version of the package, on
    /// one kind of processor). Default null: the next number of the MLContext's own generator, which other calls on that context
    /// draw from too. An MLContext with a seed therefore gives the same model only where all calls on it are the same, in the
    /// same order.
    /// </summary>
    public int? Seed { get; init; }

    /// <summary>Threads that train, 0 to 1,024. Default 0: as many processors as the batch has shards for.</summary>
    public int NumberOfThreads { get; init; }

    /// <summary>
    /// The processes that train together, each of them on a part of every batch: <c>MpiTraining.World()</c> of the package
    /// SequenceModels.Mpi. The model has the same bits on any number of them, and of threads. Rank 0 measures the validation
    /// rows, is cancelled, reports and writes the checkpoint, and every rank ends with the model. Default null: this process
    /// alone.
    /// </summary>
    /// <remarks>
    /// A batch is dealt into parts of 16 sequences or so, small batches into two, and each process and thread takes whole parts:
    /// for P processes of T threads let <see cref="BatchSize"/> be 16 P T or more.
    /// </remarks>
    public IProcessGroup? Distribution { get; init; }

    /// <summary>
    /// Told of the progress several times a second, at the last batch of each epoch, and once each epoch has been measured, on
    /// the training thread. Default null.
    /// </summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Stops the training within a batch; <see cref="OnCancel"/> says what <c>Fit</c> then does.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>What <c>Fit</c> does when it is cancelled. Default: it throws <see cref="OperationCanceledException"/>.</summary>
    public OnCancel OnCancel { get; init; } = OnCancel.Throw;

    /// <summary>
    /// How long training may take, or null: as long as it takes. Once the time is used up, training ends with the update at
    /// work, and <c>Fit</c> gives the best model so far: the weights of the epoch with the best figure of the validation rows
    /// (<see cref="SelectBy"/>), or without such an epoch the present ones. With <see cref="CheckpointPath"/> the next Fit goes
    /// on with the next update, and has this much time again. Positive; counted from the first update, validation included, but
    /// not the reading of the rows. Default null.
    /// </summary>
    /// <remarks>
    /// What a training with a budget ends with depends on how fast the machine is, and what else runs on it: of all options that
    /// say when to stop, this is the only one that does not give the same model again. A schedule of the learning rate goes by
    /// NumberOfEpochs, not by the time.
    /// </remarks>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>
    /// A file that keeps all that a training needs to go on, written anew after each epoch and where <see cref="TimeBudget"/>
    /// ends it, and deleted when training ends well. Fit with the same options, rows and path goes on where a killed one stood,
    /// and ends with the same bits. The file is a model too: <c>FromCheckpoint</c> of the transformers reads the best one so
    /// far. Default null: none.
    /// </summary>
    /// <remarks>
    /// Threads, progress, cancellation, time budget, memory and this path may differ, and there may be more epochs where the
    /// learning rate does not depend on their number. Anything else that differs is named, and the checkpoint left alone.
    /// </remarks>
    public string? CheckpointPath { get; init; }

    /// <summary>
    /// Bytes of memory that the encoded rows may take; the rest goes to a temporary file, which is deleted in the end. At least
    /// 0. Default 0: half of the memory that the process may use.
    /// </summary>
    /// <remarks>
    /// The file is in the system's temporary folder, which should be on a disk; the variable TMPDIR (Windows: TMP) names another.
    /// </remarks>
    public long MaximumMemoryBytes { get; init; }

    /// <summary>
    /// Those that only some tasks have, as the engine reads them. A type that has one gives it by overriding this.
    /// </summary>
    internal virtual TaskOptions TaskOptions => new();

    /// <summary>Throws if any value is out of its range, naming the option, the value and the range.</summary>
    internal virtual void Validate()
    {
        Require(HiddenSize is >= 1 and <= 65_536, nameof(HiddenSize), HiddenSize, "between 1 and 65536");
        Require(NumberOfLayers is >= 1 and <= 64, nameof(NumberOfLayers), NumberOfLayers, "between 1 and 64");
        Require(Enum.IsDefined(CellKind), nameof(CellKind), CellKind, "Standard, Peephole or LayerNorm");
        RequireShare(Dropout, nameof(Dropout));
        RequireShare(RecurrentDropout, nameof(RecurrentDropout));
        Require(NumberOfEpochs >= 0, nameof(NumberOfEpochs), NumberOfEpochs,
            "at least 0 (TrainingOptions.AutomaticEpochs = by the number of rows)");
        Require(BatchSize is >= 0 and <= 1_000_000, nameof(BatchSize), BatchSize, "between 1 and 1000000, or 0 (automatic)");
        Require(Optimizer is not null, nameof(Optimizer), Optimizer, "SequenceOptimizer.Adam() or another one");
        Require(LearningRate > 0 && float.IsFinite(LearningRate), nameof(LearningRate), LearningRate, "a positive number");
        Require(LearningRateSchedule is not null, nameof(LearningRateSchedule), LearningRateSchedule,
            "LearningRateSchedule.Constant or another one");
        Require(GradientClipNorm > 0, nameof(GradientClipNorm), GradientClipNorm, "positive (PositiveInfinity = no clipping)");
        RequireShare(AverageWeights, nameof(AverageWeights));
        Require(TruncatedBackpropagationSteps >= 0, nameof(TruncatedBackpropagationSteps), TruncatedBackpropagationSteps,
            "at least 0 (0 = all steps)");
        RequireShare(ValidationFraction, nameof(ValidationFraction));
        Require(EarlyStoppingPatience >= 0, nameof(EarlyStoppingPatience), EarlyStoppingPatience,
            "at least 0 (0 = no early stopping)");
        Require(Enum.IsDefined(SelectBy), nameof(SelectBy), SelectBy,
            "Loss, Accuracy, ErrorRate, AreaUnderRocCurve, SpanF1Score, RootMeanSquaredError, TokenErrorRate, " +
            "SequenceErrorRate or Bleu");
        Require(NumberOfThreads is >= 0 and <= 1024, nameof(NumberOfThreads), NumberOfThreads,
            "between 0 and 1024 (0 = automatic)");
        Require(Enum.IsDefined(OnCancel), nameof(OnCancel), OnCancel, "Throw or KeepBest");
        Require(TimeBudget is null || TimeBudget > TimeSpan.Zero, nameof(TimeBudget), TimeBudget, "positive, or null");
        Require(CheckpointPath is not "", nameof(CheckpointPath), CheckpointPath, "the path of a file, or null");
        Require(MaximumMemoryBytes >= 0, nameof(MaximumMemoryBytes), MaximumMemoryBytes,
            "at least 0 (0 = half of the memory there is)");
    }

    /// <summary>The values, in the invariant culture.</summary>
    public sealed override string ToString() => InvariantText.OfRecord(GetType().Name, PrintMembers);
}
