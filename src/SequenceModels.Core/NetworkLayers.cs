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
    private readonly Embedding? _embedding;
    private readonly RecurrentLayer[] _stack;
    private readonly OutputLayer _output;

    /// <summary>Builds the layers and gives their parameters places; takes no memory for values yet.</summary>
    public NetworkLayers(NetworkSpec spec, FrameTransform frames, LabelTransform labels)
    {
        Spec = spec;
        Frames = frames;
        Labels = labels;
        RecurrentCell cell = RecurrentCells.Find(spec.Cell)
            ?? throw new ArgumentException($"There is no recurrent cell '{spec.Cell}'.", nameof(spec));
        int directions = spec.Bidirectional ? 2 : 1;
        bool tokens = spec.Input == SequenceInput.Tokens;
        if (tokens && spec.EmbeddingSize > 0)
            _embedding = new Embedding(Parameters, spec.InputSize, spec.EmbeddingSize);

        _stack = new RecurrentLayer[spec.NumberOfLayers];
        for (int l = 0; l < _stack.Length; l++)
        {
            int inputSize = l > 0 ? directions * spec.HiddenSize : _embedding is null ? spec.InputSize : spec.EmbeddingSize;
            bool readsTokens = l == 0 && tokens && _embedding is null;
            var layer = new Recurrent[directions];
            for (int d = 0; d < directions; d++)
                layer[d] = new Recurrent(Parameters, $"layer{l + 1}.{(d == 0 ? "forward" : "backward")}", cell, inputSize,
                    l > 0 ? directions : 1, spec.HiddenSize, reverse: d == 1, readsTokens);
            _stack[l] = new RecurrentLayer(layer);
        }
        _output = new OutputLayer(new Dense(Parameters, directions * spec.HiddenSize, directions, spec.NumberOfOutputs),
            HeadRegistry.Create(spec.Head, labels), spec.NumberOfOutputs);
        Parameters.LayOut();
    }

    public NetworkSpec Spec { get; }

    public FrameTransform Frames { get; }

    public LabelTransform Labels { get; }

    public ParameterSet Parameters { get; } = new();

    /// <summary>Floats from one output row to the next.</summary>
    public int OutputStride => _output.Stride;

    public Workspace CreateWorkspace() => new(this, _stack);

    /// <summary>Draws the first weights.</summary>
    public void Initialize(int seed)
    {
        var random = RandomStream.For(seed, purpose: 0);
        _embedding?.Initialize(ref random);
        foreach (RecurrentLayer layer in _stack)
            layer.Initialize(ref random);
        _output.Dense.Initialize(ref random);
    }

    /// <summary>Makes the network able to go <see cref="Backward"/>; returns the transposes to refresh before each batch.</summary>
    public Transposed[] PrepareTraining() =>
    [
        .. _stack.SelectMany((layer, l) => layer.PrepareTraining(inputGradient: l > 0 || _embedding is not null)),
        .. _output.Dense.PrepareTraining(),
    ];

    /// <summary>From the workspace's batch to its Outputs: the scores [M, K], a row for each sequence or, where asked for, each step.</summary>
    public void Predict(Workspace w)
    {
        Forward(w, Dropout.None);
        _output.Predict(OutputRowsOf(w.Batch), w.Features.Data, FeatureStride, w.Outputs);
    }

    /// <summary>
    /// The loss of the workspace's batch by its labels and their weights, and the gradients of all parameters but the tables,
    /// which are added to.
    /// </summary>
    public double Learn(Workspace w, Dropout dropout, FloatBuffer gradients)
    {
        Forward(w, dropout);
        int rows = OutputRowsOf(w.Batch);
        w.ReserveGradients();
        w.FeatureGradient.Clear((long)rows * FeatureStride);
        double loss = _output.Learn(rows, w.Features.Data, w.FeatureGradient.Data, FeatureStride, w.Labels.Span[..rows],
            w.LabelWeights.Span[..rows], w.Outputs, gradients);
        Backward(w, dropout, gradients);
        return loss;
    }

    /// <summary>M: rows of outputs that a batch has.</summary>
    public int OutputRowsOf(SequenceBatch batch) => Spec.EveryStep ? batch.Rows : batch.Count;

    /// <summary>From the workspace's batch to its Features [M, D].</summary>
    private void Forward(Workspace w, Dropout dropout)
    {
        SequenceBatch batch = w.Batch;
        w.Reserve();
        float* input = batch.Frames.Data;
        nint stride = Spec.InputSize;
        if (_embedding is not null)
        {
            _embedding.Forward(batch, input = w.Embedded.Data);
            stride = _embedding.Stride;
            Drop(dropout, batch, input, _embedding.Table.Units, stride, place: 0);
        }
        int top = _stack.Length - 1;
        for (int l = 0; l <= top; l++)
        {
            _stack[l].Forward(w.Passes[l], batch, input, stride, w.States[l].Data);
            input = w.States[l].Data;
            stride = _stack[l].Stride;
            if (dropout.Drops && (l < top || Spec.EveryStep))
            {
                // A copy: the layer itself still needs its states for the way back.
                w.DroppedStates[l].Reserve(batch.Rows * stride);
                Rows.Copy(input, w.DroppedStates[l].Data, batch.Rows * stride);
                Drop(dropout, batch, input = w.DroppedStates[l].Data, (int)stride, stride, place: 1 + l);
            }
        }
        w.Features = Spec.EveryStep ? dropout.Drops ? w.DroppedStates[top] : w.States[top] : w.Pooled;
        if (Spec.EveryStep)
            return;
        w.Readout.Forward(batch, w.States[top].Data, w.Pooled.Data);
        DropPooled(dropout, batch, w.Pooled.Data);
    }

    /// <summary>From dLoss/dFeatures to the gradients of all parameters but the tables.</summary>
    private void Backward(Workspace w, Dropout dropout, FloatBuffer gradients)
    {
        SequenceBatch batch = w.Batch;
        int top = _stack.Length - 1;
        if (Spec.EveryStep)
            Drop(dropout, batch, w.FeatureGradient.Data, FeatureStride, FeatureStride, place: 1 + top);
        else
        {
            DropPooled(dropout, batch, w.PooledGradient.Data);
            w.Readout.Backward(batch, w.PooledGradient.Data, w.StateGradients[top]);
        }
        for (int l = top; l >= 0; l--)
        {
            FloatBuffer? below = l > 0 ? w.StateGradients[l - 1] : _embedding is not null ? w.EmbeddedGradient : null;
            nint stride = l > 0 ? _stack[l - 1].Stride : _embedding?.Stride ?? Spec.InputSize;
            FloatBuffer input = l == 0 ? _embedding is null ? batch.Frames : w.Embedded
                : dropout.Drops ? w.DroppedStates[l - 1] : w.States[l - 1];
            below?.Clear(batch.Rows * stride);
            _stack[l].Backward(w.Passes[l], batch, input.Data, stride, w.States[l].Data, w.StateGradients[l].Data, gradients,
                below is null ? null : below.Data);
            if (below is not null)
                Drop(dropout, batch, below.Data, l > 0 ? (int)stride : _embedding!.Table.Units, stride, place: l);
        }
    }

    /// <summary>Adds to the tables' gradients what one row of the workspace's batch has for its token's row.</summary>
    public void AddTableGradients(Workspace w, int row, uint token, FloatBuffer gradients)
    {
        if (_embedding is not null)
        {
            int stride = _embedding.Stride;
            Rows.Add(w.EmbeddedGradient.Data + (long)row * stride, _embedding.Table.In(gradients) + (long)token * stride, stride);
            return;
        }
        if (token == 0)
            return;
        for (int d = 0; d < _stack[0].Directions.Count; d++)
        {
            Parameter table = _stack[0].Directions[d].InputWeight;
            ProductRows dWx = ProductRows.InPanels(w.Passes[0][d].Wx.Data, table, w.Batch.Rows);
            for (int panel = 0; panel < table.Panels; panel++)
                Rows.Add(dWx.At(panel, row), TableRow(table, panel, token, gradients), table.WidthOf(panel));
        }
    }

    /// <summary>Visits the gradients of a token's row in every table, in pieces.</summary>
    public void VisitTableRow(uint token, FloatBuffer gradients, Action<nint, int> visit)
    {
        foreach (Parameter table in Parameters.Tables)
            if (_embedding is not null || token > 0)
                for (int panel = 0; panel < table.Panels; panel++)
                    visit((nint)TableRow(table, panel, token, gradients), table.WidthOf(panel));
    }

    private float* TableRow(Parameter table, int panel, uint token, FloatBuffer buffer) =>
        table.In(buffer) + table.PanelOffset(panel) + (token - (_embedding is null ? 1L : 0L)) * table.WidthOf(panel);

    /// <summary>Floats from one row of features to the next.</summary>
    private int FeatureStride => _stack[^1].Stride;

    private static void Drop(Dropout dropout, SequenceBatch batch, float* rows, int width, nint stride, int place)
    {
        if (!dropout.Drops)
            return;
        for (int t = 0; t < batch.Steps; t++)
            for (int k = 0; k < batch.Alive(t); k++)
                dropout.Apply(new Span<float>(rows + (batch.Offset(t) + k) * stride, width), place, batch.Number(k), t);
    }

    private void DropPooled(Dropout dropout, SequenceBatch batch, float* pooled)
    {
        if (!dropout.Drops)
            return;
        int stride = _stack[^1].Stride;
        for (int k = 0; k < batch.Count; k++)
            dropout.Apply(new Span<float>(pooled + (long)k * stride, stride), 1 + _stack.Length, batch.Number(k), 0);
    }
}
