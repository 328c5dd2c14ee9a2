namespace SequenceModels;

/// <summary>What <see cref="SequenceNetwork.ExportOnnx(string, OnnxExportOptions?)"/> writes.</summary>
public sealed class OnnxExportOptions
{
    /// <summary>
    /// Whether the states of the recurrent layers go in and come out, so that a stream can be fed part by part: of layer i the
    /// inputs <c>hidden_i</c> and, of an LSTM, <c>cell_i</c> [B, HiddenSize], and what the pooling keeps: <c>pooled_sum</c>,
    /// <c>pooled_max</c> [B, HiddenSize], <c>pooled_steps</c>, <c>pooled_weights</c>, <c>pooled_largest</c> [B, 1]. All are zero
    /// before the first step, and come out under their names with <c>_next</c>. Scores are those of all steps so far. Only of
    /// networks that read forward, without a CRF, a linear path and stacked frames. Default: false.
    /// </summary>
    public bool StepGraph { get; init; }

    /// <summary>
    /// Whether the numbers of a whole row enter by their slots: <c>row_slots</c> [B, N] int64, counted from 0 and -1 where a row
    /// has fewer, and <c>row_values</c> [B, N]; for vectors of many slots that are mostly zero. Else as <c>row_features</c>
    /// [B, RowFeatureSize]. Default: false.
    /// </summary>
    public bool SparseRowFeatures { get; init; }

    /// <summary>
    /// The names of the classes, written into the model's metadata under <c>labels</c> as a JSON array. Default: none.
    /// </summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// The tokens of the keys 1 to V, written into the model's metadata under <c>vocabulary</c> as a JSON array. Default: none.
    /// </summary>
    public IReadOnlyList<string>? Vocabulary { get; init; }
}
