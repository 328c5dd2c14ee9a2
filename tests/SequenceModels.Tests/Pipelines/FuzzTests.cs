using SequenceModels.Fuzz;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>
/// Files that were put out of order, and where they have a checksum it was made anew: anybody can make such. Each is refused in
/// words, or can be used and gives numbers. The command in tests/SequenceModels.Fuzz tries any number of them.
/// </summary>
public class FuzzTests
{
    /// <summary>Of each kind of file; weights that were made elsewhere need no training, and are tried more often.</summary>
    private const int Mutations = 1000, MutationsOfWeights = 10_000;

    public static TheoryData<string> Kinds => [.. FuzzSubjects.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_out_of_order_is_refused_or_usable(string kind) =>
        Assert.Empty(FuzzRun.Failures(FuzzSubjects.All[kind](), seed: 1, first: 0,
            kind.EndsWith("-weights", StringComparison.Ordinal) ? MutationsOfWeights : Mutations).Take(5));

    [Fact]
    public void The_run_notices_a_file_that_loads_and_gives_no_numbers()
    {
        FuzzSubject network = FuzzSubjects.All["network"]();
        FuzzSubject broken = network with
        {
            Load = payload => payload.AsSpan().SequenceEqual(network.Payload) ? network.Load(payload) : () =>
                FuzzSubject.RequireFinite([float.NaN]),
        };
        Assert.Single(FuzzRun.Failures(broken, seed: 1, first: 0, count: 1));
    }
}
