namespace SequenceModels.Reports;

/// <summary>What the gates do while the network reads one example.</summary>
internal sealed record GateTrace
{
    /// <summary>[T] what is read at each step.</summary>
    public required string[] Steps { get; init; }

    /// <summary>For each layer and direction.</summary>
    public required LayerTrace[] Layers { get; init; }

    /// <summary>Whether every mean is a number: weights that are too large may leave none.</summary>
    public bool IsFinite => Layers.All(layer => layer.Means.All(means => means.All(float.IsFinite)));
}

/// <summary>The gates of one layer and direction over an example.</summary>
/// <param name="Layer">Number of the layer, from 1.</param>
/// <param name="IsReverse">Whether it reads from the end.</param>
/// <param name="Names">[S] the gates, and the hidden state as the last.</param>
/// <param name="Means">[S][T] the mean absolute value over the units, at each step of the example in its own order.</param>
internal sealed record LayerTrace(int Layer, bool IsReverse, string[] Names, float[][] Means);
