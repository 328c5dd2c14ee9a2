using SequenceModels.Benchmarks.Reports;

namespace SequenceModels.Benchmarks.Profile;

/// <summary>
/// What bounds each workload, in a line: how much of the time is products, how near the peak these are, and what else there is.
/// </summary>
internal sealed class ProfileSummary
{
    private static readonly WorkKind[] s_products = [WorkKind.Product, WorkKind.InputGradient, WorkKind.WeightGradient];

    private static readonly WorkKind[] s_others =
        [WorkKind.Gates, WorkKind.Loss, WorkKind.Update, WorkKind.Transpose, WorkKind.Sum, WorkKind.Gather, WorkKind.Other];

    private readonly MarkdownTable _table = new(
    [
        "workload", "threads", "share of the peak", "products, of the time", "share of the peak within these",
        .. s_others.Select(kind => kind.ToString()), "no clock",
    ]);

    public void Add(StepProfile profile)
    {
        WorkTime[] products = [.. profile.Works.Where(work => s_products.Contains(work.Kind))];
        double seconds = products.Sum(work => work.Seconds);
        _table.Add(
        [
            profile.Workload.Name, $"{profile.Threads}", $"{profile.ShareOfPeak:P0}", Share(profile, seconds),
            $"{products.Sum(work => work.Operations) / seconds / profile.Peak:P0}",
            .. s_others.Select(kind => Share(profile, profile.Works.Where(work => work.Kind == kind).Sum(work => work.Seconds))),
            Share(profile, profile.ThreadSeconds - profile.Works.Sum(work => work.Seconds)),
        ]);
    }

    public override string ToString() => _table.ToString();

    private static string Share(StepProfile profile, double seconds) => $"{seconds / profile.ThreadSeconds:P1}";
}
