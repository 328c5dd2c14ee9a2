using TorchSharp;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// Beam search by TorchSharp over a batch of sources: at each step the hypotheses of all sources are one batch, of each source's
/// hypotheses times tokens the best are taken by topk, and the states are put in their order. No hypothesis ends before the last
/// step, in theirs as in ours, so that both do the same work.
/// </summary>
internal sealed class TorchTranslating : IPeer
{
    private readonly TorchTranslator _translator;
    private readonly TranslationShape _shape;
    private readonly Tensor[] _batches; // of [B, S]
    private readonly int _threads;

    public TorchTranslating(Workload workload, int batchSize, int threads)
    {
        (Name, _threads, _shape) = ($"TorchSharp, batches of {batchSize}", threads, workload.Translation!);
        _translator = new TorchTranslator(workload);
        using Tensor all = tensor(workload.DrawTokens(), [workload.Steps, workload.Batch]).t().contiguous();
        _batches = [.. Enumerable.Range(0, (workload.Batch + batchSize - 1) / batchSize).Select(i =>
            all.slice(0, (long)i * batchSize, Math.Min((i + 1L) * batchSize, workload.Batch), 1).clone())];
    }

    public string Name { get; }

    public void Prepare() => set_num_threads(_threads);

    public void Run()
    {
        using IDisposable noGradients = inference_mode();
        foreach (Tensor sources in _batches)
        {
            using DisposeScope scope = NewDisposeScope();
            Translate(sources);
        }
    }

    /// <summary>The tokens of the best hypothesis of each source, [B, T].</summary>
    private Tensor Translate(Tensor sources)
    {
        long batch = sources.shape[0], beam = _shape.BeamSize;
        (Tensor states, Tensor keys, (Tensor H, Tensor C) state) = _translator.Encode(sources);
        states = states.repeat_interleave(beam, 0);
        keys = keys.repeat_interleave(beam, 0);
        state = (state.H.repeat_interleave(beam, 1), state.C.repeat_interleave(beam, 1));
        Tensor firstOf = arange(batch).unsqueeze(1) * beam; // [B, 1]
        // All hypotheses of a source begin alike: only the first counts.
        Tensor sums = full([batch, beam], float.NegativeInfinity);
        sums[TensorIndex.Colon, 0] = 0;
        Tensor last = zeros([batch * beam, 1], dtype: int64), tokens = zeros([batch * beam, 0], dtype: int64);
        for (int t = 0; t < _shape.Steps; t++)
        {
            using DisposeScope step = NewDisposeScope();
            (Tensor outputs, (Tensor H, Tensor C) next) = _translator.Decode(last, states, keys, state);
            Tensor logProbabilities = nn.functional.log_softmax(outputs.squeeze(1), dim: -1); // [B·K, V]
            Tensor candidates = (logProbabilities.view(batch, beam, -1) + sums.unsqueeze(2)).view(batch, -1); // [B, K·V]
            (Tensor best, Tensor places) = candidates.topk((int)beam, dim: 1);
            Tensor parents = (places.floor_divide(_shape.Vocabulary) + firstOf).flatten();
            Tensor newLast = places.remainder(_shape.Vocabulary).view(-1, 1);
            (state, sums, last, tokens) = ((next.H.index_select(1, parents).MoveToOuterDisposeScope(),
                    next.C.index_select(1, parents).MoveToOuterDisposeScope()),
                best.MoveToOuterDisposeScope(), newLast.MoveToOuterDisposeScope(),
                cat([tokens.index_select(0, parents), newLast], dim: 1).MoveToOuterDisposeScope());
        }
        return tokens.view(batch, beam, -1).select(1, 0).MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        _translator.Dispose();
        foreach (Tensor batch in _batches)
            batch.Dispose();
    }
}
