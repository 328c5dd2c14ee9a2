using SequenceModels.Kernels;
using SequenceModels.Parameters;
using SequenceModels.Sequences;

namespace SequenceModels.Layers;

/// <summary>
/// What a decoder's states find in the source, and the vectors that come of both. Works on all steps of a batch or on one step
/// of it: rows of one sequence are brought together, looked up at once, and put back where they stood.
/// </summary>
internal sealed unsafe class DecoderAttention(AttentionLayer attention, AttentionalLayer attentional)
{
    /// <summary>A, padded.</summary>
    public int Stride => attentional.Stride;

    /// <summary>Makes the layers, and their parameters; null where there is no attention.</summary>
    public static DecoderAttention? Create(ParameterSet parameters, DecoderShape shape) =>
        shape.Attention == AttentionKind.None ? null
        : new DecoderAttention(AttentionLayer.Create(shape.Attention, parameters, shape.Source, shape.HiddenSize),
            new AttentionalLayer(parameters, shape.Source, shape.HiddenSize, shape.OutputSize));

    public void Initialize(ref RandomStream random)
    {
        attention.Initialize(ref random);
        attentional.Initialize(ref random);
    }

    public IEnumerable<Transposed> PrepareTraining() => [.. attention.PrepareTraining(), .. attentional.PrepareTraining()];

    /// <summary>Reads the sources.</summary>
    public void Begin(DecoderPass pass) => attention.ReadMemory(pass.Memory);

    /// <summary>Makes room for the rows of the pass's batch.</summary>
    public void Reserve(DecoderPass pass) => pass.Attended.Reserve(pass, attention.QueryStride, Stride);

    /// <summary>From states [rows, H] to the vectors of the same rows.</summary>
    /// <param name="pass">Has the sources; takes all that is found.</param>
    /// <param name="part">The batch, or a step of it.</param>
    /// <param name="firstStep">Which of the batch's steps is the part's first.</param>
    /// <param name="firstRow">Which of the batch's rows.</param>
    /// <param name="states">[rows, H].</param>
    /// <param name="stateStride">Floats from one to the next.</param>
    public void Forward(DecoderPass pass, SequenceBatch part, int firstStep, int firstRow, float* states, nint stateStride)
    {
        AttendedRows rows = pass.Attended;
        int query = attention.QueryStride, context = pass.Memory.Stride;
        float* queries = rows.Queries.Data + (long)firstRow * query, contexts = rows.Contexts.Data + (long)firstRow * context;
        attention.Query(part.Rows, states, stateStride, queries);
        for (int k = 0, together; k < part.Count; k += together)
        {
            // The hypotheses of a search that have one source stand side by side, and look at it together.
            together = part.Steps > 1 ? 1 : pass.OfOneSource(k, part.Count);
            float* found = AttendedRows.PlaceOf(rows.OneContexts, part, k, contexts, context);
            attention.Attend(pass.Memory, pass.Source(k), together * part.Length(k),
                AttendedRows.Gather(rows.OneQueries, part, k, queries, query), rows.WeightsOf(pass, k, firstStep), found);
            AttendedRows.Scatter(found, part, k, contexts, context);
        }
        attentional.Forward(part.Rows, contexts, context, states, stateStride, rows.Vectors.Data + (long)firstRow * Stride);
    }

    /// <summary>From the gradients of the vectors to those of the states, the memory and the parameters.</summary>
    /// <param name="pass">As Forward left it.</param>
    /// <param name="part">As in Forward.</param>
    /// <param name="firstStep">As in Forward.</param>
    /// <param name="firstRow">As in Forward.</param>
    /// <param name="states">As in Forward.</param>
    /// <param name="dStates">[rows, H] added to.</param>
    /// <param name="stateStride">As in Forward.</param>
    /// <param name="dVectors">[rows, A]; overwritten.</param>
    /// <param name="gradients">Of the parameters; added to.</param>
    /// <param name="pending">Where the rows of weight gradients wait for those of other steps; null: all are here.</param>
    public void Backward(DecoderPass pass, SequenceBatch part, int firstStep, int firstRow, float* states, float* dStates,
        nint stateStride, float* dVectors, FloatBuffer gradients, PendingRows? pending = null)
    {
        AttendedRows rows = pass.Attended;
        int query = attention.QueryStride, context = pass.Memory.Stride;
        float* queries = rows.Queries.Data + (long)firstRow * query, contexts = rows.Contexts.Data + (long)firstRow * context;
        rows.ReserveGradients(part.Rows, query, context);
        float* dContexts = rows.ContextGradient.Data, dQueries = rows.QueryGradient.Data;
        attentional.Backward(part.Rows, contexts, dContexts, context, states, dStates, stateStride,
            rows.Vectors.Data + (long)firstRow * Stride, dVectors, gradients, pending);
        for (int k = 0; k < part.Count; k++)
        {
            int source = pass.Source(k), steps = part.Length(k);
            float* dQuery = AttendedRows.PlaceOf(rows.OneQueryGradients, part, k, dQueries, query);
            rows.Scores.Reserve((long)steps * pass.Memory.PaddedSteps(source));
            attention.AttendBackward(pass.Memory, source, steps, AttendedRows.Gather(rows.OneQueries, part, k, queries, query),
                rows.WeightsOf(pass, k, firstStep), AttendedRows.Gather(rows.OneContexts, part, k, dContexts, context),
                rows.Scores.Data, dQuery, gradients);
            AttendedRows.Scatter(dQuery, part, k, dQueries, query);
        }
        attention.QueryBackward(part.Rows, states, dStates, stateStride, dQueries, gradients, pending);
    }

    /// <summary>Ends the way back: what is left of the memory's gradients.</summary>
    public void EndBackward(DecoderPass pass, FloatBuffer gradients) => attention.MemoryBackward(pass.Memory, gradients);
}
