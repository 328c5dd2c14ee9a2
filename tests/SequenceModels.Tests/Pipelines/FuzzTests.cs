using SequenceModels.Fuzz;
using Xunit;

namespace SequenceModels.Tests.Pipelines;

/// <summary>
/// Files whose checksum was made anew after they were put out of order: anybody can make such. Each is refused in words, or can
/// be used and gives numbers. The command in tests/SequenceModels.Fuzz tries any number of them.
/// </summary>
public class FuzzTests
{
    private const int Mutations = 1000;

    public static TheoryData<string> Kinds => [.. FuzzSubjects.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_resealed_file_is_refused_or_usable(string kind) =>
        Assert.Empty(FuzzRun.Failures(FuzzSubjects.All[kind](), seed: 1, first: 0, Mutations).Take(5));

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
