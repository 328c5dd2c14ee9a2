using SequenceModels.Cells;
using SequenceModels.Heads;
using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels;

/// <summary>The layers of a network in their order, and the way of one batch through them, forward and back.</summary>
internal sealed unsafe class NetworkLayers
{
    private readonly InputLayer _input;
    private readonly RecurrentLayer[] _stack;
    private readonly OutputLayer _output;
    private bool _isFolded;

    /// <summary>Builds the layers and gives their parameters places; takes no memory for values yet.</summary>
    public NetworkLayers(NetworkSpec spec, FrameTransform frames, LabelTransform labels)
    {
        Spec = spec;
        Frames = frames;
        Labels = labels;
        if (spec.Contradiction() is { } contradiction)
            throw new ArgumentException($"There is no such network: {contradiction}.", nameof(spec));
        RecurrentCell cell = RecurrentCells.Find(spec.Cell)
            ?? throw new ArgumentException($"There is no recurrent cell '{spec.Cell}'.", nameof(spec));
        int directions = spec.Bidirectional ? 2 : 1;
        _input = new InputLayer(spec, Parameters);

        _stack = new RecurrentLayer[spec.NumberOfLayers];
        for (int l = 0; l < _stack.Length; l++)
        {
            int inputSize = l > 0 ? directions * spec.HiddenSize : _input.Size;
            bool readsTokens = l == 0 && _input.IsOneHot;
            var layer = new Recurrent[directions];
            for (int d = 0; d < directions; d++)
                layer[d] = new Recurrent(Parameters, Invariant($"layer{l + 1}.{(d == 0 ? "forward" : "backward")}"), cell, inputSize,
                    l > 0 ? directions : 1, spec.HiddenSize, reverse: d == 1, readsTokens);
            _stack[l] = new RecurrentLayer(layer);
        }
        IDense dense = spec.TiedEmbeddings ? new TiedDense(Parameters, _input.Table)
            : new Dense(Parameters, directions * spec.HiddenSize, directions, spec.NumberOfOutputs);
        _output = HeadRegistry.CreateLayer(spec.Head, Parameters, dense, spec.NumberOfOutputs, labels, spec.Quantiles, spec.Constraints);
        Parameters.LayOut();
    }

    public NetworkSpec Spec { get; }

    public FrameTransform Frames { get; }

    public LabelTransform Labels { get; }

    public ParameterSet Parameters { get; } = new();

    /// <summary>Floats from one output row to the next.</summary>
    public int OutputStride => _output.Stride;

    /// <summary>L: numbers in the label of a row of outputs.</summary>
    public int LabelSize => _output.LabelSize;

    /// <summary>b [K] of the output layer.</summary>
    public Parameter OutputBias => _output.Dense.Bias;

    /// <summary>The recurrent layers, the lowest first.</summary>
    public IReadOnlyList<RecurrentLayer> Stack => _stack;

    /// <summary>A network of the same shape and weights, without what only training needs.</summary>
    public NetworkLayers Copy()
    {
        var copy = new NetworkLayers(Spec, Frames, Labels);
        copy.Parameters.Allocate();
        Parameters.Values.Span.CopyTo(copy.Parameters.Values.Span);
        return copy;
    }

    public Workspace CreateWorkspace() => new(this, _stack);

    /// <summary>Draws the first weights.</summary>
    public void Initialize(int seed)
    {
        var random = RandomStream.For(seed, purpose: 0);
        _input.Initialize(ref random);
        foreach (RecurrentLayer layer in _stack)
            layer.Initialize(ref random);
        _output.Initialize(ref random);
    }

    /// <summary>Makes the network able to go <see cref="Backward"/>; returns the transposes to refresh before each batch.</summary>
    public Transposed[] PrepareTraining() =>
    [
        .. _input.PrepareTraining(),
        .. _stack.SelectMany((layer, l) => layer.PrepareTraining(inputGradient: l > 0 || _input.Learns)),
        .. _output.PrepareTraining(),
    ];

    /// <summary>
    /// Floats that <see cref="FoldInput"/> takes: for every key, its product with the first layer's input weights. 0 where the input is
    /// frames, or steps have further features.
    /// </summary>
    public long FoldedLength => Spec.Input == SequenceInput.Frames || Spec.Features.Count > 0 ? 0
        : _stack[0].Directions.Sum(d => (Spec.InputSize + 1L) * d.Input.Weight.PhysicalColumns);

    /// <summary>Whether <see cref="FoldInput"/> has been called.</summary>
    public bool IsFolded => Volatile.Read(ref _isFolded);

    /// <summary>Computes once what every key puts into the first layer. Scores stay the same; the weights must not change any more.</summary>
    public void FoldInput()
    {
        foreach (Recurrent direction in _stack[0].Directions)
            direction.Input.Fold(_input.ReadVocabulary());
        Volatile.Write(ref _isFolded, true);
    }

