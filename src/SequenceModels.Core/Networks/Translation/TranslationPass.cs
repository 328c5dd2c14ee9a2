using SequenceModels.Kernels;
using SequenceModels.Layers;
using SequenceModels.Sequences;

namespace SequenceModels.Networks;

/// <summary>
/// A batch on its way through a <see cref="TranslationNetwork"/>: the sources, longest first, and what the decoder reads and
/// should say, the longest first too; a sequence of one knows its place among the others.
/// </summary>
internal sealed class TranslationPass(TranslationNetwork network, StepEmbedderPass input, StackPass stack, PoolingPass pooling,
    DecoderPass decoder) : NetworkPass(network)
{
    private long[] _keys = [];
    private int[] _sources = [], _rows = [], _numbers = [];

    public StepEmbedderPass Input => input;

    public StackPass Stack => stack;

    public PoolingPass Pooling => pooling;

    public DecoderPass Decoder => decoder;

    /// <summary>Of the vectors that enter the encoder.</summary>
    public DropoutMask InputMask { get; } = new();

    /// <summary>[B, D] what the encoder ends with, and its gradient.</summary>
    public FloatBuffer Ends { get; } = new();

    public FloatBuffer EndGradient { get; } = new();

    /// <summary>Steps of all targets.</summary>
    public override int OutputRows => decoder.Target.Rows;

    /// <inheritdoc/>
    public override void LoadTargets(SequenceDataset data, ReadOnlySpan<int> rows, double total, float[]? classWeights,
        int firstStep = 0)
    {
        var targets = (SequenceTargets)data.Targets;
        Reserve(rows.Length);
        for (int k = 0; k < rows.Length; k++)
            (_sources[k], _keys[k]) = (k, (long)-targets.Steps(rows[k]) << 32 | (uint)k);
        _keys.AsSpan(0, rows.Length).Sort(_sources.AsSpan(0, rows.Length));
        for (int k = 0; k < rows.Length; k++)
            (_rows[k], _numbers[k]) = (rows[_sources[k]], Batch.Number(_sources[k]));
        ReadOnlySpan<int> ordered = _rows.AsSpan(0, rows.Length);
        decoder.Target.Pack(targets, ordered, _numbers.AsSpan(0, rows.Length));
        decoder.SetSources(_sources.AsSpan(0, rows.Length));
        ReserveTargets();
        targets.Place(decoder.Target, ordered, firstStep, total, classWeights, Targets);
    }

    /// <summary>There are none: sources are read whole.</summary>
    public override void RestoreStates(CarriedStates states, bool begins) => throw WholeSequences();

    public override void SaveStates() => throw WholeSequences();

    private static NotSupportedException WholeSequences() => new("A source is read whole before its translation begins.");

    private void Reserve(int count)
    {
        if (_keys.Length < count)
            (_keys, _sources, _rows, _numbers) = (new long[count], new int[count], new int[count], new int[count]);
    }
}
