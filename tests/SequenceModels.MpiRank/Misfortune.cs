using System.Globalization;
using Microsoft.ML.Data;
using SequenceModels.Files;

namespace SequenceModels.MpiRank;

/// <summary>
/// A group on one of whose ranks something goes wrong within an update: what, and "rank@sum", counted from 1.
/// </summary>
internal sealed class Misfortune(IProcessGroup group, Dictionary<string, string> settings) : IProcessGroup, IBlockGroup
{
    private int _asked;

    public int Rank => group.Rank;

    public int Size => group.Size;

    public void SumInOrder(Span<float> sum, int blockLength, Action<int, int> add)
    {
        Strike();
        group.SumInOrder(sum, blockLength, add);
    }

    public int BlockLength => 100; // so that small tests have many

    public IBlocks? Share(IOwnBlocks own)
    {
        IBlocks? others = ((IBlockGroup)group).Share(own);
        if (others is not null)
            Console.WriteLine($"rank {Rank} shares a list");
        return others;
    }

    public void Gather(ReadOnlySpan<byte> own, Span<byte> all) => group.Gather(own, all);

    public void Broadcast(Span<byte> content, int root) => group.Broadcast(content, root);

    public void Fail(Exception reason, bool onAllRanks) => group.Fail(reason, onAllRanks);

    private void Strike()
    {
        _asked++;
        if (IsTime("throws"))
            throw new IOException($"The disk of rank {Rank} is gone.");
        if (IsTime("exits"))
            Environment.Exit(3);
        if (IsTime("leaves"))
            Environment.Exit(0);
        if (IsTime("dies"))
            System.Diagnostics.Process.GetCurrentProcess().Kill();
    }

    private bool IsTime(string what) =>
        settings.GetValueOrDefault(what) == string.Create(CultureInfo.InvariantCulture, $"{Rank}@{_asked}");
}

/// <summary>What all trainings of a process have in common.</summary>
internal sealed record Surroundings(IProcessGroup? Group, int Threads, int Epochs, int Hidden, string? Checkpoint,
    IMultiStreamSource? Files);
