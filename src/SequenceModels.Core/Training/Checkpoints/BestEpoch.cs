using SequenceModels.Networks;

namespace SequenceModels.Training;

/// <summary>The weights of the epoch with the best figure of the validation rows so far.</summary>
internal sealed class BestEpoch
{
    /// <summary>From 1; 0: no epoch had a figure that is a number.</summary>
    public int Epoch { get; private set; }

    /// <summary>Its figure as a cost: smaller is better.</summary>
    public double Cost { get; private set; } = double.PositiveInfinity;

    /// <summary>Its weights; null where there is no such epoch.</summary>
    public Network? Network { get; private set; }

    /// <summary>Keeps a copy of the weights, if they are better than the best.</summary>
    public void Consider(int epoch, double cost, Network network)
    {
        if (!(cost < Cost))
            return;
        if (Network is null)
            Network = network.Copy();
        else
            network.Parameters.Values.Span.CopyTo(Network.Parameters.Values.Span);
        (Epoch, Cost) = (epoch, cost);
    }
}
