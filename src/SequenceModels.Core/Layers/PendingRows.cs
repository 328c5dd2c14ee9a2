using SequenceModels.Kernels;
using SequenceModels.Parameters;

namespace SequenceModels.Layers;

/// <summary>
/// Rows that weight gradients are to be made of, where they come a few at a time: a gradient is read and written whole for each
/// product that adds to it, so rows wait, in their order, until there are many. The bits are those of adding each at once, for
/// a product adds row after row. Memory of a pass.
/// </summary>
internal sealed unsafe class PendingRows
{
    /// <summary>Rows that wait at most: as many as a product over rows takes at one time.</summary>
    private const int Most = 128;

    private readonly Dictionary<Product, Waiting> _waiting = [];

    /// <summary>Rows of a product's input and of its output's gradient join those that wait.</summary>
    /// <param name="product">Whose weight.</param>
    /// <param name="gradients">Of the parameters; added to once there are many.</param>
    /// <param name="rows">How many.</param>
    /// <param name="input">[rows, physical rows of W].</param>
    /// <param name="inputStride">Floats from one row to the next.</param>
    /// <param name="dOutput">The gradient of the output.</param>
    /// <param name="firstRow">First row of <paramref name="dOutput"/>.</param>
    public void Add(Product product, FloatBuffer gradients, int rows, float* input, nint inputStride, in ProductRows dOutput,
        int firstRow)
    {
        if (!_waiting.TryGetValue(product, out Waiting? waiting))
            _waiting.Add(product, waiting = new Waiting(product));
        for (int done = 0, count; done < rows; done += count)
        {
            if (waiting.Count == Most)
                waiting.Flush(gradients);
            count = Math.Min(rows - done, Most - waiting.Count);
            waiting.Take(count, input + done * inputStride, inputStride, dOutput, firstRow + done);
        }
    }

    /// <summary>Adds all that still wait.</summary>
    public void Flush(FloatBuffer gradients)
    {
        foreach (Waiting waiting in _waiting.Values)
            waiting.Flush(gradients);
    }

    private sealed class Waiting(Product product)
    {
        // Odd numbers of cache lines a row: the product goes down the rows, and at a distance of a power of two they would all
        // want the same few places in the cache.
        private readonly int _inputStride = OddLines(product.Weight.PhysicalRows);
        private readonly int _panelStride = OddLines(product.Weight.PanelWidth);

        // [Most, rows of W] and [panel][Most][its columns]
        private readonly FloatBuffer _inputs = new((long)Most * OddLines(product.Weight.PhysicalRows));
        private readonly FloatBuffer _dOutputs = new((long)Most * OddLines(product.Weight.PanelWidth) * product.Weight.Panels);

        public int Count { get; private set; }

        private ProductRows DOutputs => ProductRows.InSpacedPanels(_dOutputs.Data, product.Weight, Most, _panelStride);

        public void Take(int count, float* input, nint inputStride, in ProductRows dOutput, int firstRow)
        {
            Parameter weight = product.Weight;
            ProductRows to = DOutputs;
            for (int row = 0; row < count; row++)
                Rows.Copy(input + row * inputStride, _inputs.Data + (long)(Count + row) * _inputStride,
                    weight.PhysicalRows);
            for (int panel = 0; panel < weight.Panels; panel++)
                for (int row = 0; row < count; row++)
                    Rows.Copy(dOutput.At(panel, firstRow + row), to.At(panel, Count + row), weight.WidthOf(panel));
            Count += count;
        }

        public void Flush(FloatBuffer gradients)
        {
            if (Count > 0)
                product.AddWeightGradient(gradients, Count, _inputs.Data, _inputStride, DOutputs, 0);
            Count = 0;
        }

        private static int OddLines(int floats) => (Rows.Padded(floats) / Rows.Line | 1) * Rows.Line;
    }
}
