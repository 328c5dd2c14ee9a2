namespace SequenceModels.Training;

/// <summary>The shards of a batch that one process learns from: some that follow each other.</summary>
/// <param name="First">The first one's number.</param>
/// <param name="Count">How many; 0: there are fewer shards than ranks.</param>
internal readonly record struct ShardShare(int First, int Count)
{
    /// <summary>The share of a rank; the first ranks have one more where the shards cannot be dealt evenly.</summary>
    public static ShardShare Of(int shards, int rank, int ranks)
    {
        int each = shards / ranks, more = shards % ranks;
        return new ShardShare(rank * each + Math.Min(rank, more), each + (rank < more ? 1 : 0));
    }

    /// <summary>The rank that has a shard.</summary>
    public static int RankOf(int shard, int shards, int ranks)
    {
        int rank = 0;
        while (Of(shards, rank, ranks) is var share && shard >= share.First + share.Count)
            rank++;
        return rank;
    }
}
