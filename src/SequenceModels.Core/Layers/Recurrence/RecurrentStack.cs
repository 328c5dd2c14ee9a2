using SequenceModels.Cells;
using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>The size of a <see cref="RecurrentStack"/>.</summary>
/// <param name="InputSize">I, or V where tokens pick rows of the first layer's W.</param>
/// <param name="HiddenSize">H.</param>
/// <param name="Layers">How many, the first reading the input.</param>
/// <param name="Bidirectional">Whether each also reads from a sequence's end.</param>
/// <param name="Reads">What the input is.</param>
/// <param name="Depth">Of the top layer's parameters.</param>
/// <param name="Place">What the places of dropout in the stack are counted from.</param>
internal readonly record struct StackShape(int InputSize, int HiddenSize, int Layers, bool Bidirectional,
    StackInput Reads = StackInput.Vectors, int Depth = 1, int Place = 0);

/// <summary>What the first layer of a <see cref="RecurrentStack"/> reads.</summary>
internal enum StackInput
{
    /// <summary>Learned vectors, or states.</summary>
    Vectors,

    /// <summary>
    /// Numbers as they were given, perhaps with others beside them. One may be a thousand times as large as the next.
    /// </summary>
    Numbers,

    /// <summary>Tokens, each the row of W that its one-hot vector would pick.</summary>
    Tokens,
}

/// <summary>Recurrent layers one above the other, with dropout between them.</summary>
internal sealed unsafe class RecurrentStack
{
    private readonly RecurrentLayer[] _layers;
    private readonly int _place;

    /// <param name="parameters">Takes the layers' parameters.</param>
    /// <param name="cell">The memory.</param>
    /// <param name="shape">The size.</param>
    /// <param name="nameOf">Prefix of the names of a layer's parameters, the lowest being 1.</param>
    public RecurrentStack(ParameterSet parameters, RecurrentCell cell, StackShape shape, Func<int, string> nameOf)
    {
        int directions = shape.Bidirectional ? 2 : 1;
        _place = shape.Place;
        _layers = new RecurrentLayer[shape.Layers];
        for (int l = 0; l < _layers.Length; l++)
        {
            parameters.Depth = shape.Depth + shape.Layers - 1 - l;
            int inputSize = l > 0 ? directions * shape.HiddenSize : shape.InputSize;
            var layer = new Recurrent[directions];
            for (int d = 0; d < directions; d++)
                layer[d] = new Recurrent(parameters, $"{nameOf(l + 1)}.{(d == 0 ? "forward" : "backward")}", cell, inputSize,
                    l > 0 ? directions : 1, shape.HiddenSize, reverse: d == 1,
                    readsTokens: l == 0 && shape.Reads == StackInput.Tokens,
                    readsNumbers: l == 0 && shape.Reads == StackInput.Numbers);
            _layers[l] = new RecurrentLayer(layer);
        }
    }

    /// <summary>The lowest first.</summary>
    public IReadOnlyList<RecurrentLayer> Layers => _layers;

    /// <summary>Floats from one row of the output to the next: D, each direction padded to a multiple of 16.</summary>
    public int Stride => _layers[^1].Stride;

    public StackPass CreatePass() => new(_layers);

    /// <summary>Numbers that <see cref="PrecomputeInput"/> keeps for each vector or token.</summary>
    public long PrecomputedWidth => _layers[0].Directions.Sum(direction => (long)direction.Input.Weight.PhysicalColumns);

    /// <summary>Where tokens pick rows of the first layer's W: takes what a shard's batch leaves for these.</summary>
    /// <param name="vocabularySize">V.</param>
    public EmbeddingGradients CreateInputGradients(int vocabularySize) =>
        new([.. _layers[0].Directions.Select(direction => direction.Input.Weight)], vocabularySize, hasUnknownRow: false);

    /// <summary>Whether a parameter is W of the first layer.</summary>
    public bool IsInputWeight(Parameter parameter) =>
        _layers[0].Directions.Any(direction => direction.Input.Weight == parameter);

    /// <summary>Computes once what each of these puts into the first layer; the weights must not change any more.</summary>
    public void PrecomputeInput(in RecurrentInput input)
    {
        foreach (Recurrent direction in _layers[0].Directions)
            direction.Input.Precompute(input);
    }

    /// <summary>Draws the first weights.</summary>
    public void Initialize(ref RandomStream random)
    {
        foreach (RecurrentLayer layer in _layers)
            layer.Initialize(ref random);
    }

