using SequenceModels.Layers;

namespace SequenceModels.Tests.Reference;

/// <summary>What dropout makes of a 1; drawn once, for a loss is asked for again and again.</summary>
internal sealed class DropoutReference
{
    private readonly Dictionary<(Dropout, int Place, int Sequence, int Step, int Unit), double> _drawn = [];

    public double Factor(Dropout dropout, int place, int sequence, int step, int unit)
    {
        if (!dropout.Drops)
            return 1;
        var key = (dropout, place, sequence, dropout.EachStep ? step : 0, unit);
        if (_drawn.TryGetValue(key, out double factor))
            return factor;
        float[] ones = new float[unit + 1];
        ones.AsSpan().Fill(1);
        dropout.Apply(ones, place, sequence, step);
        return _drawn[key] = ones[unit];
    }
}
