using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SequenceModels.Benchmarks.Peers;

/// <summary>
/// The loss per step of a linear-chain CRF, by tensor operations over a whole batch: at each step the logarithm of a sum of
/// exponentials over [B, K, K].
/// </summary>
internal sealed class TorchChain : nn.Module<Tensor, Tensor, Tensor>
{
    private readonly Parameter _transitions, _start, _end; // [K, K] from the row's tag to the column's, [K], [K]

    public TorchChain(int tags) : base(nameof(TorchChain))
    {
        _transitions = new Parameter(zeros(tags, tags));
        _start = new Parameter(zeros(tags));
        _end = new Parameter(zeros(tags));
        RegisterComponents();
    }

    /// <param name="scores">[T, B, K].</param>
    /// <param name="tags">[T, B].</param>
    public override Tensor forward(Tensor scores, Tensor tags)
    {
        long steps = scores.shape[0];
        Tensor alpha = _start + scores[0];
        for (long t = 1; t < steps; t++)
            alpha = logsumexp(alpha.unsqueeze(2) + _transitions.unsqueeze(0), dim: 1) + scores[t];
        Tensor logPartition = logsumexp(alpha + _end, dim: 1);
        Tensor right = _start[tags[0]] + _end[tags[steps - 1]] +
            scores.gather(2, tags.unsqueeze(2)).squeeze(2).sum(dim: 0) +
            _transitions[tags[TensorIndex.Slice(0, steps - 1)], tags[TensorIndex.Slice(1, steps)]].sum(dim: 0);
        return (logPartition - right).mean() / steps;
    }
}