    /// <summary>From the workspace's batch to its Outputs: the scores [M, K], a row for each sequence or, where asked for, each step.</summary>
    /// <param name="w">Has the batch.</param>
    /// <param name="decisions">
    /// [M] becomes what each row of outputs comes down to: the class, the logit or the value; of a CRF the tags of the likeliest sequence,
    /// which the scores of each step by itself do not tell. Empty: not asked for.
    /// </param>
    public void Predict(Workspace w, Span<float> decisions = default)
    {
        w.Reserve();
        Forward(w, _input.Read(w, IsFolded), Regularization.None, learns: false);
        _output.Predict(FeaturesOf(w), w.Output, decisions);
    }

    /// <summary>As <see cref="Predict"/>, but only the last of the M rows, which comes first in Outputs. Not of networks with a CRF.</summary>
    public void PredictLast(Workspace w)
    {
        w.Reserve();
        Forward(w, _input.Read(w, IsFolded), Regularization.None, learns: false);
        FeatureRows features = FeaturesOf(w);
        _output.Predict(features with { Count = 1, Data = (nint)features[features.Count - 1] }, w.Output, []);
    }

    /// <summary>The loss of each of the M rows of outputs by its label, as the network would predict it.</summary>
    /// <param name="w">Has the batch and its labels.</param>
    /// <param name="losses">[M] written.</param>
    public void Losses(Workspace w, Span<double> losses)
    {
        w.Reserve();
        Forward(w, _input.Read(w, IsFolded), Regularization.None, learns: false);
        _output.Losses(FeaturesOf(w), w.Labels.Span[..(OutputRowsOf(w.Batch) * LabelSize)], w.Output, losses);
    }

    /// <summary>The weighted sum of the losses of the workspace's batch by its labels, as they are without anything that only training adds.</summary>
    /// <param name="w">Has the batch, its labels and their weights.</param>
    /// <param name="decisions">[M] becomes what each row of outputs comes down to.</param>
    public double Evaluate(Workspace w, Span<float> decisions)
    {
        w.Reserve();
        Forward(w, _input.Read(w, IsFolded), Regularization.None, learns: false);
        int rows = OutputRowsOf(w.Batch);
        return _output.Evaluate(FeaturesOf(w), w.Labels.Span[..(rows * LabelSize)], w.LabelWeights.Span[..rows], w.Output, decisions);
    }

    /// <summary>
    /// The loss of the workspace's batch by its labels and their weights, and the gradients of all parameters but the tables,
    /// which are added to.
    /// </summary>
    /// <param name="w">Has the batch, its labels and their weights.</param>
    /// <param name="regularization">Of this update.</param>
    /// <param name="gradients">Of all parameters but the tables; added to.</param>
    /// <param name="inputGradients">Becomes what the tables' gradients are summed from.</param>
    public double Learn(Workspace w, in Regularization regularization, FloatBuffer gradients, InputGradients inputGradients)
    {
        w.Reserve();
        Dropout dropout = regularization.Values;
        DropWords(regularization.Words, w.Batch);
        RecurrentInput input = _input.ReadToLearn(w, dropout.Drops, inputGradients);
        if (_input.Drops)
            Drop(w, dropout, input.Vectors, (int)input.Stride, place: 0);
        Forward(w, input, regularization, learns: true);
        int rows = OutputRowsOf(w.Batch);
        w.ReserveGradients();
        w.FeatureGradient.Clear((long)rows * FeatureStride);
        double loss = _output.Learn(FeaturesOf(w), w.FeatureGradient.Data, w.Labels.Span[..(rows * LabelSize)], w.LabelWeights.Span[..rows],
            regularization.LabelSmoothing, w.Output, gradients);
        Backward(w, input, dropout, gradients, inputGradients);
        _input.AddTiedGradients(inputGradients, gradients);
        return loss;
    }

    /// <summary>M: rows of outputs that a batch has.</summary>
    public int OutputRowsOf(SequenceBatch batch) => Spec.EveryStep ? batch.Rows : batch.Count;

    private FeatureRows FeaturesOf(Workspace w) => new(w.Batch, OutputRowsOf(w.Batch), (nint)w.Features.Data, FeatureStride);

    /// <summary>From the workspace's batch to its Features [M, D].</summary>
    private void Forward(Workspace w, RecurrentInput input, in Regularization regularization, bool learns)
    {
        SequenceBatch batch = w.Batch;
        Dropout dropout = regularization.Values;
        int top = _stack.Length - 1;
        for (int l = 0; l <= top; l++)
        {
            _stack[l].Prepare(w.Passes[l], batch, regularization, l);
            _stack[l].Forward(w.Passes[l], batch, l == 0 ? input : StatesBelow(w, l, dropout), w.States[l].Data, remembers: learns);
            if (!dropout.Drops || (l == top && !Spec.EveryStep))
                continue;
            // A copy: the layer itself still needs its states for the way back.
            int stride = _stack[l].Stride;
            w.DroppedStates[l].Reserve((long)batch.Rows * stride);
            Rows.Copy(w.States[l].Data, w.DroppedStates[l].Data, (long)batch.Rows * stride);
            Drop(w, dropout, w.DroppedStates[l].Data, stride, place: 1 + l);
        }
        w.Features = !Spec.EveryStep ? w.Pooled : dropout.Drops ? w.DroppedStates[top] : w.States[top];
        if (Spec.EveryStep)
            return;
        w.Readout.Forward(batch, w.States[top].Data, w.Pooled.Data);
        DropPooled(w, dropout, w.Pooled.Data);
    }