    /// <summary>The transposes that training must refresh after each update.</summary>
    /// <param name="inputGradient">Whether somebody below the stack learns.</param>
    public IEnumerable<Transposed> PrepareTraining(bool inputGradient) =>
        _layers.SelectMany((layer, l) => layer.PrepareTraining(l > 0 || inputGradient));

    /// <summary>All states of all steps.</summary>
    /// <param name="pass">Memory for the way back.</param>
    /// <param name="batch">The shape.</param>
    /// <param name="input">What the first layer reads.</param>
    /// <param name="regularization">Of this update; of scoring, none.</param>
    /// <param name="training">Whether Backward will follow.</param>
    /// <param name="dropsOutput">Whether dropout acts on the output too.</param>
    /// <returns>[rows, D] the top layer's states, dropout applied where it acts on them.</returns>
    public FloatBuffer Forward(StackPass pass, SequenceBatch batch, in RecurrentInput input, in Regularization regularization,
        bool training,
        bool dropsOutput = false)
    {
        Dropout dropout = regularization.Values;
        int top = _layers.Length - 1;
        for (int l = 0; l <= top; l++)
        {
            long floats = (long)batch.Rows * _layers[l].Stride;
            pass.States[l].Reserve(floats);
            _layers[l].Prepare(pass.Directions[l], batch, regularization, _place + l);
            _layers[l].Forward(pass.Directions[l], batch, l == 0 ? input
                : StatesBelow(pass, batch, l, dropout), pass.States[l].Data, training);
            if (!dropout.Drops || (l == top && !dropsOutput))
                continue;
            // A copy: the layer itself still needs its states for the way back.
            pass.DroppedStates[l].Reserve(floats);
            Rows.Copy(pass.States[l].Data, pass.DroppedStates[l].Data, floats);
            Drop(pass, batch, dropout, pass.DroppedStates[l].Data, _layers[l].Stride, place: _place + 1 + l);
        }
        return (dropsOutput && dropout.Drops ? pass.DroppedStates : pass.States)[top];
    }

    /// <summary>From the pass's OutputGradient to the gradients of the parameters and, where asked for, of the input.</summary>
    /// <param name="pass">As Forward left it.</param>
    /// <param name="batch">As in Forward.</param>
    /// <param name="input">As in Forward.</param>
    /// <param name="regularization">As in Forward.</param>
    /// <param name="gradients">Of all parameters but the tables; added to.</param>
    /// <param name="dInput">Becomes [vectors, I], with the input's stride; null where nobody below learns.</param>
    /// <param name="dropsOutput">As in Forward.</param>
    public void Backward(StackPass pass, SequenceBatch batch, in RecurrentInput input, in Regularization regularization,
        FloatBuffer gradients,
        FloatBuffer? dInput, bool dropsOutput = false)
    {
        Dropout dropout = regularization.Values;
        int top = _layers.Length - 1;
        if (dropsOutput)
            Drop(pass, batch, dropout, pass.OutputGradient.Data, Stride, place: _place + 1 + top);
        for (int l = top; l >= 0; l--)
        {
            RecurrentInput below = l == 0 ? input : StatesBelow(pass, batch, l, dropout);
            FloatBuffer? dBelow = l > 0 ? pass.StateGradients[l - 1] : dInput;
            if (dBelow is not null)
            {
                dBelow.Reserve(below.Count * below.Stride);
                dBelow.Clear(below.Count * below.Stride);
            }
            _layers[l].Backward(pass.Directions[l], batch, below, pass.States[l].Data, pass.StateGradients[l].Data, gradients,
                dBelow is null ? null : dBelow.Data);
            if (l > 0)
                Drop(pass, batch, dropout, dBelow!.Data, (int)below.Stride, place: _place + l);
        }
    }

    /// <summary>What layer l > 0 reads: the states of the layer below, with dropout applied.</summary>
    private RecurrentInput StatesBelow(StackPass pass, SequenceBatch batch, int l, Dropout dropout) => RecurrentInput.OfVectors(
        (dropout.Drops ? pass.DroppedStates : pass.States)[l - 1].Data, _layers[l - 1].Stride, batch.Rows);

    private static void Drop(StackPass pass, SequenceBatch batch, Dropout dropout, float* rows, int width, int place)
    {
        pass.Mask.Draw(dropout, place, batch, width);
        pass.Mask.ApplyToSteps(batch, rows);
    }
}
