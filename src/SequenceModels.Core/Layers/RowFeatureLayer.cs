using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// What the numbers that a sequence has as a whole add to its outputs: y += x U, with x [F] mostly zeros. Only rows of U whose
/// numbers are not zero are read, and only these have a gradient.
/// </summary>
/// <remarks>Cheng et al., "Wide and Deep Learning for Recommender Systems", DLRS 2016: the wide part.</remarks>
internal sealed unsafe class RowFeatureLayer
{
    /// <summary>Numbers of a row whose weights stay floats where a network's weights are 8-bit.</summary>
    private const int MostNumbers = 1024;

    private readonly ParameterSet _parameters;

    /// <param name="parameters">Takes U [F, K], which begins at zero.</param>
    /// <param name="size">F.</param>
    /// <param name="outputs">K.</param>
    public RowFeatureLayer(ParameterSet parameters, int size, int outputs)
    {
        _parameters = parameters;
        Table = parameters.AddTable(new Parameter("output.U", size, 1, outputs, Rows.Padded(outputs))
        {
            UpdatesLazily = true,
            // Few numbers may be of any size, each by itself; many are counts of one kind, such as those of n-grams.
            Scale = size > MostNumbers ? ScaleOf.Rows : ScaleOf.None,
        });
    }

    /// <summary>U [F, K], in one panel.</summary>
    public Parameter Table { get; }

    /// <summary>Takes what a shard's batch leaves for U.</summary>
    public RowFeatureGradients CreateGradients() => new(Table);

    /// <summary>A row of U times what each output counts [K].</summary>
    public double Weight(int slot, ReadOnlySpan<double> ofOutputs)
    {
        float* row = Table.In(_parameters.Values) + (long)slot * Table.PhysicalColumns;
        double sum = 0;
        for (int k = 0; k < ofOutputs.Length; k++)
            sum += row[k] * ofOutputs[k];
        return sum;
    }

    /// <summary>Adds to the outputs of some of a batch's sequences.</summary>
    /// <param name="features">Of the batch.</param>
    /// <param name="first">The first sequence.</param>
    /// <param name="count">How many.</param>
    /// <param name="outputs">[count, K], padded to a multiple of 16.</param>
    public void Forward(BatchRowFeatures features, int first, int count, float* outputs)
    {
        int stride = Table.PhysicalColumns;
        for (int k = first; k < first + count; k++)
        {
            int start = features.Start(k);
            Rows.AddScaledByIndex(Table.In(_parameters.Values), stride, features.Start(k + 1) - start, features.SlotData + start,
                features.ValueData + start, outputs + (long)(k - first) * stride);
        }
    }
}