    /// <summary>What layer l > 0 reads: the states of the layer below, with dropout applied.</summary>
    private RecurrentInput StatesBelow(Workspace w, int l, Dropout dropout) => RecurrentInput.OfVectors(
        (dropout.Drops ? w.DroppedStates : w.States)[l - 1].Data, _stack[l - 1].Stride, w.Batch.Rows);

    /// <summary>From dLoss/dFeatures to the gradients of all parameters but the tables.</summary>
    private void Backward(Workspace w, RecurrentInput input, Dropout dropout, FloatBuffer gradients, InputGradients inputGradients)
    {
        SequenceBatch batch = w.Batch;
        int top = _stack.Length - 1;
        if (Spec.EveryStep)
            Drop(w, dropout, w.FeatureGradient.Data, FeatureStride, place: 1 + top);
        else
        {
            DropPooled(w, dropout, w.PooledGradient.Data);
            w.Readout.Backward(batch, w.PooledGradient.Data, w.StateGradients[top]);
        }
        for (int d = 0; d < inputGradients.Picked.Length; d++)
            w.Passes[0][d].PickedGradient = inputGradients.Picked[d];
        for (int l = top; l >= 0; l--)
        {
            RecurrentInput below = l == 0 ? input : StatesBelow(w, l, dropout);
            FloatBuffer? dBelow = l > 0 ? w.StateGradients[l - 1] : _input.Learns ? _input.VectorGradients(w, inputGradients) : null;
            if (dBelow is not null)
            {
                dBelow.Reserve(below.Count * below.Stride);
                dBelow.Clear(below.Count * below.Stride);
            }
            _stack[l].Backward(w.Passes[l], batch, below, w.States[l].Data, w.StateGradients[l].Data, gradients,
                dBelow is null ? null : dBelow.Data);
            if (dBelow is not null)
                Drop(w, dropout, dBelow.Data, (int)below.Stride, place: l);
        }
        _input.Backward(w, gradients, inputGradients);
    }

    /// <summary>The tables, by the tokens that pick their rows.</summary>
    public IEnumerable<TokenTables> TokenTables => _input.Tables(Parameters.Tables.Count);

    /// <summary>Takes what the entrance of the network remembers of a batch.</summary>
    public InputPass CreateInputPass() => _input.CreatePass();

    /// <summary>Takes what a shard's batch leaves for the tables.</summary>
    public InputGradients CreateInputGradients() => new(_input.IsOneHot ? _stack[0].Directions.Count : 0, Spec.Features.Count);

    /// <summary>The gradient that one input vector has for a panel of a table's row.</summary>
    /// <param name="gradients">As Learn left it, of the feature whose tokens pick the table's rows.</param>
    /// <param name="table">Which of the tables: an embedding, or W of each direction of the first layer.</param>
    /// <param name="panel">Of the table.</param>
    /// <param name="vector">Place among the input tokens.</param>
    public float* InputGradient(InputGradients gradients, int table, int panel, int vector) => _input.IsOneHot
        ? _stack[0].Directions[table].Input.PickedGradients(gradients.Picked[table], gradients.Tokens.Length).At(panel, vector)
        : gradients.Embedded.Data + (long)vector * Parameters.Tables[table].PhysicalColumns;

    /// <summary>The row of a table that a token's vector is; one-hot tokens have none for unknown ones.</summary>
    public int TableRow(uint token) => (int)token - (_input.IsOneHot ? 1 : 0);

    /// <summary>Floats from one row of features to the next.</summary>
    private int FeatureStride => _stack[^1].Stride;

    /// <summary>Dropout on the values of every step [rows, width].</summary>
    private static void Drop(Workspace w, Dropout dropout, float* rows, int width, int place)
    {
        w.Mask.Draw(dropout, place, w.Batch, width);
        w.Mask.ApplyToSteps(w.Batch, rows);
    }

    /// <summary>Dropout on the pooled vectors [B, D].</summary>
    private void DropPooled(Workspace w, Dropout dropout, float* pooled)
    {
        w.Mask.Draw(dropout, 1 + _stack.Length, w.Batch, FeatureStride);
        w.Mask.Apply(pooled, w.Batch.Count, pooled);
    }

    private void DropWords(Dropout words, SequenceBatch batch)
    {
        if (!words.Drops || Spec.Input == SequenceInput.Frames)
            return;
        for (int t = 0; t < batch.Steps; t++)
            for (int k = 0; k < batch.Alive(t); k++)
                if (words.DropsToken(batch.Number(k), t))
                    batch.Forget(t, k);
    }
}
