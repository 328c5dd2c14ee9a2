namespace SequenceModels;

/// <summary>The variants of a trainer's recurrent cell.</summary>
public enum RecurrentCellKind
{
    /// <summary>The cell as the trainer's method describes it: RNN, GRU or LSTM.</summary>
    Standard,

    /// <summary>
    /// An LSTM whose gates also see the cell state, each unit its own: for intervals that must be told apart by their length.
    /// </summary>
    /// <remarks>Gers, Schraudolph and Schmidhuber, "Learning Precise Timing with LSTM Recurrent Networks", Journal of Machine
    /// Learning Research 3, 2002.</remarks>
    Peephole,

    /// <summary>
    /// An LSTM whose products and cell state are normalised over their units at each step, so that the scale of inputs and
    /// weights hardly matters. A step takes longer than a standard one.
    /// </summary>
    /// <remarks>Ba, Kiros and Hinton, "Layer Normalization", arXiv:1607.06450, 2016.</remarks>
    LayerNorm,
}
